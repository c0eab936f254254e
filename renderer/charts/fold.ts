/** A tensor is drawn folded to 2-D: its leading dimensions × the last one. These undo the fold. */

/** A place in a drawn grid. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Row-major indices of element `flat` in `shape`; none for a scalar. */
export function unravel(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** The indices, in the tensor's own shape, of a cell of its fold. */
export function unfold({ row, column }: Cell, shape: readonly number[]): number[] {
  const columns = shape.at(-1) ?? 1;
  return unravel(row * columns + column, shape);
}

/** The fold's cell of an element. */
export function fold(index: readonly number[], shape: readonly number[]): Cell {
  const row = index.slice(0, -1).reduce((sum, place, dimension) => sum * (shape[dimension] ?? 1) + place, 0);
  return { row, column: index.at(-1) ?? 0 };
}
