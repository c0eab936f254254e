import { elementCount, formatShape, normalizeDim, type Shape, ShapeError } from '../tensor/shape';
import { requireSameShape } from '../tensor/tensor';
import type { ReductionAttributes } from './attributes';

/** The reduced shape with every reduced dimension kept as 1. */
export function keptShape(op: string, shape: Shape, { dim }: ReductionAttributes): Shape {
  if (dim === null) return shape.map(() => 1);
  const reduced = normalizeDim(op, dim, shape.length);
  return shape.map((size, index) => (index === reduced ? 1 : size));
}

/** The shape of a reduction: reduced dimensions kept as 1, or left out. */
export function reducedShape(op: string, shape: Shape, attributes: ReductionAttributes): Shape {
  const kept = keptShape(op, shape, attributes);
  if (attributes.keepdim) return kept;
  if (attributes.dim === null) return [];
  const reduced = normalizeDim(op, attributes.dim, shape.length);
  return shape.filter((_, index) => index !== reduced);
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
