import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moveCell } from '../../../renderer/charts/cell-cursor';

const grid = { rows: 30, columns: 5 };
const from = { row: 12, column: 2 };

test.each([
  ['ArrowLeft', { row: 12, column: 1 }],
  ['ArrowRight', { row: 12, column: 3 }],
  ['ArrowUp', { row: 11, column: 2 }],
  ['ArrowDown', { row: 13, column: 2 }],
  ['PageUp', { row: 2, column: 2 }],
  ['PageDown', { row: 22, column: 2 }],
  ['Home', { row: 12, column: 0 }],
  ['End', { row: 12, column: 4 }],
])('%s moves the cursor', (key, expected) => {
  expect(moveCell(from, key, false, grid)).toEqual(expected);
});

test('with Ctrl, Home and End go to the corners', () => {
  expect(moveCell(from, 'Home', true, grid)).toEqual({ row: 0, column: 0 });
  expect(moveCell(from, 'End', true, grid)).toEqual({ row: 29, column: 4 });
});

test('other keys are left to others', () => {
  expect(moveCell(from, 'Enter', false, grid)).toBeNull();
  expect(moveCell(null, 'a', false, grid)).toBeNull();
});

test('the first key lands on the first cell', () => {
  expect(moveCell(null, 'ArrowDown', false, grid)).toEqual({ row: 0, column: 0 });
});

test('an empty grid has no cell to go to', () => {
  expect(moveCell(null, 'ArrowDown', false, { rows: 0, columns: 5 })).toBeNull();
});

describe('whatever the keys', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];
  test('the cursor stays inside the grid', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...keys), fc.boolean())),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (presses, rows, columns) => {
          let cell = { row: 0, column: 0 };
          for (const [key, toCorner] of presses) {
            cell = moveCell(cell, key, toCorner, { rows, columns }) ?? cell;
            expect(cell.row).toBeGreaterThanOrEqual(0);
            expect(cell.row).toBeLessThan(rows);
            expect(cell.column).toBeGreaterThanOrEqual(0);
            expect(cell.column).toBeLessThan(columns);
          }
        },
      ),
    );
  });
});
