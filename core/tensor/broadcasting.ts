import { elementCount, type Shape } from './shape';

/** Whether numbers of shape `from` broadcast to `to` and make it no larger. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((size, dim) => size === 1 || size === to[lead + dim]);
}

/** The shape that both broadcast to; null where there is none. */
export function broadcastTogether(one: Shape, other: Shape): Shape | null {
  const rank = Math.max(one.length, other.length);
  const shape: number[] = [];
  for (let dim = 0; dim < rank; dim++) {
    const a = one[dim - rank + one.length] ?? 1;
    const b = other[dim - rank + other.length] ?? 1;
    if (a !== b && a !== 1 && b !== 1) return null;
    shape.push(a === 1 ? b : a);
  }
  return shape;
}

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
