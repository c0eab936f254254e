import type { Arena, Storage, TensorData } from './arena';
import { contiguousStrides, elementCount, formatShape, normalizeDim, type Shape, ShapeError, sameShape } from './shape';

/** A strided view on storage: what an op reads and writes. Views of one storage share its numbers. */
export class Tensor {
  readonly storage: Storage;
  readonly shape: Shape;
  /** In elements; 0 where a dimension is broadcast. */
  readonly strides: readonly number[];
  /** Elements from the start of the storage to element 0. */
  readonly offset: number;

  constructor(storage: Storage, shape: Shape, strides: readonly number[] = contiguousStrides(shape), offset = 0) {
    this.storage = storage;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  /** A zeroed tensor in the arena. */
  static zeros(arena: Arena, dtype: Storage['dtype'], shape: Shape): Tensor {
    return new Tensor(arena.allocate(dtype, elementCount(shape)), shape);
  }

  get dtype(): Storage['dtype'] {
    return this.storage.dtype;
  }

  get elements(): number {
    return elementCount(this.shape);
  }

  get isContiguous(): boolean {
    const expected = contiguousStrides(this.shape);
    return (
      this.elements === 0 || this.strides.every((stride, dim) => stride === expected[dim] || this.shape[dim] === 1)
    );
  }

  /**
   * The numbers in row-major order, as they are now: a window on the storage, not a copy. Do not keep it.
   * @throws ShapeError for a tensor that is not contiguous.
   */
  values(): TensorData {
    if (!this.isContiguous)
      throw new ShapeError(`values: a tensor with strides ${formatShape(this.strides)} is not contiguous.`);
    return this.storage.data.subarray(this.offset, this.offset + this.elements);
  }

  /** The one number of a tensor of one element. @throws ShapeError where there are more. */
  item(): number {
    const value = this.storage.data[this.offset];
    if (this.elements !== 1 || value === undefined) {
      throw new ShapeError(
        `item: a tensor of shape ${formatShape(this.shape)} holds ${this.elements} numbers, not one.`,
      );
    }
    return value;
  }

  /**
   * The same numbers in another shape, without copying.
   * @throws ShapeError where the counts differ, or no strides give the numbers in their order.
   */
  view(shape: Shape): Tensor {
    const strides = elementCount(shape) === this.elements ? this.stridesAs(shape) : null;
    if (strides === null) {
      const lying = this.isContiguous ? '' : ` with strides ${formatShape(this.strides)}`;
      throw new ShapeError(`view: ${formatShape(this.shape)}${lying} cannot be seen as ${formatShape(shape)}.`);
    }
    return new Tensor(this.storage, shape, strides, this.offset);
  }

  /**
   * The strides with which the numbers, in their order, are seen in a shape of as many; null where only a copy can be.
   * Dimensions that lie evenly in memory are taken together, and each such run must be split up by dimensions of its own
   * (computeStride in PyTorch's TensorUtils.cpp).
   */
  stridesAs(shape: Shape): number[] | null {
    if (this.isContiguous) return contiguousStrides(shape);
    const strides = new Array<number>(shape.length);
    let target = shape.length - 1;
    let base = this.strides[this.shape.length - 1];
    let run = 1;
    let seen = 1;
    for (let dim = this.shape.length - 1; dim >= 0; dim--) {
      run *= this.shape[dim];
      const goesOn = dim > 0 && (this.shape[dim - 1] === 1 || this.strides[dim - 1] === run * base);
      if (goesOn) continue;
      while (target >= 0 && (seen < run || shape[target] === 1)) {
        strides[target] = seen * base;
        seen *= shape[target];
        target--;
      }
      if (seen !== run) return null;
      base = this.strides[dim - 1];
      run = 1;
      seen = 1;
    }
    return target === -1 ? strides : null;
  }

  /**
   * Two dimensions in each other's place, without copying; the last two, if none are named.
   * @throws ShapeError for a dimension that there is not.
   */
  transpose(dim0 = -2, dim1 = -1): Tensor {
    const [a, b] = [dim0, dim1].map((dim) => normalizeDim('transpose', dim, this.shape.length));
    const swapped = (sizes: readonly number[]) => sizes.with(a, sizes[b]).with(b, sizes[a]);
    return new Tensor(this.storage, swapped(this.shape), swapped(this.strides), this.offset);
  }

  /** This tensor seen in a larger shape, repeating dimensions of size 1. @throws ShapeError where it does not broadcast so. */
  expand(shape: Shape): Tensor {
    const lead = shape.length - this.shape.length;
    const strides = shape.map((size, dim) => {
      const own = this.shape[dim - lead] ?? 1;
      if (lead < 0 || (own !== size && own !== 1)) {
        throw new ShapeError(`expand: ${formatShape(this.shape)} does not broadcast to ${formatShape(shape)}.`);
      }
      return own === 1 ? 0 : (this.strides[dim - lead] ?? 0);
    });
    return new Tensor(this.storage, shape, strides, this.offset);
  }

  /** Overwrites every number. @throws ShapeError where `source` has another number of elements. */
  copyFrom(source: ArrayLike<number>): void {
    if (source.length !== this.elements) {
      throw new ShapeError(`copyFrom: ${source.length} numbers do not fill the shape ${formatShape(this.shape)}.`);
    }
    this.values().set(source);
  }
}

/** @throws ShapeError naming `op` and both shapes, unless they are the same. */
export function requireSameShape(op: string, actual: Shape, expected: Shape): void {
  if (!sameShape(actual, expected)) {
    throw new ShapeError(`${op}: expected shape ${formatShape(expected)}, got ${formatShape(actual)}.`);
  }
}
