import { expect, test } from 'vitest';
import { barsOf } from '../../../../renderer/panels/blame/bars';

const bars = (...contributions: number[]) =>
  barsOf(contributions.map((contribution) => ({ from: 'h', op: 'add', contribution })));

test('bars begin at the middle; the largest reaches its end', () => {
  expect(bars(2, -1, 0)).toEqual([
    { left: 50, width: 50 },
    { left: 25, width: 25 },
    { left: 50, width: 0 },
  ]);
  expect(bars(-4)).toEqual([{ left: 0, width: 50 }]);
});

test('nothing to show is no bar of some length', () => {
  expect(bars(0, 0)).toEqual([
    { left: 50, width: 0 },
    { left: 50, width: 0 },
  ]);
  expect(bars(Number.NaN, 1, Number.POSITIVE_INFINITY)).toEqual([null, { left: 50, width: 50 }, null]);
  expect(bars()).toEqual([]);
});
