import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Electron supports its latest three major versions (electronjs.org/docs/latest/tutorial/electron-timelines). */
const supportedMajors = 3;
const toldName = 'told-of-electron';

/**
 * What follows from running on an Electron that gets no more security updates, for a person; null where it does get them.
 * @param running its version, as `33.3.0`.
 * @param newest the version that the app is made for, as package.json has it: `^45.4.1`.
 */
export function outOfSupport(running: string, newest: string): string | null {
  const [major = Number.NaN, latest = Number.NaN] = [running, newest].map((version) =>
    Number(/\d+/.exec(version)?.[0]),
  );
  const oldest = latest - supportedMajors + 1;
  if (!(major < oldest)) return null;
  return `Electron ${running} gets no more security updates; ${oldest} to ${latest} do. Flaws found in its Chromium since then stay open, so open only sessions, notebooks and code of people you trust. A newer Electron is used where ELECTRON_OVERRIDE_DIST_PATH names its folder, or where its official download can be reached at the first start.`;
}

/** The Electron that the app in this folder is made for. */
export async function declaredElectron(appFolder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(appFolder, 'package.json'), 'utf8'));
  const hasDependencies = typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest;
  const dependencies = hasDependencies ? manifest.dependencies : null;
  const isDeclared = typeof dependencies === 'object' && dependencies !== null && 'electron' in dependencies;
  return isDeclared ? String(dependencies.electron) : '';
}

/** Whether this version is told of for the first time; from then on it is not. */
export async function isFirstTold(userData: string, version: string): Promise<boolean> {
  const path = join(userData, toldName);
  const told = await readFile(path, 'utf8').catch(() => '');
  if (told === version) return false;
  // Where it cannot be kept, it is told again.
  await writeFile(path, version).catch(() => undefined);
  return true;
}
