import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNamesFile, readOwnCode, readSessionFile } from '../../../electron/main/files';
import { readRegularFile, TooLargeError } from '../../../electron/main/regular-file';
import { chainrule } from '../cli/in-place';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
  await symlink('/dev/zero', join(folder, 'zero.py'));
  await symlink('/dev/zero', join(folder, 'zero.ipynb'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.py'), join(folder, 'pipe.txt')]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('readRegularFile', () => {
  it('reads a file, also an empty one and one of just as many bytes as it may have', async () => {
    const path = join(folder, 'file');
    for (const content of ['', 'abc', 'x'.repeat(3_000_001)]) {
      await writeFile(path, content);
      expect(Buffer.from(await readRegularFile(path, content.length)).equals(Buffer.from(content))).toBe(true);
    }
    await appendFile(path, 'y');
    await expect(readRegularFile(path, 3_000_001)).rejects.toThrow(TooLargeError);
    await expect(readRegularFile(folder, 10)).rejects.toThrow(/a folder|EISDIR/);
  });

  it.skipIf(process.platform !== 'linux')(
    'reads a file that says that it has no bytes, and no more of it than it may',
    async () => {
      expect((await readRegularFile('/proc/self/status', 100_000)).length).toBeGreaterThan(100);
      await expect(readRegularFile('/proc/self/status', 100)).rejects.toThrow(TooLargeError);
    },
  );
});

describe.skipIf(process.platform === 'win32')('what is no file is refused at once, whoever reads', () => {
  it.each([
    ['code', 'zero.py', readOwnCode],
    ['code', 'pipe.py', readOwnCode],
    ['a notebook', 'zero.ipynb', readOwnCode],
    ['names', 'zero.py', readNamesFile],
    ['names', 'pipe.txt', readNamesFile],
    ['a session', 'zero.py', readSessionFile],
    ['a session', 'pipe.txt', readSessionFile],
  ])('%s: %s', async (_, name, read) => {
    await expect(read(join(folder, name))).rejects.toMatchObject({
      refusal: {
        code: 'file',
        message: expect.stringMatching(/could not be read: it is a device or a pipe, not a file\./),
      },
    });
  });

  it.each([
    [['check', 'zero.py']],
    [['check', 'pipe.py']],
    [['verify', 'zero.py']],
    [['verify', 'pipe.py']],
    [['run', '--names', 'pipe.txt']],
    [['run', '--names', 'zero.py']],
  ])('by chainrule %j, which ends with 2', async (argv) => {
    const inFolder = argv.map((word) => (word.includes('.') ? join(folder, word) : word));
    const { code, errors } = await chainrule(inFolder);
    expect(errors).toContain('a device or a pipe, not a file');
    expect(code).toBe(2);
  });
});
