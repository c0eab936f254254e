import { mapWords } from '../../protocol/frame';

export interface Saturation {
  /** Cells beyond the threshold. */
  readonly cells: number;
  /** Units beyond it for every example. */
  readonly dead: number;
  /** One bit a cell, row by row, as `Frame` has it. */
  readonly map: Uint32Array;
}

/** Where |value| > threshold, of [examples, units] row-major. */
export function saturation(values: ArrayLike<number>, examples: number, units: number, threshold: number): Saturation {
  // The values are float32: so is what they are compared with.
  const limit = Math.fround(threshold);
  const map = new Uint32Array(mapWords(examples, units));
  const saturatedExamples = new Uint32Array(units);
  let cells = 0;
  for (let cell = 0; cell < examples * units; cell++) {
    if (!(Math.abs(values[cell]) > limit)) continue;
    map[cell >> 5] |= 1 << (cell & 31);
    saturatedExamples[cell % units]++;
    cells++;
  }
  let dead = 0;
  for (const count of saturatedExamples) if (count === examples) dead++;
  return { cells, dead, map };
}
