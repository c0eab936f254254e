import { useMemo } from 'react';
import type { ParameterFrame } from '../../../core/protocol/frame';
import { formatExponent, formatShape } from '../../ui/format';
import { Distribution, type DistributionRow } from '../distribution/distribution';
import { useParameterRows } from '../distribution/parameter-rows';
import { Waiting } from '../distribution/waiting';
import type { NodeColumn } from '../node-table/node-table';

interface WeightRow extends DistributionRow {
  readonly shape: readonly number[];
  readonly frame: ParameterFrame;
}

const columns: readonly NodeColumn<WeightRow>[] = [
  { title: 'shape', cell: ({ shape }) => formatShape(shape), numeric: true },
  { title: 'grad mean', cell: ({ frame }) => formatExponent(frame.gradient.mean, 3, true), numeric: true },
  { title: 'grad std', cell: ({ frame }) => formatExponent(frame.gradient.std, 3), numeric: true },
  { title: 'grad:data ratio', cell: ({ frame }) => formatExponent(frame.gradToData, 3), numeric: true },
];

/** How the gradients of the weights are distributed, as the notebook's "weights gradient distribution". */
export function WeightsPanel() {
  const parameters = useParameterRows(false);
  const rows = useMemo(
    () =>
      parameters?.map(({ parameter, frame, colour }): WeightRow => {
        const { minimum, maximum } = frame.gradient;
        const histogram = { minimum, maximum, density: frame.gradientDensity };
        return { key: parameter.name, node: parameter.name, shape: parameter.shape, colour, histogram, frame };
      }),
    [parameters],
  );
  if (rows === undefined) return <Waiting what="the first gradients" />;
  return (
    <Distribution
      title="Weights gradient distribution"
      valueTitle="gradient of the 2-D parameter"
      headTitle="parameter"
      rows={rows}
      columns={columns}
    />
  );
}
