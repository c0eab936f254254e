import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, largestMagnitude } from '../../../core/gradients/compare';

/** What the notebook's `cmp` prints, written out: torch.all(==), torch.allclose, (a − b).abs().max(). */
function cmp(manual: readonly number[], autograd: readonly number[]) {
  const isClose = (a: number, b: number) =>
    a === b || (Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b));
  return {
    exact: manual.every((value, i) => value === autograd[i]),
    approximate: manual.every((value, i) => isClose(value, autograd[i]!)),
    maxdiff: Math.max(...manual.map((value, i) => (value === autograd[i] ? 0 : Math.abs(value - autograd[i]!)))),
  };
}

describe('compare', () => {
  it('gives the three figures of the notebook’s cmp', () => {
    const number = fc.oneof(fc.float(), fc.constantFrom(0, -0, 1, 1 + 2 ** -23, Infinity, -Infinity, Number.NaN));
    const pairs = fc.array(fc.tuple(number, number, fc.boolean()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pairs, (drawn) => {
        const manual = drawn.map(([a]) => a);
        const autograd = drawn.map(([a, b, equal]) => (equal ? a : b));
        expect(compare(manual, autograd)).toMatchObject(cmp(manual, autograd));
      }),
      { numRuns: 500 },
    );
  });

  it('calls approximate what torch.allclose does, up to the last bit of its tolerance', () => {
    expect(compare([100 * (1 + 0.9e-5)], [100]).approximate).toBe(true);
    expect(compare([100 * (1 + 1.1e-5)], [100]).approximate).toBe(false);
    expect(compare([0.9e-8], [0]).approximate).toBe(true);
    expect(compare([1.1e-8], [0]).approximate).toBe(false);
    // The tolerance is relative to autograd's, not to the larger of the two.
    expect(compare([Infinity], [5]).approximate).toBe(false);
    expect(compare([5], [Infinity]).approximate).toBe(false);
  });

  it('says where the largest difference is, and how many ulp lie between the furthest two', () => {
    expect(compare([1, 2, 3, 4], [1, 2.5, 2, 4])).toMatchObject({ exact: false, maxdiff: 1, worst: 2 });
    const ulp = 2 ** -23;
    expect(compare([1 + 3 * ulp, 4], [1, 4 + 4 * ulp]).maxUlp).toBe(3);
    expect(compare([5, 5], [5, 5])).toEqual({ exact: true, approximate: true, maxdiff: 0, maxUlp: 0, worst: 0 });
  });

  it('points at the first element that is not a number', () => {
    const { exact, maxdiff, maxUlp, worst } = compare([9, Number.NaN, 1, Number.NaN], [0, 1, 9e9, 2]);
    expect({ exact, maxdiff, maxUlp, worst }).toEqual({
      exact: false,
      maxdiff: Number.NaN,
      maxUlp: Infinity,
      worst: 1,
    });
  });
});

it('largestMagnitude is NaN wherever an element is', () => {
  expect(largestMagnitude([1, -3, 2])).toBe(3);
  expect(largestMagnitude([1, Number.NaN, 9])).toBeNaN();
});
