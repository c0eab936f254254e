import { expect, test } from 'vitest';
import { densityTable } from '../../../../renderer/panels/distribution/density-table';

test('one row a bin, with each line’s own edge and density', () => {
  const lines = [
    {
      key: 'layer 1 (Tanh)',
      colour: 'red',
      histogram: { minimum: -1, maximum: 1, density: Float32Array.of(0.25, 0.75) },
    },
    { key: 'layer 3 (Tanh)', colour: 'blue', histogram: { minimum: 0, maximum: 4, density: Float32Array.of(0.5, 0) } },
  ];
  expect(densityTable(lines)).toEqual({
    columns: ['bin', 'layer 1 (Tanh) from', 'layer 1 (Tanh) density', 'layer 3 (Tanh) from', 'layer 3 (Tanh) density'],
    rows: [
      [0, -1, 0.25, 0, 0.5],
      [1, 0, 0.75, 2, 0],
    ],
  });
});

test('no layers make an empty table', () => {
  expect(densityTable([])).toEqual({ columns: ['bin'], rows: [] });
});

test('a layer without a finite number has no edges and no densities', () => {
  const none = { minimum: Number.NaN, maximum: Number.NaN, density: new Float32Array(1) };
  const { rows } = densityTable([{ key: 'h (Tanh)', colour: 'red', histogram: none }]);
  expect(rows).toEqual([[0, Number.NaN, Number.NaN]]);
});
