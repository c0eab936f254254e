import type { Histogram } from '../../core/protocol/answers';

/** One corner of a histogram's outline. */
export interface Corner {
  readonly x: number;
  readonly density: number;
}

/** Ends of the bins; an empty range is widened by a half either way, as torch.histogram does. */
function ends({ minimum, maximum }: Histogram): { from: number; to: number } {
  return minimum === maximum ? { from: minimum - 0.5, to: maximum + 0.5 } : { from: minimum, to: maximum };
}

/** Left edge of `bin`; `density.length` gives the right end. */
export function binEdge(histogram: Histogram, bin: number): number {
  const { from, to } = ends(histogram);
  return from + ((to - from) * bin) / histogram.density.length;
}

/** Corners to be joined by "step after" lines, from the ground to the ground. */
export function outline(histogram: Histogram): Corner[] {
  const { from, to } = ends(histogram);
  const steps = Array.from(histogram.density, (density, bin) => ({ x: binEdge(histogram, bin), density }));
  return [{ x: from, density: 0 }, ...steps, { x: to, density: 0 }];
}

/** The density at `x`; 0 outside the bins, NaN where there are none: no number was finite. */
export function densityAt(histogram: Histogram, x: number): number {
  const { from, to } = ends(histogram);
  if (Number.isNaN(from)) return Number.NaN;
  const bins = histogram.density.length;
  const bin = x === to ? bins - 1 : Math.floor(((x - from) / (to - from)) * bins);
  return histogram.density[bin] ?? 0;
}

/**
 * The next of 1, 2, 3, 4, 5, 6, 8 × 10ⁿ at or above `value`: an axis that ends there stays put while the numbers move a little.
 * Zero and what is not finite give 1.
 */
export function niceLimit(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const decade = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 3, 4, 5, 6, 8].find((candidate) => value <= candidate * decade) ?? 10;
  return factor * decade;
}
