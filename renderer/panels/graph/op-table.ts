import type { OpDetail, TensorSummary } from '../../../core/protocol/ops';
import type { TableData } from '../../charts/csv';
import { formatShape } from '../../ui/format';

/** What one op reads, makes and adds to gradients, to be taken away. */
export function opTable({ inputs, output, contributions }: OpDetail): TableData {
  const tensor = (role: string, { name, shape, value, gradient }: TensorSummary) => [
    role,
    name,
    formatShape(shape),
    value.mean,
    value.std,
    gradient?.std ?? '',
  ];
  return {
    columns: ['role', 'tensor', 'shape or part', 'mean', 'std', 'grad std'],
    rows: [
      ...inputs.map((input) => tensor('reads', input)),
      tensor('makes', output),
      ...contributions.map(({ to, part, parts, contribution }) => [
        'adds to gradient',
        `d${to}`,
        `${part} of ${parts}`,
        contribution.mean,
        contribution.std,
        '',
      ]),
    ],
  };
}
