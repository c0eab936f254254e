import { elementCount, formatShape, normalizeDim, type Shape, ShapeError } from '../tensor/shape';
import { requireSameShape } from '../tensor/tensor';

export interface ReductionAttributes {
  /** The dimensions to reduce, counted from the end where negative; null for all. */
  readonly dim: number | readonly number[] | null;
  readonly keepdim: boolean;
}

/** The dimensions that are reduced, in order. @throws ShapeError for one that is out of range or named twice. */
export function reducedDims(op: string, shape: Shape, { dim }: Pick<ReductionAttributes, 'dim'>): number[] {
  if (dim === null) return shape.map((_, index) => index);
  const dims = (typeof dim === 'number' ? [dim] : dim).map((one) => normalizeDim(op, one, shape.length));
  if (new Set(dims).size < dims.length) {
    throw new ShapeError(`${op}: dim ${dims.join(', ')} names a dimension of ${formatShape(shape)} twice.`);
  }
  return dims.toSorted((a, b) => a - b);
}

/** The reduced shape with every reduced dimension kept as 1. */
export function keptShape(op: string, shape: Shape, attributes: Pick<ReductionAttributes, 'dim'>): Shape {
  const reduced = reducedDims(op, shape, attributes);
  return shape.map((size, index) => (reduced.includes(index) ? 1 : size));
}

/** The shape of a reduction: reduced dimensions kept as 1, or left out. */
export function reducedShape(op: string, shape: Shape, attributes: ReductionAttributes): Shape {
  const reduced = reducedDims(op, shape, attributes);
  if (attributes.keepdim) return shape.map((size, index) => (reduced.includes(index) ? 1 : size));
  return shape.filter((_, index) => !reduced.includes(index));
}

/** @throws ShapeError for what is no matrix. */
export function requireMatrix(op: string, shape: Shape): true {
  if (shape.length !== 2) throw new ShapeError(`${op}: expects a matrix, not a tensor of shape ${formatShape(shape)}.`);
  return true;
}

/** @throws ShapeError for other than one number a column of `x`. */
export function requireColumns(op: string, shape: Shape, x: Shape): void {
  requireSameShape(op, shape, shape.length === 2 ? [1, x[1]] : [x[1]]);
}

/** @throws ShapeError for other than one index a row of `x`. */
export function requireRows(op: string, x: Shape, indices: Shape): true {
  if (x[0] !== elementCount(indices)) {
    throw new ShapeError(
      `${op}: ${formatShape(x)} needs one index a row, not indices of shape ${formatShape(indices)}.`,
    );
  }
  return true;
}
