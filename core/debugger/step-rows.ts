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

  /** What its chunks take of memory. */
  get bytes(): number {
    return this.#chunks.length * rowsPerChunk * this.#width * Float32Array.BYTES_PER_ELEMENT;
  }

  push(row: ArrayLike<number>): void {
    const at = this.#length % rowsPerChunk;
    if (at === 0) this.#chunks.push(new Float32Array(rowsPerChunk * this.#width));
    this.#chunks[this.#chunks.length - 1].set(row, at * this.#width);
    this.#length++;
  }

  /** Goes on with rows, one after the other in one array: whole ones. */
  append(rows: Float32Array): void {
    const width = this.#width;
    const count = rows.length / width;
    for (let row = 0; row < count; ) {
      const at = this.#length % rowsPerChunk;
      if (at === 0) this.#chunks.push(new Float32Array(rowsPerChunk * width));
      const part = Math.min(count - row, rowsPerChunk - at);
      this.#chunks[this.#chunks.length - 1].set(rows.subarray(row * width, (row + part) * width), at * width);
      this.#length += part;
      row += part;
    }
  }

  /** Puts other numbers into a row that is there. */
  replace(step: number, row: ArrayLike<number>): void {
    this.#chunks[Math.floor(step / rowsPerChunk)].set(row, (step % rowsPerChunk) * this.#width);
  }

  /** The rows from `start` up to, but without, `end`, one after the other in one array. */
  slice(start: number, end: number): Float32Array {
    const width = this.#width;
    const rows = new Float32Array((end - start) * width);
    for (let row = start; row < end; ) {
      const inChunk = row % rowsPerChunk;
      const count = Math.min(end - row, rowsPerChunk - inChunk);
      const chunk = this.#chunks[Math.floor(row / rowsPerChunk)];
      rows.set(chunk.subarray(inChunk * width, (inChunk + count) * width), (row - start) * width);
      row += count;
    }
    return rows;
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
