/** Steps whose fold is kept: a stretch reads at most two of them step by step. */
const blockSteps = 64;

/**
 * A number for any stretch of steps, such as their sum or the least of them, that reads few of the steps themselves, so that
 * a view of a long run costs what a view of a short one does.
 */
export class BlockFold {
  readonly #valueAt: (step: number) => number;
  readonly #combine: (a: number, b: number) => number;
  readonly #empty: number;
  readonly #blocks: number[] = [];

  /**
   * @param valueAt the value of a step, which must never change once it has been asked for.
   * @param combine associative, such as `Math.min`.
   * @param empty what leaves any other number as it is, such as infinity for `Math.min`.
   */
  constructor(valueAt: (step: number) => number, combine: (a: number, b: number) => number, empty: number) {
    this.#valueAt = valueAt;
    this.#combine = combine;
    this.#empty = empty;
  }

  /** Of the steps from `start` up to, but without, `end`. */
  over(start: number, end: number): number {
    let result = this.#empty;
    for (let step = start; step < end; ) {
      const isBlock = step % blockSteps === 0 && step + blockSteps <= end;
      result = this.#combine(result, isBlock ? this.#blockAt(step / blockSteps) : this.#valueAt(step));
      step += isBlock ? blockSteps : 1;
    }
    return result;
  }

  /** The fold of a whole block, which is made, as are those before it, when first asked for: training pays for none. */
  #blockAt(block: number): number {
    while (this.#blocks.length <= block) {
      const start = this.#blocks.length * blockSteps;
      let result = this.#empty;
      for (let step = start; step < start + blockSteps; step++) result = this.#combine(result, this.#valueAt(step));
      this.#blocks.push(result);
    }
    return this.#blocks[block];
  }
}

const add = (a: number, b: number) => a + b;

/** A fold that gives the sum of a stretch. */
export const sumOf = (valueAt: (step: number) => number) => new BlockFold(valueAt, add, 0);
/** A fold that gives the least of a stretch: infinity of an empty one. */
export const minimumOf = (valueAt: (step: number) => number) =>
  new BlockFold(valueAt, Math.min, Number.POSITIVE_INFINITY);
/** A fold that gives the largest of a stretch: minus infinity of an empty one. */
export const maximumOf = (valueAt: (step: number) => number) =>
  new BlockFold(valueAt, Math.max, Number.NEGATIVE_INFINITY);
