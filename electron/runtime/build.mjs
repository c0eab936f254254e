// @ts-check
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buildKernels, KERNEL_FILES, KERNEL_SOURCES } from './build-kernels.mjs';
import { withLock } from './lock.mjs';
import { say, withProgress } from './progress.mjs';
import { OUT, ROOT } from './project.mjs';
import { runCommand } from './run-command.mjs';

/** Everything a build is made from, relative to the root. */
const SOURCES = ['core', 'electron', 'renderer', 'electron.vite.config.ts', 'package-lock.json', 'tsconfig.json'];

/**
 * Something that is built into `out/`.
 *
 * @typedef {object} Product
 * @property {string} name for the progress line
 * @property {readonly string[]} sources everything it is made from, relative to the root
 * @property {readonly string[]} results what a build must have left behind, in `out/`
 * @property {string} stamp file in `out/` with the fingerprint of the sources; written last, so a broken build has none
 * @property {() => Promise<unknown>} build
 */

/** @type {Product} */
const KERNELS = {
  name: 'compiling the kernels',
  sources: KERNEL_SOURCES,
  results: KERNEL_FILES,
  stamp: 'kernels-built-from',
  build: buildKernels,
};

/** @type {Product} */
const APP = {
  name: 'building',
  sources: SOURCES,
  results: [
    'main/main.js',
    'main/worker.js',
    'main/lab.js',
    'main/crew.js',
    'main/cli.js',
    'preload/preload.cjs',
    'preload/lab-preload.cjs',
    'python/page.js',
    'python/python-worker.js',
    'python/python.snapshot',
    'renderer/index.html',
  ],
  stamp: 'built-from',
  async build() {
    const options = { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } };
    await runCommand(
      process.execPath,
      [join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'],
      options,
    );
    // electron-vite knows one page; Python's is another, for another origin.
    const config = join(ROOT, 'electron/lab/page/vite.config.ts');
    await runCommand(
      process.execPath,
      [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--config', config],
      options,
    );
    await runCommand(process.execPath, [join(OUT, 'main/make-snapshot.js')], options);
  },
};

/**
 * Builds the kernels and the app into `out/` unless what is there was built from the present sources.
 *
 * @returns {Promise<void>}
 * @throws {Error} with everything the build printed when it fails
 */
export async function ensureBuilt() {
  await ensureProduct(KERNELS);
  await ensureProduct(APP);
}

/**
 * The kernels alone, which is what the unit tests need.
 *
 * @returns {Promise<void>}
 * @throws {Error} with everything the compiler printed when it fails
 */
export async function ensureKernels() {
  await ensureProduct(KERNELS);
}

/** @param {Product} product */
async function ensureProduct(product) {
  if (await isBuilt(product)) {
    return;
  }
  await withLock(
    join(OUT, 'build.lock'),
    async () => {
      if (await isBuilt(product)) {
        return;
      }
      // Taken before the build, so that a source changed meanwhile makes the build stale.
      const sources = await fingerprint(ROOT, product.sources);
      const stamp = join(OUT, product.stamp);
      await rm(stamp, { force: true });
      await withProgress(product.name, product.build);
      await writeFile(stamp, sources);
    },
    () => say('waiting for another chainrule that is building'),
  );
}

/** @param {Product} product */
async function isBuilt({ sources, results, stamp }) {
  const file = join(OUT, stamp);
  if (!existsSync(file) || results.some((path) => !existsSync(join(OUT, path)))) {
    return false;
  }
  return (await readFile(file, 'utf8')) === (await fingerprint(ROOT, sources));
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
