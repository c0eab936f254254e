import { expect, test } from 'vitest';
import { SharedInterrupts } from '../../../electron/lab/interrupts';

test('what one thread raises the other sees, and CPython with it, until the next task begins', () => {
  const ours = new SharedInterrupts();
  const theirs = new SharedInterrupts(ours.memory);
  expect(theirs.isStopping).toBe(false);
  ours.raise();
  expect(theirs.isStopping).toBe(true);
  // CPython reads SIGINT in the first byte.
  expect(theirs.signal[0]).toBe(2);
  ours.clear();
  expect(theirs.isStopping).toBe(false);
  expect(theirs.signal[0]).toBe(0);
});
