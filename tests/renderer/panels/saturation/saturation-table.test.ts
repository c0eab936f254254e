import { expect, test } from 'vitest';
import { saturationTable } from '../../../../renderer/panels/saturation/saturation-table';

test('a row an example, a column a unit, 1 where saturated', () => {
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
  expect(saturationTable(layer)).toEqual({
    columns: ['example', 'unit 0', 'unit 1', 'unit 2'],
    rows: [
      [0, 1, 0, 0],
      [1, 1, 0, 1],
    ],
  });
});
