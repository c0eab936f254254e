export interface Extent {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Smallest and largest finite number, never of zero height; null where there is none.
 * @param air what to add at either end, as a share of the height.
 */
export function extentOf(numbers: Iterable<number>, air = 0): Extent | null {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    minimum = Math.min(minimum, number);
    maximum = Math.max(maximum, number);
  }
  if (minimum > maximum) return null;
  const margin = minimum === maximum ? Math.abs(minimum) * 0.01 || 0.01 : (maximum - minimum) * air;
  return { minimum: minimum - margin, maximum: maximum + margin };
}

/** The least of 1, 2 or 5 × 10ⁿ that divides a length into at most `most` parts. */
function tickDistance(length: number, most: number): number {
  const least = length / most;
  const power = 10 ** Math.floor(Math.log10(least));
  // A hair of tolerance: 0.3 / 3 is a little more than 0.1.
  const factor = [1, 2, 5].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** `index · distance` without the binary dust of, say, 3 · 0.1. */
const tickAt = (index: number, distance: number) => Number((index * distance).toPrecision(12));

/**
 * Round numbers from `from` to `to`, ends included: multiples of 1, 2 or 5 × 10ⁿ, at most `most` + 1 of them.
 * @param leastDistance 1 where there is nothing between whole numbers.
 */
export function ticksWithin(from: number, to: number, most: number, leastDistance = 0): number[] {
  if (!(to > from)) return [from];
  const distance = Math.max(tickDistance(to - from, most), leastDistance);
  const first = Math.ceil(from / distance - 1e-9);
  const last = Math.floor(to / distance + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => tickAt(first + index, distance));
}

/** Round numbers around an extent: the axis from the first to the last of them holds all of it. */
export function ticksAround({ minimum, maximum }: Extent, most: number): number[] {
  const distance = tickDistance(maximum - minimum, most);
  const first = Math.floor(minimum / distance + 1e-9);
  const last = Math.ceil(maximum / distance - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => tickAt(first + index, distance));
}

/** Decimals that a fixed notation would need beyond which ticks are written with an exponent. */
const mostDecimals = 4;

/** Writes ticks alike: all with as many decimals as their distance needs, "0.30" beside "0.35". */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const [first = 0, second = first + 1] = ticks;
  const largest = Math.max(...ticks.map(Math.abs), 0);
  const decimals = Math.max(0, -Math.floor(Math.log10(second - first) + 1e-9));
  if (decimals > mostDecimals || largest >= 1e5) {
    const digits = Math.max(0, Math.floor(Math.log10(largest) + 1e-9) - Math.floor(Math.log10(second - first) + 1e-9));
    return (value) => (value === 0 ? '0' : value.toExponential(digits).replace('e+', 'e'));
  }
  // A tick that rounds to zero from below is no "-0.0".
  return (value) => (value === 0 ? '0' : value.toFixed(decimals));
}
