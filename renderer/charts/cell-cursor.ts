import type { Cell } from './fold';

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

const page = 10;

/**
 * Where a key takes the cursor: arrows by one, Page Up/Down by ten rows, Home/End along the row, with Ctrl to the
 * grid's corners. Null for a key that does not move it; the first key of all lands on the first cell.
 */
export function moveCell(cell: Cell | null, key: string, toCorner: boolean, { rows, columns }: GridSize): Cell | null {
  const { row, column } = cell ?? { row: 0, column: 0 };
  const target = (): Cell | null => {
    switch (key) {
      case 'ArrowLeft':
        return { row, column: column - 1 };
      case 'ArrowRight':
        return { row, column: column + 1 };
      case 'ArrowUp':
        return { row: row - 1, column };
      case 'ArrowDown':
        return { row: row + 1, column };
      case 'PageUp':
        return { row: row - page, column };
      case 'PageDown':
        return { row: row + page, column };
      case 'Home':
        return { row: toCorner ? 0 : row, column: 0 };
      case 'End':
        return { row: toCorner ? rows - 1 : row, column: columns - 1 };
      default:
        return null;
    }
  };
  const moved = target();
  if (moved === null || rows === 0 || columns === 0) return null;
  if (cell === null) return { row: 0, column: 0 };
  return clampCell(moved, { rows, columns });
}

/** The nearest cell inside the grid. */
export function clampCell({ row, column }: Cell, { rows, columns }: GridSize): Cell {
  return { row: Math.min(Math.max(row, 0), rows - 1), column: Math.min(Math.max(column, 0), columns - 1) };
}
