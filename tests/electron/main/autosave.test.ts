import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PackedSession } from '../../../core/protocol/session-files';
import { Autosave } from '../../../electron/main/autosave';
import { packSession } from '../../../electron/session-file/session-file';
import { RefusalError } from '../../../electron/worker/session-client';
import { advanced, newSession } from '../../core/sessions';

const around = {
  breakpoints: { isActive: true, states: [], stop: null },
  findings: { findings: [], thresholds: {} },
  progress: null,
};

let folder: string;
let logged: string[];
let asked: (string | null)[];
let keptParts: readonly string[];
let packed: () => Promise<PackedSession | null>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
  logged = [];
  asked = [];
});
afterEach(() => rm(folder, { recursive: true }));

const sessionAt = (step: number) => async () => ({
  revision: `at ${step}`,
  ...packSession(advanced(newSession({ hiddenSize: 3, batchSize: 2 }), step), around, {
    snapshotBytes: 1,
    apart: null,
  }),
});
const newAutosave = (where = folder) =>
  new Autosave({
    folder: where,
    pack: (unless, kept) => {
      asked.push(unless);
      keptParts = kept;
      return packed();
    },
    log: (_, message) => logged.push(message),
  });

it('offers what the launch before kept, while this one keeps its own', async () => {
  packed = sessionAt(7);
  const before = newAutosave();
  await before.setAside();
  expect(await before.offer()).toBeNull();
  await before.save();

  const now = newAutosave();
  await now.setAside();
  packed = sessionAt(2);
  await now.save();
  const offer = await now.offer();
  expect(offer).toMatchObject({ program: 'decomposed-mlp', step: 7 });
  expect(Math.abs(offer!.savedAt - Date.now())).toBeLessThan(60_000);
  expect((await now.read()).bytes.length).toBeGreaterThan(1000);
  await now.decline();
  expect(await now.offer()).toBeNull();
  expect(await readdir(folder)).toEqual(['autosave']);
});

it('keeps what was accepted until the next autosave has taken its place, lest a crash in between loses it', async () => {
  packed = sessionAt(4);
  const before = newAutosave();
  await before.save();
  const now = newAutosave();
  await now.setAside();
  now.accept();
  expect(await now.offer()).toBeNull();
  expect(await readdir(folder)).toEqual(['autosave-before']);
  // The session ends before it was autosaved: it is offered again.
  await now.setAside();
  expect(await now.offer()).toMatchObject({ step: 4 });
  now.accept();
  await now.save();
  expect(await readdir(folder)).toEqual(['autosave']);
});

it('names what it has kept, so that a session that has not moved is not written again', async () => {
  packed = sessionAt(1);
  const autosave = newAutosave();
  await autosave.save();
  packed = async () => null;
  await autosave.save();
  await autosave.setAside();
  await autosave.save();
  expect(asked).toEqual([null, 'at 1', null]);
});

it('passes over a session that is just ending, and tells of a full disk once', async () => {
  packed = () => Promise.reject(new RefusalError({ code: 'cancelled', message: 'The session was closed.' }));
  await newAutosave().save();
  expect(logged).toEqual([]);
  packed = sessionAt(1);
  await writeFile(join(folder, 'a file'), '');
  const nowhere = newAutosave(join(folder, 'a file'));
  await nowhere.save();
  await nowhere.save();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('could not be autosaved');
});

it('does not offer a damaged file, says so, and does not ask again', async () => {
  await mkdir(join(folder, 'autosave'));
  await writeFile(join(folder, 'autosave', 'session.chainrule'), 'PK not really');
  const autosave = newAutosave();
  await autosave.setAside();
  expect(await autosave.offer()).toBeNull();
  expect(logged[0]).toContain('cannot be used');
  expect(await readdir(folder)).toEqual([]);
});

it('writes each part of a long session once, offers it with all of them, and lets go of those of one that is over', async () => {
  const part = (name: string) => ({ name, bytes: new Uint8Array([1, 2, 3]) });
  const withParts = (parts: readonly string[], needs: readonly string[]) => async () => ({
    ...(await sessionAt(3)()),
    parts: parts.map(part),
    needs,
  });
  const autosave = newAutosave();
  packed = withParts(['1-0-0', '1-0-1'], ['1-0-0', '1-0-1']);
  await autosave.save();
  packed = withParts(['1-0-2'], ['1-0-0', '1-0-1', '1-0-2']);
  await autosave.save();
  expect(keptParts).toEqual(['1-0-0', '1-0-1']);
  const now = newAutosave();
  await now.setAside();
  const { parts } = await now.read();
  expect(parts.map(({ name }) => name).sort()).toEqual(['1-0-0', '1-0-1', '1-0-2']);
  expect(parts.map(({ bytes }) => [...bytes])).toEqual([1, 2, 3].map(() => [1, 2, 3]));

  packed = withParts(['2-0-0'], ['2-0-0']);
  await now.save();
  packed = withParts(['3-0-0'], ['3-0-0']);
  await now.save();
  expect(await readdir(join(folder, 'autosave'))).toEqual(['3-0-0.part', 'session.chainrule']);
});

it('that did not come to an end does not take the place of what is offered', async () => {
  packed = sessionAt(7);
  await newAutosave().save();
  const second = newAutosave();
  await second.setAside();
  await mkdir(join(folder, 'autosave'));
  await writeFile(join(folder, 'autosave', '1-0-0.part'), 'a part of');
  const third = newAutosave();
  await third.setAside();
  expect(await third.offer()).toMatchObject({ step: 7 });
  expect(await readdir(folder)).toEqual(['autosave-before']);
});

it('lets a save that is under way end before it is set aside', async () => {
  const autosave = newAutosave();
  packed = sessionAt(5);
  const saving = autosave.save();
  await autosave.setAside();
  await saving;
  expect(await readdir(folder)).toEqual(['autosave-before']);
  expect(logged).toEqual([]);
});
