import { expect, test } from 'vitest';
import type { NodeDetail, Quantity } from '../../../../core/protocol/answers';
import { cellTable, limitOf, numbersAt, quantitiesOf } from '../../../../renderer/panels/node-detail/quantities';

function quantityOf(cells: readonly number[]): Quantity {
  const minimum = cells.reduce((least, cell) => (cell >= least ? least : cell));
  const maximum = cells.reduce((most, cell) => (cell <= most ? most : cell));
  return {
    cells: Float32Array.from(cells),
    moments: { mean: 0, std: 0, minimum, maximum },
    histogram: { minimum, maximum, density: new Float32Array(100) },
  };
}

/** The lower right 2 × 2 of a 3 × 2 × 2 tensor, whose fold is 6 × 2. */
const detail: NodeDetail = {
  node: 'emb',
  step: 3,
  shape: [3, 2, 2],
  rows: 6,
  columns: 2,
  window: { row: 4, column: 0, rows: 2, columns: 2 },
  value: quantityOf([1, 2, 3, 4]),
  gradient: quantityOf([10, 20, 30, 40]),
  manual: quantityOf([10, 20, 30, -50]),
  difference: quantityOf([0, 0, 0, -90]),
  ulp: Float32Array.of(0, 0, 0, 7),
};

test('a cell of the window gives all its numbers and its indices in the tensor', () => {
  expect(numbersAt(detail, { row: 5, column: 1 })).toEqual({
    index: [2, 1, 1],
    value: 4,
    gradient: 40,
    manual: -50,
    difference: -90,
    ulp: 7,
  });
});

test('a cell outside the window has none', () => {
  for (const row of [3, 6]) expect(numbersAt(detail, { row, column: 0 })).toBeNull();
  for (const column of [-1, 2]) expect(numbersAt(detail, { row: 4, column })).toBeNull();
});

test('without a manual gradient only value and gradient are told', () => {
  const plain = { ...detail, manual: null, difference: null, ulp: null };
  expect(numbersAt(plain, { row: 4, column: 0 })).toMatchObject({ manual: null, difference: null, ulp: null });
  expect(cellTable(plain).rows[0]).toEqual(['[2, 0, 0]', 1, 10, '', '', '']);
  expect(quantitiesOf(false)).toEqual(['value', 'gradient']);
});

test('the two gradients share their scale; value and difference have their own', () => {
  expect(limitOf(detail, 'gradient')).toBe(50);
  expect(limitOf(detail, 'manual')).toBe(50);
  expect(limitOf(detail, 'value')).toBe(4);
  expect(limitOf(detail, 'difference')).toBe(90);
});

test('a NaN in the tensor does not take the scale away from the other cells', () => {
  const value = { ...quantityOf([1, Number.NaN, -3, 2]), moments: { mean: NaN, std: NaN, minimum: NaN, maximum: NaN } };
  expect(limitOf({ ...detail, value }, 'value')).toBe(3);
});

test('the table has a row for each cell of the window, by its index', () => {
  const { columns, rows } = cellTable(detail);
  expect(columns).toHaveLength(6);
  expect(rows.map(([index]) => index)).toEqual(['[2, 0, 0]', '[2, 0, 1]', '[2, 1, 0]', '[2, 1, 1]']);
  expect(rows[3]).toEqual(['[2, 1, 1]', 4, 40, -50, -90, 7]);
});
