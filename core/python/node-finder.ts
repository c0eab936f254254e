import { sameShape } from '../tensor/shape';
import { type TypedTensor, valuesOf } from './tensor-table';

/** Values that differ by less than this, relative to the largest, are the same but for rounding. */
const sameValue = 1e-5;

/** Tells which forward value a tensor of the code's is: the one it was given, or one that it has computed anew. */
export class NodeFinder {
  readonly #given: ReadonlyMap<string, TypedTensor>;

  /** @param given the forward values as the code was given them, by node. */
  constructor(given: ReadonlyMap<string, TypedTensor>) {
    this.#given = given;
  }

  /** The node whose value this is; null where it is none. A node named `hint` goes before others of the same value. */
  find(typed: TypedTensor, hint = ''): string | null {
    for (const [node, given] of this.#given) {
      if (given.block === typed.block && sameShape(given.tensor.shape, typed.tensor.shape)) return node;
    }
    const hinted = this.#given.get(hint);
    if (hinted !== undefined && isSame(hinted, typed)) return hint;
    for (const [node, given] of this.#given) if (isSame(given, typed)) return node;
    return null;
  }
}

function isSame(given: TypedTensor, typed: TypedTensor): boolean {
  if (!sameShape(given.tensor.shape, typed.tensor.shape) || given.type !== typed.type) return false;
  return isSameValue(valuesOf(given).values, valuesOf(typed).values);
}

/** Whether two tensors of one shape hold the same numbers but for rounding. */
export function isSameValue(expected: ArrayLike<number>, values: ArrayLike<number>): boolean {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < values.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(values[i] - expected[i]));
  }
  return largest > 0 && difference <= sameValue * largest;
}
