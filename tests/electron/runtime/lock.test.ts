import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { withLock } from '../../../electron/runtime/lock.mjs';

const HOUR = 3_600;

describe('withLock', () => {
  let file: string;
  beforeEach(() => {
    file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'out/test.lock');
  });

  function heldBy(pid: number, ageInSeconds = 0) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${pid}\n`);
    const then = Date.now() / 1000 - ageInSeconds;
    utimesSync(file, then, then);
  }

  function deadProcess(): number {
    return spawnSync(process.execPath, ['--version']).pid;
  }

  test('lets one task at a time in, and passes on what each returns', async () => {
    let inside = 0;
    let most = 0;
    const task = async (value: number) => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return value;
    };
    const results = await Promise.all([1, 2, 3].map((value) => withLock(file, () => task(value))));
    expect(results).toEqual([1, 2, 3]);
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  test('is free again after a task failed', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withLock(file, async () => 'next')).toBe('next');
  });

  test('waits for a holder that lives, saying so once, until it lets go', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(holder, 'spawn');
    heldBy(holder.pid!);
    let announced = 0;
    const result = await withLock(
      file,
      async () => 'mine',
      () => {
        announced += 1;
        holder.kill('SIGKILL');
      },
    );
    expect(result).toBe('mine');
    expect(announced).toBe(1);
    expect(holder.killed).toBe(true);
  });

  test('takes over the lock of a dead process, and several takers still go one by one', async () => {
    heldBy(deadProcess());
    let inside = 0;
    const task = async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([withLock(file, task), withLock(file, task), withLock(file, task)]);
    expect(existsSync(`${file}.takeover`)).toBe(false);
  });

  test('takes over an hour-old lock even when its number is in use by another process now', async () => {
    heldBy(process.pid, HOUR);
    expect(await withLock(file, async () => 'mine')).toBe('mine');
  });

  test('is not stopped by a takeover that was itself interrupted long ago', async () => {
    heldBy(deadProcess());
    mkdirSync(`${file}.takeover`);
    utimesSync(`${file}.takeover`, 1, 1);
    expect(await withLock(file, async () => 'mine')).toBe('mine');
  });
});
