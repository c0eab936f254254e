import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fusedMultiplyAdd, logarithm, sineAndCosine } from '../../../../core/tensor/generators/cephes';

/** Finite float32 as mantissa · 2^exponent, well inside float64's exact range. */
const float32 = fc
  .tuple(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), fc.integer({ min: -40, max: 16 }))
  .map(([mantissa, exponent]) => mantissa * 2 ** exponent);

/** Floats given as whole multiples of 2^−40, so that products and sums are exact as bigints. */
const scale = 40n;
const exact = (x: number) => {
  const whole = Math.floor(x);
  return (BigInt(whole) << scale) + BigInt((x - whole) * 2 ** 40);
};

/** A bigint multiple of 2^−80 rounded once to float32's 24 bits, ties to even. */
function roundOnce(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = BigInt(Math.max(0, magnitude.toString(2).length - 24));
  const kept = magnitude >> excess;
  const twiceRest = (magnitude - (kept << excess)) * 2n;
  const unit = 1n << excess;
  const up = twiceRest > unit || (twiceRest === unit && kept % 2n === 1n);
  const rounded = Number(kept + (up ? 1n : 0n)) * 2 ** (Number(excess) - 80);
  return value < 0n ? -rounded : rounded;
}

describe('fusedMultiplyAdd', () => {
  test('rounds once, as exact arithmetic does', () => {
    fc.assert(
      fc.property(float32, float32, float32, (a, b, c) => {
        const expected = roundOnce(exact(a) * exact(b) + (exact(c) << scale));
        expect(fusedMultiplyAdd(a, b, c) + 0).toBe(expected + 0);
      }),
      { numRuns: 3000 },
    );
  });

  test('is right where rounding to float64 and then to float32 is not', () => {
    // 1 + 2^-24 lies half way between two float32 numbers, and a · b is 2^-24 give or take less than float64 can hold.
    const a = 2 ** -24 * (1 + 2 ** -23);
    const b = 1 - 2 ** -23;
    expect(Math.fround(a * b + (1 + 2 ** -23))).toBe(1 + 2 ** -22);
    expect(fusedMultiplyAdd(a, b, 1 + 2 ** -23)).toBe(1 + 2 ** -23);
    expect(fusedMultiplyAdd(-a, b, -1 - 2 ** -23)).toBe(-1 - 2 ** -23);
  });
});

describe('logarithm', () => {
  test('agrees with Math.log within 1 ulp', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 24 }), (numerator) => {
        const x = numerator / 2 ** 24;
        const expected = Math.log(x);
        expect(Math.abs(logarithm(x) - expected)).toBeLessThanOrEqual(Math.abs(expected) * 2 ** -23);
      }),
    );
  });

  test('is exact at powers of two within half an ulp', () => {
    for (let exponent = -24; exponent <= 0; exponent++) {
      expect(logarithm(2 ** exponent)).toBe(Math.fround(exponent * Math.LN2));
    }
  });
});

describe('sineAndCosine', () => {
  test('agrees with Math.sin and Math.cos to float32 precision', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 24 }), (numerator) => {
        const x = Math.fround((numerator / 2 ** 24) * 2 * Math.PI);
        const { sine, cosine } = sineAndCosine(x);
        expect(Math.abs(sine - Math.sin(x))).toBeLessThan(2 ** -23);
        expect(Math.abs(cosine - Math.cos(x))).toBeLessThan(2 ** -23);
      }),
    );
  });
});
