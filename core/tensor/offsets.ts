import type { Tensor } from './tensor';

/** Where the element of this index, in row-major order, is in the storage. */
export function elementOffset({ shape, strides, offset }: Tensor, index: number): number {
  let at = offset;
  let rest = index;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim];
    at += (rest % size) * strides[dim];
    rest = Math.floor(rest / size);
  }
  return at;
}

/** Where each element is in the storage, in row-major order. */
export function elementOffsets({ shape, strides, offset, elements }: Tensor): Int32Array {
  const offsets = new Int32Array(elements);
  if (elements === 0) return offsets;
  offsets[0] = offset;
  // What is there so far is repeated along one dimension after the other, from the innermost outwards.
  let count = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    for (let index = 1; index < shape[dim]; index++) {
      const step = index * strides[dim];
      for (let at = 0; at < count; at++) offsets[index * count + at] = offsets[at] + step;
    }
    count *= shape[dim];
  }
  return offsets;
}
