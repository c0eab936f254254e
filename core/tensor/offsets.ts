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
export function elementOffsets({ shape, strides, offset }: Tensor): Int32Array {
  let offsets = Int32Array.of(offset);
  for (let dim = 0; dim < shape.length; dim++) {
    const size = shape[dim];
    const next = new Int32Array(offsets.length * size);
    for (let outer = 0; outer < offsets.length; outer++) {
      for (let index = 0; index < size; index++) next[outer * size + index] = offsets[outer] + index * strides[dim];
    }
    offsets = next;
  }
  return offsets;
}
