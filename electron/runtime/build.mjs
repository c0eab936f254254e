// @ts-check
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { say, withProgress } from './progress.mjs';
import { OUT, ROOT } from './project.mjs';
import { runCommand } from './run-command.mjs';

/** Everything a build is made from, relative to the root. */
const SOURCES = ['core', 'electron', 'renderer', 'electron.vite.config.ts', 'package-lock.json', 'tsconfig.json'];

/** What a build must have left behind. */
const RESULTS = [
  'main/main.js',
  'main/worker.js',
  'main/lab.js',
  'main/cli.js',
  'preload/preload.cjs',
  'renderer/index.html',
];

/** Holds the fingerprint of the sources that `out/` was built from; written last, so a broken build never has one. */
const STAMP = join(OUT, 'built-from');

/**
 * Builds the app into `out/` unless what is there was built from the present sources.
 *
 * @returns {Promise<void>}
 * @throws {Error} with everything the build printed when it fails
 */
export async function ensureBuilt() {
  if (await isBuilt()) {
    return;
  }
  await withLock(
    join(OUT, 'build.lock'),
    async () => {
      if (await isBuilt()) {
        return;
      }
      // Taken before the build, so that a source changed meanwhile makes the build stale.
      const sources = await fingerprint(ROOT, SOURCES);
      await rm(STAMP, { force: true });
      await withProgress('building', () =>
        runCommand(process.execPath, [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'], {
          cwd: ROOT,
          env: { ...process.env, NODE_ENV: 'production' },
        }),
      );
      await writeFile(STAMP, sources);
    },
    () => say('waiting for another chainrule that is building'),
  );
}

async function isBuilt() {
  if (!existsSync(STAMP) || RESULTS.some((path) => !existsSync(join(OUT, path)))) {
    return false;
  }
  return (await readFile(STAMP, 'utf8')) === (await fingerprint(ROOT, SOURCES));
}

/**
 * One figure for a set of files: it changes when a file is added, removed, changed or moved. It goes by sizes and times,
 * not contents, because it is worked out at every start.
 *
 * @param {string} root
 * @param {readonly string[]} paths files and folders, relative to `root`
 * @returns {Promise<string>} 64 hex digits
 */
export async function fingerprint(root, paths) {
  const lines = [];
  for (const path of paths) {
    for (const file of await filesUnder(join(root, path))) {
      const { mtimeMs, size } = await stat(file);
      lines.push(`${relative(root, file)} ${mtimeMs} ${size}`);
    }
  }
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/**
 * @param {string} path
 * @returns {Promise<string[]>} the file itself, or all files under the folder; none when nothing is there
 */
async function filesUnder(path) {
  if (!existsSync(path)) {
    return [];
  }
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
