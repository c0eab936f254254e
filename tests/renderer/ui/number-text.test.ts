import { expect, test } from 'vitest';
import { sharedSettings } from '../../../core/protocol/settings';
import { readNumber } from '../../../renderer/ui/number-text';

test.each([
  ['32', 32],
  [' 1024 ', 1024],
  ['1e2', 100],
])('reads “%s”', (text, value) => {
  expect(readNumber(text, sharedSettings.batchSize)).toEqual({ value, refusal: null });
});

test.each([
  ['', 'it is empty'],
  ['many', '“many” is not a number'],
  ['1', 'not 1'],
  ['1025', 'not 1025'],
  ['2.5', 'not 2.5'],
  ['Infinity', 'not Infinity'],
])('refuses “%s”, naming the range', (text, found) => {
  const { value, refusal } = readNumber(text, sharedSettings.batchSize);
  expect(value).toBeNull();
  expect(refusal).toContain('Batch size must be a whole number from 2 to 1024');
  expect(refusal).toContain(found);
});
