import type { GridSize } from './cell-cursor';
import type { Cell } from './fold';

/** Size of a picture in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What surrounds a grid of cells: axes and legend, in CSS pixels. */
export interface Margins {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where a grid of cells stands in a picture, in CSS pixels. */
export interface GridLayout extends GridSize {
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/** Fills what the margins leave, with cells of at most `largestCell` pixels a side, standing at the top left. */
export function layOutGrid(size: Size, grid: GridSize, margins: Margins, largestCell: number): GridLayout {
  const side = (available: number, count: number) => Math.min(Math.max(available, 0) / Math.max(count, 1), largestCell);
  return {
    rows: grid.rows,
    columns: grid.columns,
    left: margins.left,
    top: margins.top,
    cellWidth: side(size.width - margins.left - margins.right, grid.columns),
    cellHeight: side(size.height - margins.top - margins.bottom, grid.rows),
  };
}

/** The cell under a point; null outside the grid. */
export function cellAt(layout: GridLayout, x: number, y: number): Cell | null {
  const column = Math.floor((x - layout.left) / layout.cellWidth);
  const row = Math.floor((y - layout.top) / layout.cellHeight);
  const inside = row >= 0 && row < layout.rows && column >= 0 && column < layout.columns;
  return inside ? { row, column } : null;
}
