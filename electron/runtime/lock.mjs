// @ts-check
import { rmSync } from 'node:fs';
import { mkdir, readFile, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** How often a waiting process looks again, in milliseconds. */
const POLL = 100;

/**
 * A lock older than this is taken over even when a process with its number runs: after a crash the number may belong to
 * something else by now, and no step here takes this long. In milliseconds.
 */
const OLDEST = 30 * 60_000;

/** How long a takeover may last before its mark is taken for left behind, in milliseconds. */
const LONGEST_TAKEOVER = 10_000;

/**
 * Runs a task while holding a lock file, so that of several processes started at once one works and the others wait and
 * then find the work done. The lock of a process that died is taken over.
 *
 * @template T
 * @param {string} file the lock file; its folder is made
 * @param {() => Promise<T>} task
 * @param {() => void} [onWait] called once when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(file, task, onWait) {
  await mkdir(dirname(file), { recursive: true });
  let waited = false;
  while (!(await tryLock(file))) {
    if (!waited) {
      waited = true;
      onWait?.();
    }
    await wait(POLL);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await task();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/**
 * @param {string} file
 * @returns {Promise<boolean>} whether this process holds the lock now
 */
async function tryLock(file) {
  if (await create(file)) {
    return true;
  }
  if (await isAbandoned(file)) {
    await takeAway(file);
  }
  return false;
}

/** @param {string} file */
async function create(file) {
  try {
    await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    return unlessCode(error, 'EEXIST', false);
  }
}

/**
 * @param {string} file
 * @returns {Promise<boolean>} whether the lock's holder is gone
 */
async function isAbandoned(file) {
  try {
    const { mtimeMs } = await stat(file);
    const holder = Number(await readFile(file, 'utf8'));
    const age = Date.now() - mtimeMs;
    // A file still without its number was created a moment ago, unless its writer died right then.
    return age > OLDEST || (holder > 0 ? !isRunning(holder) : age > LONGEST_TAKEOVER);
  } catch (error) {
    return unlessCode(error, 'ENOENT', false);
  }
}

/**
 * Removes an abandoned lock. Two processes may find the same lock abandoned; were both simply to remove it, the slower
 * would remove the lock that the faster has made since. So a folder, which only one can make, guards a second look.
 *
 * @param {string} file
 */
async function takeAway(file) {
  const guard = `${file}.takeover`;
  try {
    await mkdir(guard);
  } catch (error) {
    unlessCode(error, 'EEXIST', undefined);
    const made = await stat(guard).catch(() => null);
    if (made === null || Date.now() - made.mtimeMs < LONGEST_TAKEOVER) {
      return;
    }
  }
  try {
    if (await isAbandoned(file)) {
      await unlink(file);
    }
  } finally {
    await rmdir(guard);
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @template T
 * @param {unknown} error
 * @param {string} code the one system error that is expected
 * @param {T} value
 * @returns {T} `value` when the error is that one; any other is thrown again
 */
function unlessCode(error, code, value) {
  if (error instanceof Error && 'code' in error && error.code === code) {
    return value;
  }
  throw error;
}
