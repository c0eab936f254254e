import { expect, test } from 'vitest';
import { cellAt, layOutGrid } from '../../../renderer/charts/grid-layout';

const margins = { left: 30, top: 10, right: 10, bottom: 20 };

test('the grid fills what the margins leave', () => {
  const layout = layOutGrid({ width: 140, height: 80 }, { rows: 5, columns: 10 }, margins, 28);
  expect(layout).toEqual({ rows: 5, columns: 10, left: 30, top: 10, cellWidth: 10, cellHeight: 10 });
});

test('few cells do not become huge', () => {
  const layout = layOutGrid({ width: 500, height: 500 }, { rows: 1, columns: 2 }, margins, 28);
  expect([layout.cellWidth, layout.cellHeight]).toEqual([28, 28]);
});

test('a point names its cell, and none outside the grid', () => {
  const layout = layOutGrid({ width: 140, height: 80 }, { rows: 5, columns: 10 }, margins, 28);
  expect(cellAt(layout, 30, 10)).toEqual({ row: 0, column: 0 });
  expect(cellAt(layout, 55, 29.9)).toEqual({ row: 1, column: 2 });
  expect(cellAt(layout, 129.9, 59.9)).toEqual({ row: 4, column: 9 });
  expect(cellAt(layout, 130, 30)).toBeNull();
  expect(cellAt(layout, 29, 30)).toBeNull();
  expect(cellAt(layout, 60, 60)).toBeNull();
});

test('a box smaller than its margins has no cells to point at', () => {
  const layout = layOutGrid({ width: 20, height: 20 }, { rows: 5, columns: 10 }, margins, 28);
  expect(cellAt(layout, 30, 10)).toBeNull();
});
