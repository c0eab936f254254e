import { useMemo } from 'react';
import type { LayerFrame } from '../../../core/protocol/frame';
import { formatExponent } from '../../ui/format';
import { Distribution, type DistributionRow } from '../distribution/distribution';
import { useLayerRows } from '../distribution/layer-rows';
import { Waiting } from '../distribution/waiting';
import type { NodeColumn } from '../node-table/node-table';

interface GradientRow extends DistributionRow {
  readonly frame: LayerFrame;
}

const columns: readonly NodeColumn<GradientRow>[] = [
  { title: 'mean', cell: ({ frame }) => formatExponent(frame.gradient.mean, 3, true), numeric: true },
  { title: 'std', cell: ({ frame }) => formatExponent(frame.gradient.std, 3), numeric: true },
  { title: 'minimum', cell: ({ frame }) => formatExponent(frame.gradient.minimum, 3, true), numeric: true },
  { title: 'maximum', cell: ({ frame }) => formatExponent(frame.gradient.maximum, 3, true), numeric: true },
];

/** How the gradients of the Tanh outputs are distributed, as the notebook's "gradient distribution". */
export function GradientsPanel() {
  const layers = useLayerRows();
  const rows = useMemo(
    () =>
      layers?.map(({ layer, frame, colour }): GradientRow => {
        const { minimum, maximum } = frame.gradient;
        const histogram = { minimum, maximum, density: frame.gradientDensity };
        return { key: layer.label, node: layer.node, colour, histogram, frame };
      }),
    [layers],
  );
  if (rows === undefined) return <Waiting what="the first gradients" />;
  return (
    <Distribution
      title="Gradient distribution"
      valueTitle="gradient of the tanh output"
      headTitle="layer"
      rows={rows}
      columns={columns}
    />
  );
}
