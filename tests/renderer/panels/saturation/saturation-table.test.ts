import { expect, test } from 'vitest';
import { saturationTable } from '../../../../renderer/panels/saturation/saturation-table';

const moments = { mean: 0, std: 1, minimum: -1, maximum: 1 };
const layer = {
  output: moments,
  gradient: moments,
  saturated: 0.5,
  dead: 1,
  rows: 2,
  columns: 3,
  outputDensity: new Float32Array(100),
  gradientDensity: new Float32Array(100),
  saturationMap: Uint32Array.of(0b101_001),
};

test('a row an example, a column a unit, 1 where saturated', () => {
  expect(saturationTable(layer)).toEqual({
    columns: ['example', 'unit 0', 'unit 1', 'unit 2'],
    rows: [
      [0, 1, 0, 0],
      [1, 1, 0, 1],
    ],
  });
});

test('a layer whose outputs are not numbers has no cell that is known', () => {
  const { rows } = saturationTable({ ...layer, saturated: Number.NaN, dead: Number.NaN });
  expect(rows).toEqual([
    [0, Number.NaN, Number.NaN, Number.NaN],
    [1, Number.NaN, Number.NaN, Number.NaN],
  ]);
});
