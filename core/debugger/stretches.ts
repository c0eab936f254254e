import type { StepRows } from './step-rows';

/*
 * What is asked of a stretch of steps without reading each of them, so that a view of a long run costs what a view of a short
 * one does. Blocks are summed up when first asked for: training pays for none. Rows never change once they are there.
 */

/** Steps of a block; a stretch reads at most two blocks step by step. */
const blockSteps = 32;

/** Blocks of a chunk. */
const chunkBlocks = 128;

/** So many float64 numbers of every block, in chunks, so that what they take is known. */
class Blocks {
  readonly #width: number;
  readonly #chunks: Float64Array[] = [];
  length = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get bytes(): number {
    return this.#chunks.length * chunkBlocks * this.#width * Float64Array.BYTES_PER_ELEMENT;
  }

  push(numbers: readonly number[]): void {
    const at = this.length % chunkBlocks;
    if (at === 0) this.#chunks.push(new Float64Array(chunkBlocks * this.#width));
    this.#chunks[this.#chunks.length - 1].set(numbers, at * this.#width);
    this.length++;
  }

  get(block: number, number: number): number {
    return this.#chunks[Math.floor(block / chunkBlocks)][(block % chunkBlocks) * this.#width + number];
  }
}

/** Sums of the columns of rows. */
export class ColumnSums {
  readonly #rows: StepRows;
  /** The sum of each column. */
  readonly #blocks: readonly Blocks[];

  constructor(rows: StepRows, columns: number) {
    this.#rows = rows;
    this.#blocks = Array.from({ length: columns }, () => new Blocks(1));
  }

  /** What the blocks take of memory. */
  get bytes(): number {
    return this.#blocks.reduce((sum, { bytes }) => sum + bytes, 0);
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
      known.push([sum]);
    }
    return known.get(block, 0);
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
  /** What `LossStretch` holds, in its order. */
  readonly #blocks = new Blocks(4);

  constructor(losses: StepRows) {
    this.#losses = losses;
  }

  /** What the blocks take of memory. */
  get bytes(): number {
    return this.#blocks.bytes;
  }

  /** Of the steps from `start` up to, but without, `end`. */
  over(start: number, end: number): LossStretch {
    let minimum = Number.POSITIVE_INFINITY;
    let maximum = Number.NEGATIVE_INFINITY;
    let logarithms = 0;
    let finite = 0;
    for (let step = start; step < end; ) {
      if (step % blockSteps === 0 && step + blockSteps <= end) {
        const block = step / blockSteps;
        this.#sumUpTo(block);
        minimum = Math.min(minimum, this.#blocks.get(block, 0));
        maximum = Math.max(maximum, this.#blocks.get(block, 1));
        logarithms += this.#blocks.get(block, 2);
        finite += this.#blocks.get(block, 3);
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

  #sumUpTo(block: number): void {
    while (this.#blocks.length <= block) {
      const start = this.#blocks.length * blockSteps;
      const middle = start + blockSteps - 1;
      // One step less than a block is read step by step.
      const most = this.over(start, middle);
      const last = this.over(middle, middle + 1);
      this.#blocks.push([
        Math.min(most.minimum, last.minimum),
        Math.max(most.maximum, last.maximum),
        most.logarithms + last.logarithms,
        most.finite + last.finite,
      ]);
    }
  }
}
