import { useMemo } from 'react';
import type { LayerFrame } from '../../../core/protocol/frame';
import { formatCount, formatFixed, formatPercent } from '../../ui/format';
import { Distribution, type DistributionRow } from '../distribution/distribution';
import { useLayerRows } from '../distribution/layer-rows';
import { Waiting } from '../distribution/waiting';
import type { NodeColumn } from '../node-table/node-table';

interface ActivationRow extends DistributionRow {
  readonly frame: LayerFrame;
}

const columns: readonly NodeColumn<ActivationRow>[] = [
  { title: 'mean', cell: ({ frame }) => formatFixed(frame.output.mean, 2, true), numeric: true },
  { title: 'std', cell: ({ frame }) => formatFixed(frame.output.std, 2), numeric: true },
  { title: 'saturated (|t| > 0.97)', cell: ({ frame }) => formatPercent(frame.saturated), numeric: true },
  {
    title: 'dead units',
    cell: ({ frame }) => `${formatCount(frame.dead)} of ${formatCount(frame.columns)}`,
    numeric: true,
  },
];

/** How the Tanh outputs are distributed, as the notebook's "activation distribution". */
export function ActivationsPanel() {
  const layers = useLayerRows();
  const rows = useMemo(
    () =>
      layers?.map(({ layer, frame, colour }): ActivationRow => {
        const { minimum, maximum } = frame.output;
        const histogram = { minimum, maximum, density: frame.outputDensity };
        return { key: layer.label, node: layer.node, colour, histogram, frame };
      }),
    [layers],
  );
  if (rows === undefined) return <Waiting what="the first activations" />;
  return (
    <Distribution
      title="Activation distribution"
      valueTitle="tanh output"
      domain={tanhRange}
      headTitle="layer"
      rows={rows}
      columns={columns}
    />
  );
}

const tanhRange = [-1, 1] as const;
