import { expect, test } from 'vitest';
import { lossPoints, lossTable, lowestLoss } from '../../../../renderer/panels/loss/loss-curves';

const history = {
  steps: Float64Array.of(0, 10),
  minimum: Float64Array.of(10, 1),
  maximum: Float64Array.of(1000, 100),
  log10: Float64Array.of(2, 1),
  smoothed: Float64Array.of(1.75, 1.5),
};

test('on the log scale the history’s logarithms stay as they are and the band joins them', () => {
  expect(lossPoints(history, 'log10')).toEqual([
    { step: 0, values: [2, 1.75], band: [1, 3] },
    { step: 10, values: [1, 1.5], band: [0, 2] },
  ]);
});

test('on the linear scale all are losses', () => {
  const [first] = lossPoints(history, 'linear');
  expect(first?.values[0]).toBeCloseTo(100, 10);
  expect(first?.values[1]).toBeCloseTo(10 ** 1.75, 10);
  expect(first?.band).toEqual([10, 1000]);
});

test('other branches stand beside it as far as they go', () => {
  const other = { ...history, steps: Float64Array.of(0, 5), smoothed: Float64Array.of(1, 0.5) };
  expect(lossPoints(history, 'log10', [other]).map(({ values }) => values[2])).toEqual([1, 0.5]);
  const longer = { ...history, steps: Float64Array.of(0, 10, 20) };
  expect(lossPoints(longer, 'log10', [other])[2]!.values[2]).toBeNaN();
});

test('the lowest loss is that of all steps; none is no number', () => {
  expect(lowestLoss(history)).toBe(1);
  expect(lowestLoss({ ...history, minimum: new Float64Array() })).toBeNaN();
});

test('the table says all that the history does', () => {
  expect(lossTable(history).rows).toEqual([
    [0, 10, 1000, 2, 1.75],
    [10, 1, 100, 1, 1.5],
  ]);
});
