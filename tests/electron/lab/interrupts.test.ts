import { expect, test } from 'vitest';
import { Deadline, SharedInterrupts } from '../../../electron/lab/interrupts';

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

test('a deadline interrupts once for each task, when its time is over', () => {
  let now = 100;
  const deadline = new Deadline(() => now);
  // What CPython does.
  const read = () => {
    const given = deadline.signal[0];
    deadline.signal[0] = 0;
    return given;
  };
  expect([deadline.isStopping, read()]).toEqual([false, 0]);
  deadline.begin(50);
  now = 149;
  expect([deadline.isStopping, deadline.left, read()]).toEqual([false, 1, 0]);
  now = 150;
  expect([deadline.isStopping, read(), read()]).toEqual([true, 2, 0]);
  deadline.begin(50);
  expect([deadline.isStopping, read()]).toEqual([false, 0]);
  now = 300;
  expect([deadline.isStopping, read()]).toEqual([true, 2]);
});
