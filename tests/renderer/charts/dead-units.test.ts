import { expect, test } from 'vitest';
import type { LayerFrame } from '../../../core/protocol/frame';
import { deadUnits } from '../../../renderer/charts/dead-units';

const moments = { mean: 0, std: 1, minimum: -1, maximum: 1 };

function layerOf(picture: readonly string[], dead: number): LayerFrame {
  const cells = picture.join('');
  const saturationMap = new Uint32Array(Math.ceil(cells.length / 32));
  [...cells].forEach((cell, bit) => {
    if (cell === '#') saturationMap[bit >> 5]! |= 1 << (bit & 31);
  });
  return {
    output: moments,
    gradient: moments,
    saturated: 0,
    dead,
    rows: picture.length,
    columns: picture[0]!.length,
    outputDensity: new Float32Array(100),
    gradientDensity: new Float32Array(100),
    saturationMap,
  };
}

test('a unit is dead where its column is saturated from top to bottom', () => {
  expect(deadUnits(layerOf(['#..#.', '##.#.', '#..##'], 2))).toEqual([0, 3]);
});

test('finds them beyond the first word of the map', () => {
  const picture = Array.from({ length: 20 }, () => '......#');
  expect(deadUnits(layerOf(picture, 1))).toEqual([6]);
});

test('there is none where the frame counts none', () => {
  expect(deadUnits(layerOf(['#.', '.#'], 0))).toEqual([]);
});
