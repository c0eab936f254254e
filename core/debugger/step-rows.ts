const rowsPerChunk = 4096;

/** Rows of float32 numbers, one a step, kept in chunks so that growing copies nothing. */
export class StepRows {
  readonly #width: number;
  readonly #chunks: Float32Array[] = [];
  #length = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get length(): number {
    return this.#length;
  }

  push(row: ArrayLike<number>): void {
    const at = this.#length % rowsPerChunk;
    if (at === 0) this.#chunks.push(new Float32Array(rowsPerChunk * this.#width));
    this.#chunks[this.#chunks.length - 1].set(row, at * this.#width);
    this.#length++;
  }

  /** All rows, one after the other, in one array. */
  toArray(): Float32Array {
    const all = new Float32Array(this.#length * this.#width);
    for (const [index, chunk] of this.#chunks.entries()) {
      const start = index * chunk.length;
      all.set(chunk.subarray(0, all.length - start), start);
    }
    return all;
  }

  get(step: number, column = 0): number {
    return this.#chunks[Math.floor(step / rowsPerChunk)][(step % rowsPerChunk) * this.#width + column];
  }
}

/** Divides `length` steps into at most `points` buckets of equally many, the last one perhaps of fewer. */
export function buckets(length: number, points: number) {
  const size = Math.max(1, Math.ceil(length / points));
  return {
    count: Math.ceil(length / size),
    stepsOf: (bucket: number) => ({ start: bucket * size, end: Math.min(length, (bucket + 1) * size) }),
  };
}
