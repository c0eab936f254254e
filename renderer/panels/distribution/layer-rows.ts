import { useMemo } from 'react';
import type { LayerDescription } from '../../../core/protocol/answers';
import type { LayerFrame } from '../../../core/protocol/frame';
import { useChartTheme } from '../../charts/chart-theme';
import { layerColour } from '../../charts/colour-maps';
import { useStore } from '../../state/store';

/** A Tanh layer with its newest statistics. */
export interface LayerRow {
  readonly layer: LayerDescription;
  readonly frame: LayerFrame;
  readonly colour: string;
}

/** The Tanh layers in the notebook's order; null until the first frame has come. */
export function useLayerRows(): readonly LayerRow[] | null {
  const layers = useStore((state) => state.session?.layers);
  const frames = useStore((state) => state.frame?.layers);
  const { layers: palette } = useChartTheme();
  return useMemo(() => {
    if (layers === undefined || frames === undefined) return null;
    return layers.flatMap((layer, index) => {
      const frame = frames[index];
      return frame === undefined ? [] : [{ layer, frame, colour: layerColour(index, layers.length, palette) }];
    });
  }, [layers, frames, palette]);
}
