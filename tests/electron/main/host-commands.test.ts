import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { About } from '../../../core/protocol/answers';
import type { SessionCommand } from '../../../core/protocol/commands';
import { type AnswerHostCommand, hostCommandAnswerer } from '../../../electron/main/host-commands';
import { ProgressFile } from '../../../electron/main/progress-file';
import type { SessionSupervisor } from '../../../electron/main/session-supervisor';
import { describedSession } from '../fakes';

const about: About = {
  version: '1',
  electron: '45',
  chrome: '140',
  node: '24',
  runtime: 'here',
  sandboxOff: false,
  outOfSupport: null,
};
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

describe('hostCommandAnswerer', () => {
  let folder: string;
  let chosen: string | null;
  let proposed: string[];
  let copied: string[];
  let warnings: string[];
  let loaded: { fileName: string; text: string }[];
  let unpacked: Uint8Array[];
  let declined: string[];
  let accepted: string[];
  let answer: AnswerHostCommand;

  const propose = async (name: string) => {
    proposed.push(name);
    return chosen;
  };
  /** The session's answers. */
  const answerAs = (async (command: SessionCommand) => {
    switch (command.type) {
      case 'loadNames':
        loaded.push({ fileName: command.fileName, text: new TextDecoder().decode(command.bytes) });
        return describedSession(1);
      case 'packSession':
        return { revision: '', bytes: new Uint8Array([1, 2]) };
      case 'tensors':
        return new Uint8Array([3]);
      case 'unpackSession':
        unpacked.push(command.bytes);
        return { session: describedSession(2), step: 5, progress: null };
      default:
        throw new Error(`Not expected: ${command.type}`);
    }
  }) as SessionSupervisor['request'];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
    chosen = null;
    proposed = [];
    copied = [];
    loaded = [];
    warnings = [];
    unpacked = [];
    declined = [];
    accepted = [];
    answer = hostCommandAnswerer({
      desktop: {
        askForNamesFile: async () => chosen,
        askForCodeFile: async () => chosen,
        askForSessionFile: async () => chosen,
        askWhereToSavePicture: propose,
        askWhereToSaveCode: propose,
        askWhereToSaveSession: propose,
        askWhereToSaveEvidence: propose,
        askWhereToSaveTensors: propose,
        writeClipboard: (text) => copied.push(text),
        about: () => about,
      },
      progressFile: new ProgressFile(join(folder, 'progress.json'), (message) => warnings.push(message)),
      autosave: {
        offers: async () => [],
        goOn: async (id, unpack) => {
          accepted.push(id);
          return unpack({ bytes: new Uint8Array([7]), parts: [] });
        },
        decline: async (id) => {
          declined.push(id);
        },
      },
      session: { request: answerAs },
    });
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

  it('opens a notebook as the code of its cells that write gradients', async () => {
    const cells = [
      { cell_type: 'code', source: 'plt.plot(x)' },
      { cell_type: 'code', source: ['dh = h\n', 'dW2 = h'] },
    ];
    const text = JSON.stringify({ nbformat: 4, cells });
    const code = '# cell 1 is skipped: it only draws.\n\n# cell 2\ndh = h\ndW2 = h\n';
    chosen = join(folder, 'mine.ipynb');
    await writeFile(chosen, text);
    expect(await answer({ type: 'openCode' })).toEqual({ fileName: 'mine.ipynb', code });
    expect(await answer({ type: 'readNotebook', fileName: 'mine.ipynb', text })).toEqual({
      fileName: 'mine.ipynb',
      code,
    });
    await truncate(chosen, 10);
    const refusal = { code: 'file', message: expect.stringMatching(/^mine\.ipynb is not a notebook/) };
    await expect(answer({ type: 'openCode' })).rejects.toMatchObject({ refusal });
    await expect(answer({ type: 'readNotebook', fileName: 'mine.ipynb', text: '{' })).rejects.toMatchObject({
      refusal,
    });
    await truncate(chosen, 64 * 1024 * 1024 + 1);
    await expect(answer({ type: 'openCode' })).rejects.toMatchObject({
      refusal: { code: 'file', message: expect.stringMatching(/64\.0 MiB\. A notebook may have up to 64 MiB: clear/) },
    });
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

  it('saves the session and the tensors where the person says, and opens a session from there', async () => {
    const progress = { code: '', trusted: true, exercise: 1, done: [], hints: {} };
    expect(await answer({ type: 'saveSession', progress })).toBeNull();
    expect(await answer({ type: 'openSession' })).toBeNull();
    chosen = join(folder, 'mine.chainrule');
    expect(await answer({ type: 'saveSession', progress })).toBe('mine.chainrule');
    expect(proposed.at(-1)).toBe('session.chainrule');
    expect([...(await readFile(chosen))]).toEqual([1, 2]);
    expect(await answer({ type: 'openSession' })).toMatchObject({ step: 5 });
    expect(unpacked.map((bytes) => [...bytes])).toEqual([[1, 2]]);
    expect(await answer({ type: 'saveTensors' })).toBe('mine.chainrule');
    expect([...(await readFile(chosen))]).toEqual([3]);
  });

  it('goes on with the autosave and then offers it no more; or throws it away', async () => {
    expect(await answer({ type: 'autosaveOffers' })).toEqual([]);
    expect(await answer({ type: 'acceptAutosave', id: 'a' })).toMatchObject({ step: 5 });
    expect(unpacked.map((bytes) => [...bytes])).toEqual([[7]]);
    expect([accepted, declined]).toEqual([['a'], []]);
    await answer({ type: 'declineAutosave', id: 'b' });
    expect([accepted, declined]).toEqual([['a'], ['b']]);
  });

  it('refuses a session file over 1 GiB by its size', async () => {
    chosen = join(folder, 'huge.chainrule');
    await writeFile(chosen, '');
    await truncate(chosen, 2 ** 30 + 1);
    await expect(answer({ type: 'openSession' })).rejects.toMatchObject({ refusal: { code: 'invalid-session' } });
  });
});
