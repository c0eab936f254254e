import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extentOf, tickFormat, ticksAround, ticksWithin } from '../../../renderer/charts/scale';

describe('the extent', () => {
  test('passes over what cannot be drawn', () => {
    expect(extentOf([Number.NaN, Number.POSITIVE_INFINITY])).toBeNull();
    expect(extentOf([])).toBeNull();
    expect(extentOf([1, Number.NaN, 3])).toEqual({ minimum: 1, maximum: 3 });
    expect(extentOf([1, Number.NaN, 3], 0.05)).toEqual({ minimum: 0.9, maximum: 3.1 });
  });

  test.each([0, 2, -3])('of %d alone has a height', (value) => {
    const single = extentOf([value]);
    expect(single?.minimum).toBeLessThan(value);
    expect(single?.maximum).toBeGreaterThan(value);
  });
});

describe('ticks', () => {
  test('stand at round numbers and never outside', () => {
    expect(ticksWithin(0, 6, 6)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ticksWithin(-1, 1, 8)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(ticksWithin(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticksWithin(0, 2205, 8)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(ticksWithin(0, 200_000, 10)).toHaveLength(11);
  });

  test('of steps are whole', () => {
    expect(ticksWithin(0, 0, 10, 1)).toEqual([0]);
    expect(ticksWithin(0, 3, 10, 1)).toEqual([0, 1, 2, 3]);
    expect(ticksWithin(0, 137, 10, 1)).toEqual([0, 20, 40, 60, 80, 100, 120]);
  });

  test('around an extent hold it', () => {
    expect(ticksAround({ minimum: 0.26, maximum: 0.55 }, 8)).toEqual([0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55]);
    expect(ticksAround({ minimum: -3.9, maximum: -0.6 }, 6)).toEqual([-4, -3, -2, -1, 0]);
  });

  const extents = fc
    .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
    .map(([minimum, height]) => ({ minimum, maximum: minimum + height }));

  test('around any extent are evenly spaced, few, and waste less than one distance at either end', () => {
    fc.assert(
      fc.property(extents, fc.integer({ min: 2, max: 10 }), (extent, most) => {
        const ticks = ticksAround(extent, most);
        const distance = ticks[1]! - ticks[0]!;
        const dust = distance * 1e-3;
        expect(ticks.length).toBeLessThanOrEqual(most + 2);
        for (const [index, tick] of ticks.entries())
          expect(Math.abs(tick - ticks[0]! - index * distance)).toBeLessThan(dust);
        for (const waste of [extent.minimum - ticks[0]!, ticks.at(-1)! - extent.maximum]) {
          expect(waste).toBeGreaterThan(-dust);
          expect(waste).toBeLessThan(distance + dust);
        }
      }),
    );
  });

  test('within any extent are inside it', () => {
    fc.assert(
      fc.property(extents, fc.integer({ min: 2, max: 10 }), ({ minimum, maximum }, most) => {
        const ticks = ticksWithin(minimum, maximum, most);
        const dust = (maximum - minimum) * 1e-3;
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThan(minimum - dust);
          expect(tick).toBeLessThan(maximum + dust);
        }
      }),
    );
  });

  test.each([
    [
      [0, 1, 2],
      ['0', '1', '2'],
    ],
    [
      [0.25, 0.3, 0.35],
      ['0.25', '0.30', '0.35'],
    ],
    [
      [-0.2, -0.1, 0],
      ['-0.2', '-0.1', '0'],
    ],
    [
      [0, 2500, 5000],
      ['0', '2500', '5000'],
    ],
    [
      [-4e-7, -2e-7, 0],
      ['-4e-7', '-2e-7', '0'],
    ],
    [
      [0, 5e5, 1e6],
      ['0', '5.0e5', '1.0e6'],
    ],
    [[1], ['1']],
  ])('%j are written alike', (ticks, texts) => {
    expect(ticks.map(tickFormat(ticks))).toEqual(texts);
  });
});
