import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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
let packed: () => Promise<PackedSession | null>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
  logged = [];
  asked = [];
});
afterEach(() => rm(folder, { recursive: true }));

const sessionAt = (step: number) => async () => ({
  revision: `at ${step}`,
  bytes: packSession(advanced(newSession({ hiddenSize: 3, batchSize: 2 }), step), around, 1),
});
const newAutosave = (where = folder) =>
  new Autosave({
    folder: where,
    pack: (unless) => {
      asked.push(unless);
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
  expect((await now.read()).length).toBeGreaterThan(1000);
  await now.decline();
  expect(await now.offer()).toBeNull();
  expect(await readdir(folder)).toEqual(['autosave.chainrule']);
});

it('keeps what was accepted until the next autosave has taken its place, lest a crash in between loses it', async () => {
  packed = sessionAt(4);
  const before = newAutosave();
  await before.save();
  const now = newAutosave();
  await now.setAside();
  now.accept();
  expect(await now.offer()).toBeNull();
  expect(await readdir(folder)).toEqual(['autosave-before.chainrule']);
  // The session ends before it was autosaved: it is offered again.
  await now.setAside();
  expect(await now.offer()).toMatchObject({ step: 4 });
  now.accept();
  await now.save();
  expect(await readdir(folder)).toEqual(['autosave.chainrule']);
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
  const nowhere = newAutosave(join(folder, 'no such folder'));
  await nowhere.save();
  await nowhere.save();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('could not be autosaved');
});

it('does not offer a damaged file, says so, and does not ask again', async () => {
  await writeFile(join(folder, 'autosave.chainrule'), 'PK not really');
  const autosave = newAutosave();
  await autosave.setAside();
  expect(await autosave.offer()).toBeNull();
  expect(logged[0]).toContain('cannot be used');
  expect(await readdir(folder)).toEqual([]);
});
