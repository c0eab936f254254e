import type { Histogram, Moments, Quantity } from '../../../core/protocol/answers';
import { histogramBins } from '../../../core/protocol/frame';

/** A generator of numbers in [0, 1) that depend only on the seed text (mulberry32 over an FNV hash). */
export function randomOf(seed: string): () => number {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` numbers of a normal distribution (sum of uniforms; good enough to look at). */
export function normals(seed: string, count: number, std: number): Float32Array {
  const random = randomOf(seed);
  return Float32Array.from({ length: count }, () => (random() + random() + random() + random() - 2) * 1.732 * std);
}

export function momentsOf(cells: Float32Array): Moments {
  const mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
  const variance = cells.reduce((sum, cell) => sum + (cell - mean) ** 2, 0) / (cells.length - 1);
  return {
    mean,
    std: Math.sqrt(variance),
    minimum: cells.reduce((least, cell) => Math.min(least, cell), Number.POSITIVE_INFINITY),
    maximum: cells.reduce((most, cell) => Math.max(most, cell), Number.NEGATIVE_INFINITY),
  };
}

export function histogramOf(cells: Float32Array): Histogram {
  const { minimum, maximum } = momentsOf(cells);
  const width = (maximum - minimum || 1) / histogramBins;
  const density = new Float32Array(histogramBins);
  for (const cell of cells) {
    const bin = Math.min(Math.floor((cell - minimum) / width), histogramBins - 1);
    density[bin]! += 1 / (cells.length * width);
  }
  return { minimum, maximum, density };
}

export function quantityOf(cells: Float32Array): Quantity {
  return { cells, moments: momentsOf(cells), histogram: histogramOf(cells) };
}
