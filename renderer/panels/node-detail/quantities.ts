import type { NodeDetail, Quantity } from '../../../core/protocol/answers';
import { symmetricLimit } from '../../charts/colour-maps';
import type { TableData } from '../../charts/csv';
import { type Cell, unfold } from '../../charts/fold';
import { formatIndex } from '../../ui/format';

export const quantityTitles = {
  value: 'Value',
  gradient: 'Autograd gradient',
  manual: 'Manual gradient',
  difference: 'Manual − autograd',
} as const;

export type QuantityName = keyof typeof quantityTitles;

/** What there is to show of a node: without a check nobody wrote a gradient by hand. */
export function quantitiesOf(isChecked: boolean): readonly QuantityName[] {
  return isChecked ? ['value', 'gradient', 'manual', 'difference'] : ['value', 'gradient'];
}

/** The end of a quantity's colour scale. The two gradients share theirs, so that equal colours are equal numbers. */
export function limitOf(detail: NodeDetail, name: QuantityName): number {
  switch (name) {
    case 'value':
    case 'difference':
      return reach([detail[name]]);
    case 'gradient':
    case 'manual':
      return reach([detail.gradient, detail.manual]);
    default:
      return name satisfies never;
  }
}

/** The largest finite magnitude; of the shown cells where NaN or infinity has spoilt the tensor's bounds. */
function reach(quantities: readonly (Quantity | null)[]): number {
  const given = quantities.filter((quantity) => quantity !== null);
  const bounds = given.flatMap(({ moments }) => [moments.minimum, moments.maximum]);
  if (bounds.every(Number.isFinite)) return symmetricLimit(bounds);
  return Math.max(0, ...given.map(({ cells }) => cells.reduce((limit, cell) => symmetricLimit([limit, cell]), 0)));
}

/** All that is known of one cell; null where there is no manual gradient. */
export interface CellNumbers {
  /** In the node's own shape. */
  readonly index: readonly number[];
  readonly value: number;
  readonly gradient: number;
  readonly manual: number | null;
  readonly difference: number | null;
  readonly ulp: number | null;
}

/** The numbers of a cell of the whole fold; null outside the window. */
export function numbersAt(detail: NodeDetail, cell: Cell): CellNumbers | null {
  const { window } = detail;
  const row = cell.row - window.row;
  const column = cell.column - window.column;
  if (row < 0 || row >= window.rows || column < 0 || column >= window.columns) return null;
  const place = row * window.columns + column;
  return {
    index: unfold(cell, detail.shape),
    value: detail.value.cells[place] ?? Number.NaN,
    gradient: detail.gradient.cells[place] ?? Number.NaN,
    manual: detail.manual?.cells[place] ?? null,
    difference: detail.difference?.cells[place] ?? null,
    ulp: detail.ulp?.[place] ?? null,
  };
}

/** The window's cells, one a row. */
export function cellTable(detail: NodeDetail): TableData {
  const { window } = detail;
  const rows = Array.from({ length: window.rows * window.columns }, (_, place) => {
    const cell = {
      row: window.row + Math.floor(place / window.columns),
      column: window.column + (place % window.columns),
    };
    const numbers = numbersAt(detail, cell);
    if (numbers === null) return [];
    const { index, value, gradient, manual, difference, ulp } = numbers;
    return [formatIndex(index), value, gradient, manual ?? '', difference ?? '', ulp ?? ''];
  });
  return { columns: ['index', 'value', 'autograd gradient', 'manual gradient', 'manual − autograd', 'ulp'], rows };
}
