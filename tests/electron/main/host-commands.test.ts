import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { About } from '../../../core/protocol/answers';
import { type AnswerHostCommand, hostCommandAnswerer } from '../../../electron/main/host-commands';
import { ProgressFile } from '../../../electron/main/progress-file';
import { describedSession } from '../fakes';

const about: About = { version: '1', electron: '45', chrome: '140', node: '24', runtime: 'here', sandboxOff: false };
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

describe('hostCommandAnswerer', () => {
  let folder: string;
  let chosen: string | null;
  let proposed: string[];
  let copied: string[];
  let warnings: string[];
  let loaded: { fileName: string; text: string }[];
  let answer: AnswerHostCommand;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
    chosen = null;
    proposed = [];
    copied = [];
    loaded = [];
    warnings = [];
    answer = hostCommandAnswerer(
      {
        askForNamesFile: async () => chosen,
        askForCodeFile: async () => chosen,
        askWhereToSavePicture: async (name) => {
          proposed.push(name);
          return chosen;
        },
        askWhereToSaveCode: async (name) => {
          proposed.push(name);
          return chosen;
        },
        writeClipboard: (text) => copied.push(text),
        about: () => about,
      },
      new ProgressFile(join(folder, 'progress.json'), (message) => warnings.push(message)),
      async (fileName, bytes) => {
        loaded.push({ fileName, text: new TextDecoder().decode(bytes) });
        return describedSession(1);
      },
    );
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('loads the names file that the person chose', async () => {
    chosen = join(folder, 'names.txt');
    await writeFile(chosen, 'emma\nolivia\n');
    expect(await answer({ type: 'chooseNames' })).toEqual(describedSession(1));
    expect(loaded).toEqual([{ fileName: 'names.txt', text: 'emma\nolivia\n' }]);
  });

  it('answers null where the person cancels', async () => {
    expect(await answer({ type: 'chooseNames' })).toBeNull();
    expect(await answer({ type: 'savePicture', name: 'loss.png', bytes: png })).toBeNull();
    expect(loaded).toEqual([]);
  });

  it('refuses a names file over 64 MiB by its size, naming it and the limit', async () => {
    chosen = join(folder, 'huge.txt');
    await writeFile(chosen, '');
    await truncate(chosen, 64 * 1024 * 1024 + 1); // Sparse: takes no room on the disk.
    await expect(answer({ type: 'chooseNames' })).rejects.toMatchObject({
      refusal: { code: 'invalid-names', message: expect.stringMatching(/huge\.txt is 64\.0 MiB.*64 MiB/) },
    });
    expect(loaded).toEqual([]);
  });

  it('refuses a names file that cannot be read, saying which and why', async () => {
    chosen = join(folder, 'missing.txt');
    await expect(answer({ type: 'chooseNames' })).rejects.toMatchObject({
      refusal: { code: 'file', message: expect.stringMatching(/missing\.txt could not be read: ENOENT/) },
    });
    chosen = folder;
    await expect(answer({ type: 'chooseNames' })).rejects.toMatchObject({ refusal: { code: 'file' } });
  });

  it('saves a picture under the name the person chose, over what was there, and leaves nothing else', async () => {
    chosen = join(folder, 'mine.png');
    await writeFile(chosen, 'old');
    expect(await answer({ type: 'savePicture', name: '../../loss.png', bytes: png })).toBe('mine.png');
    expect(proposed).toEqual(['loss.png']);
    expect(new Uint8Array(await readFile(chosen))).toEqual(png);
    expect(await readdir(folder)).toEqual(['mine.png']);
  });

  it('refuses to save what is no PNG, without asking where', async () => {
    chosen = join(folder, 'script.sh');
    await expect(
      answer({ type: 'savePicture', name: 'script.sh', bytes: new TextEncoder().encode('#!/bin/sh') }),
    ).rejects.toMatchObject({ refusal: { code: 'invalid-command' } });
    expect(proposed).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses where the picture cannot be written', async () => {
    chosen = join(folder, 'missing', 'loss.png');
    await expect(answer({ type: 'savePicture', name: 'loss.png', bytes: png })).rejects.toMatchObject({
      refusal: { code: 'file', message: expect.stringContaining('could not be written') },
    });
  });

  it('opens the Python file that the person chose, as it is, without running it', async () => {
    chosen = join(folder, 'mine.py');
    const code = 'dlogits = dprobs  # ∂L/∂logits\r\n';
    await writeFile(chosen, `\ufeff${code}`);
    expect(await answer({ type: 'openCode' })).toEqual({ fileName: 'mine.py', code });
    chosen = null;
    expect(await answer({ type: 'openCode' })).toBeNull();
  });

  it.each([
    ['latin1.py', Buffer.from([0x64, 0xe9]), /latin1\.py is not UTF-8 text/],
    ['long.py', Buffer.from('é'.repeat(200_001)), /long\.py is too long.*200,000/],
    ['huge.py', Buffer.alloc(700_000), /huge\.py is too long/],
  ])('refuses %s as code', async (name, bytes, message) => {
    chosen = join(folder, name);
    await writeFile(chosen, bytes);
    await expect(answer({ type: 'openCode' })).rejects.toMatchObject({
      refusal: { code: 'file', message: expect.stringMatching(message) },
    });
  });

  it('saves code where the person says, and opens it again', async () => {
    expect(await answer({ type: 'saveCode', code: 'dC = 1' })).toBeNull();
    chosen = join(folder, 'mine.py');
    expect(await answer({ type: 'saveCode', code: 'dC = 1 # ∂' })).toBe('mine.py');
    expect(proposed).toEqual(['backward.py', 'backward.py']);
    expect(await answer({ type: 'openCode' })).toEqual({ fileName: 'mine.py', code: 'dC = 1 # ∂' });
  });

  it('keeps progress', async () => {
    const progress = { code: 'dC = 1', trusted: false, exercise: 3, done: [1, 2], hints: { logprobs: 2 } };
    expect(await answer({ type: 'saveProgress', progress })).toBeNull();
    expect(await answer({ type: 'loadProgress' })).toEqual(progress);
    expect(warnings).toEqual([]);
  });

  it('copies text and tells about itself', async () => {
    expect(await answer({ type: 'copyText', text: 'a,b' })).toBeNull();
    expect(copied).toEqual(['a,b']);
    expect(await answer({ type: 'about' })).toEqual(about);
  });
});
