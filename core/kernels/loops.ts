import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/**
 * Walks tensors of one shape row by row: the innermost dimension is left to the kernel's own loop, and neighbouring
 * dimensions that all operands step through evenly are merged, so that contiguous tensors are a single row.
 */
export class RowCursor {
  /** Elements of a row. */
  readonly length: number;
  /** Each operand's step within a row. */
  readonly steps: readonly number[];
  /** Where each operand's present row begins. */
  readonly offsets: Int32Array;
  readonly #starts: readonly number[];
  readonly #outerShape: readonly number[];
  /** Per operand, its stride in each outer dimension. */
  readonly #outerStrides: readonly (readonly number[])[];
  readonly #index: Int32Array;

  constructor(shape: Shape, operands: readonly Tensor[]) {
    const merged = mergeDimensions(
      shape,
      operands.map((operand) => operand.expand(shape).strides),
    );
    this.length = merged.shape.at(-1) ?? 1;
    this.steps = merged.strides.map((strides) => strides.at(-1) ?? 1);
    this.#outerShape = merged.shape.slice(0, -1);
    this.#outerStrides = merged.strides.map((strides) => strides.slice(0, -1));
    this.#starts = operands.map((operand) => operand.offset);
    this.offsets = Int32Array.from(this.#starts);
    this.#index = new Int32Array(this.#outerShape.length);
  }

  /** Goes to the first row. With `bases`, each operand begins that many elements further on. */
  reset(bases?: Int32Array): void {
    this.#index.fill(0);
    for (let operand = 0; operand < this.offsets.length; operand++) {
      this.offsets[operand] = this.#starts[operand] + (bases === undefined ? 0 : bases[operand]);
    }
  }

  /** Goes to the next row; false, and back at the first, when there is none. */
  next(): boolean {
    for (let dim = this.#outerShape.length - 1; dim >= 0; dim--) {
      this.#index[dim]++;
      const wraps = this.#index[dim] === this.#outerShape[dim];
      for (let operand = 0; operand < this.offsets.length; operand++) {
        const stride = this.#outerStrides[operand][dim];
        this.offsets[operand] += wraps ? -stride * (this.#outerShape[dim] - 1) : stride;
      }
      if (!wraps) return true;
      this.#index[dim] = 0;
    }
    return false;
  }
}

/** Drops dimensions of size 1 and merges a dimension into the one before where every operand's strides allow it. */
export function mergeDimensions(
  shape: Shape,
  strides: readonly (readonly number[])[],
): { shape: number[]; strides: number[][] } {
  const mergedShape: number[] = [];
  const mergedStrides: number[][] = strides.map(() => []);
  // Without an element it is one row of none.
  if (shape.includes(0)) return { shape: [0], strides: strides.map(() => [1]) };
  for (let dim = 0; dim < shape.length; dim++) {
    if (shape[dim] === 1) continue;
    const last = mergedShape.length - 1;
    const joins = last >= 0 && strides.every((own, operand) => mergedStrides[operand][last] === own[dim] * shape[dim]);
    if (joins) {
      mergedShape[last] *= shape[dim];
      for (let operand = 0; operand < strides.length; operand++) mergedStrides[operand][last] = strides[operand][dim];
    } else {
      mergedShape.push(shape[dim]);
      for (let operand = 0; operand < strides.length; operand++) mergedStrides[operand].push(strides[operand][dim]);
    }
  }
  return { shape: mergedShape, strides: mergedStrides };
}
