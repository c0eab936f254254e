import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLatestWish } from '../../../renderer/state/latest-wish';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('asks one thing at a time, and then only the newest', async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const wish = createLatestWish<string>(
    (what) => {
      asked.push(what);
      return new Promise((resolve) => answers.push(resolve));
    },
    () => 0,
  );
  for (const what of ['first', 'second', 'third']) wish(what);
  expect(asked).toEqual(['first']);
  answers[0]!();
  await vi.runAllTimersAsync();
  expect(asked).toEqual(['first', 'third']);
});

test('rests between answers, but not any longer once there is no pause', async () => {
  const asked: number[] = [];
  let pause = 500;
  const wish = createLatestWish<number>(
    async (what) => {
      asked.push(what);
    },
    () => pause,
  );
  wish(1);
  await vi.advanceTimersByTimeAsync(0);
  wish(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).toEqual([1]);
  pause = 0;
  wish(3);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([1, 3]);
});
