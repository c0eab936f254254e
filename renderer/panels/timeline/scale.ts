/** Round numbers from 0 to `last`: steps of 1, 2 or 5 times a power of ten, at most about `most` of them. */
export function roundSteps(last: number, most: number): readonly number[] {
  if (last <= 0) return [0];
  const rough = Math.max(last / most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(last / distance) + 1 }, (_, index) => index * distance);
}

export interface Extent {
  readonly minimum: number;
  readonly maximum: number;
}

/** Smallest and largest finite number with a little air, never of zero height; null where there is none. */
export function extentOf(numbers: Iterable<number>): Extent | null {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    minimum = Math.min(minimum, number);
    maximum = Math.max(maximum, number);
  }
  if (minimum > maximum) return null;
  const air = (maximum - minimum) * 0.05 || 0.01;
  return { minimum: minimum - air, maximum: maximum + air };
}
