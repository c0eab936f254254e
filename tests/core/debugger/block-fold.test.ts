import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maximumOf, minimumOf, sumOf } from '../../../core/debugger/block-fold';

/** Whole numbers, so that a sum is the same in any order, and now and then one that is not finite. */
const value = fc.oneof(
  { weight: 50, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const values = fc.array(value, { minLength: 0, maxLength: 700, size: 'max' });

describe('a fold of any stretch', () => {
  it('is that of its steps, wherever it begins and ends', () => {
    fc.assert(
      fc.property(values, fc.nat(700), fc.nat(700), (all, a, b) => {
        const start = Math.min(a, b, all.length);
        const end = Math.min(Math.max(a, b), all.length);
        const valueAt = (step: number) => all[step]!;
        const folds = [sumOf(valueAt), minimumOf(valueAt), maximumOf(valueAt)];
        const stretch = all.slice(start, end);
        expect(folds.map((fold) => fold.over(start, end))).toEqual([
          stretch.reduce((sum, each) => sum + each, 0),
          Math.min(...stretch),
          Math.max(...stretch),
        ]);
      }),
    );
  });

  it('of a long stretch looks again at few of its steps', () => {
    let looks = 0;
    const fold = sumOf(() => ++looks && 1);
    fold.over(0, 100_000);
    looks = 0;
    expect(fold.over(10, 99_990)).toBe(99_980);
    expect(looks).toBeLessThan(128);
  });
});
