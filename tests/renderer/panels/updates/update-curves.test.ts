import { expect, test } from 'vitest';
import { updateLines, updatePoints, updateTable } from '../../../../renderer/panels/updates/update-curves';

const parameters = [
  { name: 'C', shape: [27, 10], elements: 270 },
  { name: 'b1', shape: [64], elements: 64 },
  { name: 'W2', shape: [64, 27], elements: 1728 },
];
const history = {
  steps: Float64Array.of(0, 5),
  ratios: [Float64Array.of(-3, -3.1), Float64Array.of(-2, -2.1), Float64Array.of(-4, -4.1)],
};
const palette = ['red', 'green', 'blue'];

test('as in the notebook only 2-D parameters are drawn, unless all are wanted', () => {
  expect(updateLines(parameters, false, palette).map(({ key }) => key)).toEqual(['C', 'W2']);
  expect(updateLines(parameters, true, palette).map(({ key }) => key)).toEqual(['C', 'b1', 'W2']);
});

test('a parameter keeps its colour whichever are drawn', () => {
  const colourOf = (all: boolean) => updateLines(parameters, all, palette).find(({ key }) => key === 'W2')?.colour;
  expect(colourOf(false)).toBe('blue');
  expect(colourOf(true)).toBe('blue');
});

test('each line takes its own parameter’s ratios', () => {
  const lines = updateLines(parameters, false, palette);
  expect(updatePoints(history, lines)).toEqual([
    { step: 0, values: [-3, -4] },
    { step: 5, values: [-3.1, -4.1] },
  ]);
  expect(updateTable(history, lines)).toEqual({
    columns: ['step', 'C log10 update:data', 'W2 log10 update:data'],
    rows: [
      [0, -3, -4],
      [5, -3.1, -4.1],
    ],
  });
});
