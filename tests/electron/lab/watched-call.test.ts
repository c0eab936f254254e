import { expect, test } from 'vitest';
import { watchedCalls } from '../../../electron/lab/watched-call';

test('a call that takes longer than it may is given up, and the others give what they give', () => {
  let given = 0;
  const around = watchedCalls(
    () => 50,
    () => given++,
  );
  expect(around(() => 'an answer')).toBe('an answer');
  expect(() =>
    around(() => {
      throw new RangeError('of its own');
    }),
  ).toThrow('of its own');
  expect(given).toBe(0);
  expect(() =>
    around(() => {
      for (;;);
    }),
  ).toThrow('timed out');
  expect(given).toBe(1);
});
