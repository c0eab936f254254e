import * as fc from 'fast-check';
import type { DataType, FloatType } from '../../../core/tensor/arena';
import { elementCount, type Shape } from '../../../core/tensor/shape';
import { Tensor } from '../../../core/tensor/tensor';
import { newArena } from '../engine';

/** Where all these tensors live; a test resets it when it begins. */
export const arena = newArena();
const same = (value: number) => value;
/** What a result is rounded by. */
export const roundingOf = (dtype: FloatType) => (dtype === 'float32' ? Math.fround : same);

/** Some numbers of either sign, different at each place and seldom exact in binary. */
export const numbers = (count: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => Math.sin(seed * 12.9898 + i * 7.233) * 3);

/** A tensor of this shape with these numbers, or with any. */
export function tensor(
  dtype: DataType,
  shape: Shape,
  values: ArrayLike<number> = numbers(elementCount(shape)),
): Tensor {
  const made = Tensor.zeros(arena, dtype, shape);
  made.copyFrom(values);
  return made;
}

/** A matrix whose numbers lie in any order a view can have: plain, transposed, or a window of a larger one. */
export function strided(dtype: DataType, shape: readonly [number, number], layout: Layout, seed: number): Tensor {
  const [rows, columns] = shape;
  switch (layout) {
    case 'plain':
      return tensor(dtype, shape, numbers(rows * columns, seed));
    case 'transposed':
      return tensor(dtype, [columns, rows], numbers(rows * columns, seed)).transpose();
    case 'window': {
      const whole = tensor(dtype, [rows + 2, columns + 3], numbers((rows + 2) * (columns + 3), seed));
      return new Tensor(whole.storage, shape, whole.strides, columns + 3 + 2);
    }
  }
}
const layouts = ['plain', 'transposed', 'window'] as const;
type Layout = (typeof layouts)[number];

/** The element at a multi-dimensional index, straight from the storage. */
export const at = (x: Tensor, index: readonly number[]) =>
  x.storage.data[x.offset + index.reduce((sum, i, dim) => sum + i * x.strides[dim]!, 0)]!;
export const dtype = fc.constantFrom<FloatType>('float32', 'float64');
export const layout = fc.constantFrom(...layouts);
export const size = fc.integer({ min: 1, max: 9 });
