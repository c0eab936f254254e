import type { StepRows } from './step-rows';

/*
 * What is asked of a stretch of steps without reading each of them, so that a view of a long run costs what a view of a short
 * one does. Blocks are summed up when first asked for: training pays for none. Rows never change once they are there.
 */

/** Steps of a block; a stretch reads at most two blocks step by step. */
const blockSteps = 32;

/** Sums of the columns of rows. */
export class ColumnSums {
  readonly #rows: StepRows;
  /** By column, then by block. */
  readonly #blocks: readonly number[][];

  constructor(rows: StepRows, columns: number) {
    this.#rows = rows;
    this.#blocks = Array.from({ length: columns }, () => []);
  }

  /** Of a column's steps from `start` up to, but without, `end`. */
  over(column: number, start: number, end: number): number {
    let sum = 0;
    for (let step = start; step < end; ) {
      if (step % blockSteps === 0 && step + blockSteps <= end) {
        sum += this.#block(column, step / blockSteps);
        step += blockSteps;
      } else sum += this.#rows.get(step++, column);
    }
    return sum;
  }

  #block(column: number, block: number): number {
    const known = this.#blocks[column];
    while (known.length <= block) {
      const start = known.length * blockSteps;
      let sum = 0;
      for (let step = start; step < start + blockSteps; step++) sum += this.#rows.get(step, column);
      known.push(sum);
    }
    return known[block];
  }
}

/** Of a stretch of losses. */
export interface LossStretch {
  readonly minimum: number;
  readonly maximum: number;
  /** Σ log10 of those losses that have one, and how many have. */
  readonly logarithms: number;
  readonly finite: number;
}

/** Least, largest and logarithms of losses. */
export class LossStretches {
  readonly #losses: StepRows;
  readonly #blocks: LossStretch[] = [];

  constructor(losses: StepRows) {
    this.#losses = losses;
  }

  /** Of the steps from `start` up to, but without, `end`. */
  over(start: number, end: number): LossStretch {
    let minimum = Number.POSITIVE_INFINITY;
    let maximum = Number.NEGATIVE_INFINITY;
    let logarithms = 0;
    let finite = 0;
    for (let step = start; step < end; ) {
      if (step % blockSteps === 0 && step + blockSteps <= end) {
        const block = this.#block(step / blockSteps);
        minimum = Math.min(minimum, block.minimum);
        maximum = Math.max(maximum, block.maximum);
        logarithms += block.logarithms;
        finite += block.finite;
        step += blockSteps;
        continue;
      }
      const loss = this.#losses.get(step++);
      minimum = Math.min(minimum, loss);
      maximum = Math.max(maximum, loss);
      const logarithm = Math.log10(loss);
      if (!Number.isFinite(logarithm)) continue;
      logarithms += logarithm;
      finite++;
    }
    return { minimum, maximum, logarithms, finite };
  }

  #block(block: number): LossStretch {
    // One step less than a block is read step by step.
    while (this.#blocks.length <= block) this.#blocks.push(this.#read(this.#blocks.length * blockSteps));
    return this.#blocks[block];
  }

  #read(start: number): LossStretch {
    const middle = start + blockSteps - 1;
    const most = this.over(start, middle);
    const last = this.over(middle, middle + 1);
    return {
      minimum: Math.min(most.minimum, last.minimum),
      maximum: Math.max(most.maximum, last.maximum),
      logarithms: most.logarithms + last.logarithms,
      finite: most.finite + last.finite,
    };
  }
}
