/** Sizes of a tensor's dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Shapes that do not fit an op. The message names the op, the shapes and what would fit. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** `(32, 64)`, `(64,)`, `()`: as Python prints a shape. */
export function formatShape(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** Number of elements of a tensor of this shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Strides, in elements, of a row-major tensor of this shape. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    strides[dim] = stride;
    stride *= shape[dim] ?? 1;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, dim) => size === b[dim]);
}

/** Multi-dimensional index of the `position`-th element in row-major order. */
export function unravelIndex(position: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim] ?? 1;
    index[dim] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** A dimension counted from the end where negative, as PyTorch does. @throws ShapeError where there is none such. */
export function normalizeDim(op: string, dim: number, rank: number): number {
  if (!Number.isInteger(dim) || dim < -rank || dim >= rank) {
    throw new ShapeError(
      `${op}: dim ${dim} is out of range for a tensor of ${rank} dimensions (${-rank} to ${rank - 1}).`,
    );
  }
  return dim < 0 ? dim + rank : dim;
}
