import { expect, test } from 'vitest';
import { extentOf, roundSteps } from '../../../renderer/panels/timeline/scale';

test('ticks stand at round steps and never outside', () => {
  expect(roundSteps(0, 10)).toEqual([0]);
  expect(roundSteps(3, 10)).toEqual([0, 1, 2, 3]);
  expect(roundSteps(137, 10)).toEqual([0, 20, 40, 60, 80, 100, 120]);
  expect(roundSteps(200_000, 10)).toHaveLength(11);
});

test('the extent passes over what cannot be drawn and has a height', () => {
  expect(extentOf([Number.NaN, Number.POSITIVE_INFINITY])).toBeNull();
  expect(extentOf([])).toBeNull();
  const single = extentOf([2]);
  expect(single?.minimum).toBeLessThan(2);
  expect(single?.maximum).toBeGreaterThan(2);
  expect(extentOf([1, Number.NaN, 3])).toEqual({ minimum: 0.9, maximum: 3.1 });
});
