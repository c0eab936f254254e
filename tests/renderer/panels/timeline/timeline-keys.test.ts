import { expect, test } from 'vitest';
import { stepOfKey } from '../../../../renderer/panels/timeline/timeline';

test('keys go a step, a tenth, or to either end, and never beyond', () => {
  expect(stepOfKey('ArrowLeft', 50, 100)).toBe(49);
  expect(stepOfKey('ArrowRight', 50, 100)).toBe(51);
  expect(stepOfKey('PageUp', 50, 100)).toBe(60);
  expect(stepOfKey('PageDown', 5, 100)).toBe(0);
  expect(stepOfKey('ArrowRight', 100, 100)).toBe(100);
  expect(stepOfKey('Home', 50, 100)).toBe(0);
  expect(stepOfKey('End', 50, 100)).toBe(100);
  expect(stepOfKey('a', 50, 100)).toBeNull();
});
