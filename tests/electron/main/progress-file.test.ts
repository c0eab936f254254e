import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Progress } from '../../../core/protocol/commands';
import { ProgressFile } from '../../../electron/main/progress-file';

const progress: Progress = { code: 'dh = dlogits @ W2.T', trusted: true, exercise: 2, done: [1], hints: { h: 3 } };
const beginning: Progress = { code: '', trusted: true, exercise: 1, done: [], hints: {} };

describe('ProgressFile', () => {
  let folder: string;
  let path: string;
  let warnings: string[];
  const open = () => new ProgressFile(path, (message) => warnings.push(message));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chainrule-progress-'));
    path = join(folder, 'progress.json');
    warnings = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('begins anew where there is no file, and gives back at the next launch what was saved', async () => {
    expect(await open().load()).toEqual(beginning);
    await open().save(progress);
    expect(await open().load()).toEqual(progress);
    expect(warnings).toEqual([]);
  });

  it('keeps the last of several saves at once, and leaves nothing unfinished behind', async () => {
    const file = open();
    await Promise.all(
      Array.from({ length: 20 }, (_, exercise) =>
        file.save({ ...progress, code: `# ${exercise}`.repeat(1000 - exercise) }),
      ),
    );
    expect((await file.load()).code).toBe('# 19'.repeat(981));
    expect(await readdir(folder)).toEqual(['progress.json']);
  });

  it.each([
    ['half a file', '{"code": "dh'],
    ['another shape', JSON.stringify({ ...progress, exercise: 9 })],
    ['something that is no progress', '[]'],
  ])('tells of %s and keeps it aside', async (_, contents) => {
    await writeFile(path, contents);
    expect(await open().load()).toEqual(beginning);
    const [kept, ...rest] = await readdir(folder);
    expect(rest).toEqual([]);
    expect(await readFile(join(folder, kept!), 'utf8')).toBe(contents);
    expect(warnings).toEqual([expect.stringContaining(kept!)]);
    await open().save(progress);
    expect(await open().load()).toEqual(progress);
    expect(await readFile(join(folder, kept!), 'utf8')).toBe(contents);
  });

  it('refuses a save that fails, and carries out the next', async () => {
    const file = new ProgressFile(join(folder, 'later', 'progress.json'), () => {});
    await expect(file.save(progress)).rejects.toMatchObject({ refusal: { code: 'file' } });
    await mkdir(join(folder, 'later'));
    await file.save(progress);
    expect(await file.load()).toEqual(progress);
  });
});
