import { formatShape, normalizeDim, type Shape, ShapeError } from '../tensor/shape';
import { requireSameShape } from '../tensor/tensor';
import type { ReductionAttributes } from './attributes';

/** A dimension counted from the end where negative; a single number is treated as having one. @throws ShapeError */
export function dimensionIn(op: string, dim: number, shape: Shape): number {
  return normalizeDim(op, dim, Math.max(shape.length, 1));
}

/** The dimensions that are reduced, in order. @throws ShapeError for one that is out of range or named twice. */
export function reducedDims(op: string, shape: Shape, { dim }: Pick<ReductionAttributes, 'dim'>): number[] {
  const given = typeof dim === 'number' ? [dim] : (dim ?? []);
  if (given.length === 0) return shape.map((_, index) => index);
  const dims = given.map((one) => dimensionIn(op, one, shape));
  if (new Set(dims).size < dims.length) {
    throw new ShapeError(`${op}: dim ${dims.join(', ')} names a dimension of ${formatShape(shape)} twice.`);
  }
  return dims.filter((one) => one < shape.length).toSorted((a, b) => a - b);
}

/** The reduced shape with every reduced dimension kept as 1. */
export function keptShape(op: string, shape: Shape, attributes: Pick<ReductionAttributes, 'dim'>): Shape {
  const reduced = reducedDims(op, shape, attributes);
  return shape.map((size, index) => (reduced.includes(index) ? 1 : size));
}

/** The shape of a reduction: reduced dimensions kept as 1, or left out. */
export function reducedShape(op: string, shape: Shape, attributes: ReductionAttributes): Shape {
  if (attributes.keepdim) return keptShape(op, shape, attributes);
  const reduced = reducedDims(op, shape, attributes);
  return shape.filter((_, index) => !reduced.includes(index));
}

/** @throws ShapeError for what is no matrix. */
export function requireMatrix(op: string, shape: Shape): void {
  if (shape.length !== 2) throw new ShapeError(`${op}: expects a matrix, not a tensor of shape ${formatShape(shape)}.`);
}

/** @throws ShapeError for other than one number a column of `x`. */
export function requireColumns(op: string, shape: Shape, x: Shape): void {
  requireSameShape(op, shape, shape.length === 2 ? [1, x[1]] : [x[1]]);
}
