import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { fingerprint } from '../../../electron/runtime/build.mjs';
import { isUpToDate } from '../../../electron/runtime/install.mjs';

describe('whether the packages are installed', () => {
  const locked = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/react': { version: '19.3.1', integrity: 'sha512-a' },
      'node_modules/binding-for-elsewhere': { version: '1.0.0', integrity: 'sha512-b', optional: true },
    },
  };

  test('they are when each is there, other platforms’ packages aside', () => {
    const installed = { packages: { 'node_modules/react': { version: '19.3.1', integrity: 'sha512-a' } } };
    expect(isUpToDate(locked, installed)).toBe(true);
  });

  test.each([
    ['nothing is there', {}],
    ['one is missing', { packages: {} }],
    ['one has another version', { packages: { 'node_modules/react': { version: '19.3.0', integrity: 'sha512-a' } } }],
    ['one has other contents', { packages: { 'node_modules/react': { version: '19.3.1', integrity: 'sha512-c' } } }],
  ])('they are not when %s', (_, installed) => {
    expect(isUpToDate(locked, installed)).toBe(false);
  });
});

describe('the fingerprint of the sources', () => {
  let root: string;
  const paths = ['core', 'package-lock.json', 'absent'];
  const now = () => fingerprint(root, paths);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sources-'));
    mkdirSync(join(root, 'core/tensor'), { recursive: true });
    writeFileSync(join(root, 'core/tensor/shape.ts'), 'a');
    writeFileSync(join(root, 'package-lock.json'), '{}');
    writeFileSync(join(root, 'unrelated.txt'), '');
  });

  test('stays when nothing changes, and when something else does', async () => {
    const before = await now();
    writeFileSync(join(root, 'unrelated.txt'), 'changed');
    expect(await now()).toBe(before);
  });

  test.each([
    ['a file is added', () => writeFileSync(join(root, 'core/added.ts'), '')],
    ['a file is removed', () => rmSync(join(root, 'core/tensor/shape.ts'))],
    ['a file grows', () => writeFileSync(join(root, 'core/tensor/shape.ts'), 'ab')],
    ['a file gets older', () => utimesSync(join(root, 'core/tensor/shape.ts'), 1, 1)],
    ['the lock file changes', () => writeFileSync(join(root, 'package-lock.json'), '{ }')],
  ])('changes when %s', async (_, change) => {
    const before = await now();
    change();
    expect(await now()).not.toBe(before);
  });
});
