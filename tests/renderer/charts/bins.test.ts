import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { binEdge, densityAt, niceLimit, outline } from '../../../renderer/charts/bins';

const histogram = { minimum: -1, maximum: 1, density: Float32Array.of(0.25, 0.5, 0.25, 1) };

test('the outline goes from the ground over every bin back to the ground', () => {
  expect(outline(histogram)).toEqual([
    { x: -1, density: 0 },
    { x: -1, density: 0.25 },
    { x: -0.5, density: 0.5 },
    { x: 0, density: 0.25 },
    { x: 0.5, density: 1 },
    { x: 1, density: 0 },
  ]);
});

test('an empty range is widened by a half either way, as torch.histogram does', () => {
  const constant = { minimum: 3, maximum: 3, density: Float32Array.of(0, 1) };
  expect([0, 1, 2].map((bin) => binEdge(constant, bin))).toEqual([2.5, 3, 3.5]);
  expect(densityAt(constant, 3.2)).toBe(1);
});

test('the density at a value is its bin’s; the last bin includes its right edge', () => {
  expect([-1, -0.6, 0, 0.99, 1].map((x) => densityAt(histogram, x))).toEqual([0.25, 0.25, 0.25, 1, 1]);
  expect([-1.01, 1.01].map((x) => densityAt(histogram, x))).toEqual([0, 0]);
});

test('where no number is finite there is no density, not one of 0', () => {
  const none = { minimum: Number.NaN, maximum: Number.NaN, density: new Float32Array(2) };
  expect(densityAt(none, 0)).toBeNaN();
});

test('axis ends are round and stay put while numbers move a little', () => {
  expect([0.9, 1, 1.01, 3.4, 7, 8.5, 0.0312, 4e-9].map(niceLimit)).toEqual([1, 1, 2, 4, 8, 10, 0.04, 4e-9]);
  expect([0, -1, Number.NaN, Number.POSITIVE_INFINITY].map(niceLimit)).toEqual([1, 1, 1, 1]);
});

test('an axis holds its value without wasting more than half', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (value) => {
      const limit = niceLimit(value);
      expect(limit).toBeGreaterThanOrEqual(value * (1 - 1e-12));
      expect(limit).toBeLessThanOrEqual(value * 2 * (1 + 1e-12));
    }),
  );
});
