import { ulpDistance } from './ulp';

/** The notebook's three figures and what locates the worst element. */
export interface Comparison {
  /** `torch.all(dt == t.grad)`. */
  readonly exact: boolean;
  /** `torch.allclose(dt, t.grad)`: |dt − grad| ≤ 1e-8 + 1e-5 · |grad| everywhere. */
  readonly approximate: boolean;
  /** `(dt - t.grad).abs().max()`; NaN where a difference is. */
  readonly maxdiff: number;
  readonly maxUlp: number;
  /** Row-major position of the largest difference. */
  readonly worst: number;
}

const relativeTolerance = 1e-5;
const absoluteTolerance = 1e-8;

/** Compares a manual gradient with autograd's, element by element; both of one length, at least 1. */
export function compare(manual: ArrayLike<number>, autograd: ArrayLike<number>): Comparison {
  let exact = true;
  let approximate = true;
  let maxdiff = 0;
  let maxUlp = 0;
  let worst = 0;
  for (let i = 0; i < manual.length; i++) {
    if (manual[i] === autograd[i]) continue;
    exact = false;
    // Infinities of one sign are equal, so that a NaN here is a NaN of one of the two.
    const difference = Math.abs(manual[i] - autograd[i]);
    const tolerance = absoluteTolerance + relativeTolerance * Math.abs(autograd[i]);
    // An infinite autograd[i] makes the tolerance infinite, and torch.allclose takes only finite differences.
    if (!(Number.isFinite(difference) && difference <= tolerance)) approximate = false;
    maxUlp = Math.max(maxUlp, ulpDistance(manual[i], autograd[i]));
    if (difference > maxdiff || (Number.isNaN(difference) && !Number.isNaN(maxdiff))) {
      maxdiff = difference;
      worst = i;
    }
  }
  return { exact, approximate, maxdiff, maxUlp, worst };
}

/** Largest magnitude; NaN where an element is. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (magnitude > largest || Number.isNaN(magnitude)) largest = magnitude;
  }
  return largest;
}
