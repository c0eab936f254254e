// @ts-check
import { existsSync } from 'node:fs';
import { withProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/** What Electron under Xvfb needs on a bare Debian, by its package names up to Debian 12 and Ubuntu 22.04. */
export const DEBIAN_PACKAGES = /** @type {const} */ ([
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libcups2',
  'xvfb',
  'xauth',
  'fonts-dejavu-core',
  'dbus',
]);

/** Package by shared library, for every library that Electron's executable links to beyond the C library. */
const PACKAGE_OF_LIBRARY = /** @type {Readonly<Record<string, string>>} */ ({
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libXss.so.1': 'libxss1',
  'libXtst.so.6': 'libxtst6',
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgdk-3.so.0': 'libgtk-3-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libsmime3.so': 'libnss3',
  'libudev.so.1': 'libudev1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
});

/** Debian 13 and Ubuntu 24.04 renamed these for the 64-bit time type, and apt may refuse the old name. */
const RENAMED = new Set([
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcups2',
  'libglib2.0-0',
  'libgtk-3-0',
]);

/**
 * @param {string} lddOutput what `ldd` printed for an executable
 * @returns {string[]} the libraries it did not find, once each
 */
export function missingLibraries(lddOutput) {
  return [...new Set([...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => String(match[1])))];
}

/**
 * @param {readonly string[]} libraries
 * @returns {{ packages: string[], unknown: string[] }} the Debian packages that bring them, sorted, and the libraries
 * that this table does not know
 */
export function packagesFor(libraries) {
  const packages = new Set();
  const unknown = [];
  for (const library of libraries) {
    const name = PACKAGE_OF_LIBRARY[library];
    if (name === undefined) {
      unknown.push(library);
    } else {
      packages.add(name);
    }
  }
  return { packages: [...packages].sort(), unknown };
}

/**
 * Sees to it that the system has the libraries that an executable links to. As root on a Debian under CI they are
 * installed; anywhere else the user decides, and is told the exact command.
 *
 * @param {string} executable
 * @returns {Promise<void>}
 * @throws {Error} naming what is missing and the command that installs it
 */
export async function ensureSystemLibraries(executable) {
  if (process.platform !== 'linux') {
    return;
  }
  const missing = missingLibraries(await runCommand('ldd', [executable]));
  if (missing.length === 0) {
    return;
  }
  const { packages, unknown } = packagesFor(missing);
  if (mayInstallPackages() && unknown.length === 0) {
    await installDebianPackages([...new Set([...packages, ...DEBIAN_PACKAGES])]);
    return;
  }
  throw new Error(
    `Electron needs system libraries that are missing: ${missing.join(', ')}.\n${await installHint(packages)}`,
  );
}

/** @returns {boolean} whether this is root on a Debian or a descendant, under CI */
export function mayInstallPackages() {
  const root = process.getuid?.() === 0;
  return root && process.env.CI === 'true' && existsSync('/etc/debian_version');
}

/**
 * @param {readonly string[]} packages by their old names
 * @returns {Promise<void>}
 */
export async function installDebianPackages(packages) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await withProgress(`installing system packages: ${packages.join(' ')}`, async () => {
    await runCommand('apt-get', ['update'], options);
    const names = await presentNames(packages);
    await runCommand('apt-get', ['install', '--yes', '--no-install-recommends', ...names], options);
  });
}

/**
 * @param {readonly string[]} packages by their old names
 * @returns {Promise<string>} the sentence that tells a user how to install them
 */
export async function installHint(packages) {
  if (packages.length === 0) {
    return 'The package manager of your system has them.';
  }
  if (!existsSync('/etc/debian_version')) {
    return `Install what your system calls these Debian packages: ${packages.join(' ')}`;
  }
  return `To install: sudo apt-get update && sudo apt-get install ${(await presentNames(packages)).join(' ')}`;
}

/**
 * @param {readonly string[]} packages by their old names
 * @returns {Promise<string[]>} by the names that this system's apt knows
 */
async function presentNames(packages) {
  return Promise.all(
    packages.map(async (name) => {
      const renamed = `${name}t64`;
      return RENAMED.has(name) && (await aptKnows(renamed)) ? renamed : name;
    }),
  );
}

/** @param {string} name */
async function aptKnows(name) {
  try {
    await runCommand('apt-cache', ['show', name]);
    return true;
  } catch {
    // apt-cache ends with an error for a name it does not know; that is its answer.
    return false;
  }
}
