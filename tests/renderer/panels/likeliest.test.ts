import { expect, test } from 'vitest';
import { likeliest } from '../../../renderer/panels/samples/name-choices';

test('the likeliest characters come first, a few of them', () => {
  expect(likeliest(Float32Array.from([0.1, 0.4, 0.05, 0.3, 0.15]), 3)).toEqual([1, 3, 4]);
  expect(likeliest(new Float32Array(27).fill(1 / 27))).toHaveLength(5);
});
