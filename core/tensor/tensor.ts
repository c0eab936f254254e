import type { Arena, Storage, TensorData } from './arena';
import { contiguousStrides, elementCount, formatShape, type Shape, ShapeError, sameShape } from './shape';

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
    return this.strides.every((stride, dim) => stride === expected[dim] || this.shape[dim] === 1);
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

  /** The same numbers in another shape. @throws ShapeError where the counts differ or the tensor is not contiguous. */
  view(shape: Shape): Tensor {
    if (elementCount(shape) !== this.elements || !this.isContiguous) {
      throw new ShapeError(`view: ${formatShape(this.shape)} cannot be seen as ${formatShape(shape)}.`);
    }
    return new Tensor(this.storage, shape, contiguousStrides(shape), this.offset);
  }

  /** The matrix transposed, without copying. @throws ShapeError for any but 2 dimensions. */
  transpose(): Tensor {
    const [rows, columns] = this.shape;
    const [rowStride, columnStride] = this.strides;
    if (
      this.shape.length !== 2 ||
      rows === undefined ||
      columns === undefined ||
      rowStride === undefined ||
      columnStride === undefined
    ) {
      throw new ShapeError(`transpose: expects a matrix, not a tensor of shape ${formatShape(this.shape)}.`);
    }
    return new Tensor(this.storage, [columns, rows], [columnStride, rowStride], this.offset);
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
