import { expect, test } from 'vitest';
import { describeSize } from '../../../../renderer/panels/timeline/history-size';

test('the size of the history is told in steps, snapshots and MiB', () => {
  expect(describeSize({ steps: 12_345, snapshots: 25, bytes: 1.4 * 2 ** 20 })).toBe(
    'The history keeps 12,345 steps and 25 snapshots in 1.4 MiB of memory.',
  );
  expect(describeSize({ steps: 1, snapshots: 1, bytes: 0 })).toBe(
    'The history keeps 1 step and 1 snapshot in 0.0 MiB of memory.',
  );
});
