import { mapWords } from '../protocol/frame';

/** |t| beyond which a tanh output counts as saturated, as the notebook has it: the gradient is then under 6 %. */
export const saturationThreshold = 0.97;

export interface Saturation {
  /** Fraction of outputs that are saturated. */
  readonly saturated: number;
  /** Units saturated for every example of the batch: they learn nothing from it. */
  readonly dead: number;
  /** One bit a cell, row by row, as `Frame` has it. */
  readonly map: Uint32Array;
}

/** Saturation of tanh outputs, [examples, units] row-major. */
export function saturation(values: ArrayLike<number>, examples: number, units: number): Saturation {
  const map = new Uint32Array(mapWords(examples, units));
  const saturatedExamples = new Uint32Array(units);
  let saturated = 0;
  for (let cell = 0; cell < examples * units; cell++) {
    if (!(Math.abs(values[cell]) > saturationThreshold)) continue;
    map[cell >> 5] |= 1 << (cell & 31);
    saturatedExamples[cell % units]++;
    saturated++;
  }
  let dead = 0;
  for (const count of saturatedExamples) if (count === examples) dead++;
  return { saturated: saturated / (examples * units), dead, map };
}
