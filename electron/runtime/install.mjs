// @ts-check
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { say, withProgress } from './progress.mjs';
import { OUT, ROOT } from './project.mjs';
import { runNpm } from './run-command.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} LockFile
 */

/**
 * Installs the packages of package-lock.json with `npm ci` unless they are installed already. Works on nothing but Node
 * and npm: no package may be imported before it has run.
 *
 * @returns {Promise<void>}
 * @throws {Error} with npm's output when npm fails
 */
export async function ensureInstalled() {
  if (await isInstalled(ROOT)) {
    return;
  }
  await withLock(
    join(OUT, 'install.lock'),
    async () => {
      if (await isInstalled(ROOT)) {
        return;
      }
      await withProgress('installing packages (npm ci)', () =>
        runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT }),
      );
    },
    () => say('waiting for another chainrule that is installing packages'),
  );
}

/** @param {string} root */
async function isInstalled(root) {
  const locked = await readLockFile(join(root, 'package-lock.json'));
  const installed = await readLockFile(join(root, 'node_modules/.package-lock.json'));
  if (locked === null) {
    throw new Error(`${join(root, 'package-lock.json')} is missing; this is not a whole checkout`);
  }
  return installed !== null && isUpToDate(locked, installed);
}

/**
 * Tells whether what is installed is what the lock file asks for. It compares the two lists rather than the files' times,
 * because switching branches touches package-lock.json without changing it, and `npm ci` costs half a minute.
 *
 * @param {LockFile} locked package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json, which npm writes when an installation is complete
 * @returns {boolean}
 */
export function isUpToDate(locked, installed) {
  const have = installed.packages ?? {};
  return Object.entries(locked.packages ?? {}).every(([path, wanted]) => {
    if (path === '') {
      return true;
    }
    const found = have[path];
    if (found === undefined) {
      // Packages for other platforms are in the lock file but never installed.
      return wanted.optional === true || wanted.devOptional === true;
    }
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Promise<LockFile | null>} null when there is none
 */
async function readLockFile(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return null;
    }
    throw new Error(`${file} cannot be read: ${error}`);
  }
}
