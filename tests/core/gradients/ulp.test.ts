import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ulpDistance } from '../../../core/gradients/ulp';

const float = fc.float({ noNaN: true });
/** The float32 after this one, counted away from zero: the next bit pattern. */
const neighbour = (value: number) => {
  const bits = new Int32Array(new Float32Array([value]).buffer);
  bits[0]!++;
  return new Float32Array(bits.buffer)[0]!;
};

describe('ulpDistance', () => {
  it('is a distance: symmetric, zero only for equals, and adding up along the line', () => {
    fc.assert(
      fc.property(float, float, float, (a, b, c) => {
        const [low, middle, high] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number];
        expect(ulpDistance(a, b)).toBe(ulpDistance(b, a));
        expect(ulpDistance(a, b) === 0).toBe(a === b);
        expect(ulpDistance(low, middle) + ulpDistance(middle, high)).toBe(ulpDistance(low, high));
      }),
    );
  });

  it('is 1 for neighbours, of any size', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(ulpDistance(value, neighbour(value))).toBe(1);
      }),
    );
    expect(ulpDistance(1, 1 + 2 ** -23)).toBe(1);
  });

  it('takes the two zeros for one, and counts through them', () => {
    const least = 2 ** -149;
    expect(ulpDistance(0, -0)).toBe(0);
    expect(ulpDistance(0, least)).toBe(1);
    expect(ulpDistance(-least, least)).toBe(2);
  });

  it('puts infinity after the largest number', () => {
    expect(ulpDistance(Infinity, 3.4028234663852886e38)).toBe(1);
    expect(ulpDistance(Infinity, Infinity)).toBe(0);
  });

  it('is infinite where exactly one is not a number', () => {
    expect(ulpDistance(Number.NaN, 1)).toBe(Infinity);
    expect(ulpDistance(1, Number.NaN)).toBe(Infinity);
    expect(ulpDistance(Number.NaN, Number.NaN)).toBe(0);
  });
});
