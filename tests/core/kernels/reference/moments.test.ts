import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moments, standardDeviation } from '../../../../core/kernels/reference/moments';

describe('moments', () => {
  it('are mean, unbiased deviation, least and largest', () => {
    expect(moments([1, 2, 3, 4])).toEqual({ mean: 2.5, std: Math.sqrt(5 / 3), minimum: 1, maximum: 4 });
  });

  it('do not lose a small spread about a large mean', () => {
    expect(moments([1e8, 1e8 + 1, 1e8 + 2]).std).toBe(1);
  });

  it('are NaN wherever a number is', () => {
    for (const values of [
      [Number.NaN, 1, 2],
      [1, Number.NaN, 2],
      [1, 2, Number.NaN],
    ]) {
      expect(moments(values)).toEqual({ mean: Number.NaN, std: Number.NaN, minimum: Number.NaN, maximum: Number.NaN });
    }
  });

  it('have no deviation for a single number, as torch.std', () => {
    expect(moments([7])).toEqual({ mean: 7, std: Number.NaN, minimum: 7, maximum: 7 });
  });

  it('scale and shift with the numbers', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: -9, max: 9 }), (numbers, shift) => {
        const moved = moments(numbers.map((value) => -2 * value + shift));
        const plain = moments(numbers);
        expect(moved.mean).toBeCloseTo(-2 * plain.mean + shift, 9);
        expect(moved.std).toBeCloseTo(2 * plain.std, 9);
        expect(moved.minimum).toBe(-2 * plain.maximum + shift);
        expect(standardDeviation(numbers)).toBe(plain.std);
      }),
    );
  });
});
