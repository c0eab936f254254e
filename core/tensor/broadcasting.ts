import { elementCount, formatShape, type Shape, ShapeError } from './shape';

/** Whether numbers of shape `from` broadcast to `to` and make it no larger. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((size, dim) => size === 1 || size === to[lead + dim]);
}

/** Two shapes that an op was to broadcast together and that do not. */
export class BroadcastError extends ShapeError {
  override name = 'BroadcastError';
  readonly shapes: readonly [Shape, Shape];
  /** The last dimension, of as many as the longer shape has, in which they do not fit. */
  readonly dim: number;
  /** Their sizes there. */
  readonly sizes: readonly [number, number];

  constructor(op: string, one: Shape, other: Shape) {
    const rank = Math.max(one.length, other.length);
    let dim = rank - 1;
    while (dim > 0 && fits(sizeAt(one, dim, rank), sizeAt(other, dim, rank))) dim--;
    const [a, b] = [sizeAt(one, dim, rank), sizeAt(other, dim, rank)];
    super(
      `${op}: shapes ${formatShape(one)} and ${formatShape(other)} do not broadcast: dimension ${dim} is ${a} in one and ${b} in the other.`,
    );
    this.shapes = [one, other];
    this.dim = dim;
    this.sizes = [a, b];
  }
}

/** The shape that both broadcast to, aligned at the last dimension (PyTorch's rule); null where there is none. */
export function broadcastTogether(one: Shape, other: Shape): Shape | null {
  const rank = Math.max(one.length, other.length);
  const shape = new Array<number>(rank);
  for (let dim = 0; dim < rank; dim++) {
    const a = sizeAt(one, dim, rank);
    const b = sizeAt(other, dim, rank);
    if (!fits(a, b)) return null;
    shape[dim] = a === 1 ? b : a;
  }
  return shape;
}

/** As `broadcastTogether`, for an op. @throws BroadcastError naming it where two sizes differ and neither is 1. */
export function broadcastShapes(op: string, one: Shape, other: Shape): Shape {
  const shape = broadcastTogether(one, other);
  if (shape === null) throw new BroadcastError(op, one, other);
  return shape;
}

/** A shape's size in a dimension of a shape of `rank` dimensions; 1 where it has none. */
const sizeAt = (shape: Shape, dim: number, rank: number) => shape[dim - rank + shape.length] ?? 1;

const fits = (a: number, b: number) => a === b || a === 1 || b === 1;

/** The axes of `to`, from the front, along which numbers of shape `from` are repeated when they broadcast to it. */
export function repeatedAxes(from: Shape, to: Shape): readonly number[] {
  const lead = to.length - from.length;
  return to.flatMap((size, dim) => ((from[dim - lead] ?? 1) !== size && size > 1 ? [dim] : []));
}

/** Numbers of shape `from`, row-major, repeated to the shape `to`, to which they broadcast. */
export function broadcast(values: ArrayLike<number>, from: Shape, to: Shape): ArrayLike<number> {
  const count = elementCount(to);
  if (values.length === count) return values;
  const lead = to.length - from.length;
  const strides = new Array<number>(to.length).fill(0);
  for (let dim = from.length - 1, stride = 1; dim >= 0; dim--) {
    if (from[dim] !== 1) strides[lead + dim] = stride;
    stride *= from[dim];
  }
  const result = new Float64Array(count);
  const index = new Array<number>(to.length).fill(0);
  for (let position = 0, at = 0; position < count; position++) {
    result[position] = values[at];
    for (let dim = to.length - 1; dim >= 0; dim--) {
      at += strides[dim];
      if (++index[dim] < to[dim]) break;
      at -= strides[dim] * to[dim];
      index[dim] = 0;
    }
  }
  return result;
}
