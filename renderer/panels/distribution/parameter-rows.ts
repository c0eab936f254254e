import { useMemo } from 'react';
import type { ParameterDescription } from '../../../core/protocol/answers';
import type { ParameterFrame } from '../../../core/protocol/frame';
import { useChartTheme } from '../../charts/chart-theme';
import { layerColour } from '../../charts/colour-maps';
import { useStore } from '../../state/store';

/** A parameter with its newest statistics. */
export interface ParameterRow {
  /** Its place in the session's and the histories' order. */
  readonly index: number;
  readonly parameter: ParameterDescription;
  readonly frame: ParameterFrame;
  readonly colour: string;
}

/**
 * The parameters in the session's order; null until the first frame has come.
 * @param all whether biases and other 1-D parameters are wanted too; the notebook plots the 2-D ones.
 */
export function useParameterRows(all: boolean): readonly ParameterRow[] | null {
  const parameters = useStore((state) => state.session?.parameters);
  const frames = useStore((state) => state.frame?.parameters);
  const { layers: palette } = useChartTheme();
  return useMemo(() => {
    if (parameters === undefined || frames === undefined) return null;
    return parameters.flatMap((parameter, index) => {
      const frame = frames[index];
      if (frame === undefined || !(all || parameter.shape.length === 2)) return [];
      return [{ index, parameter, frame, colour: layerColour(index, parameters.length, palette) }];
    });
  }, [parameters, frames, palette, all]);
}
