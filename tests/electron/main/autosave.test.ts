import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PackedSession, RestoredSession } from '../../../core/protocol/session-files';
import { Autosave, type KeptSession } from '../../../electron/main/autosave';
import { describeSaved, packSession } from '../../../electron/session-file/session-file';
import { refusalOf } from '../../../electron/worker/refusals';
import { RefusalError } from '../../../electron/worker/session-client';
import { advanced, newSession } from '../../core/sessions';
import { describedSession } from '../fakes';

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
    describe: async (bytes, parts) => {
      try {
        return describeSaved(bytes, parts, []);
      } catch (error) {
        throw new RefusalError(refusalOf(error));
      }
    },
    log: (_, message) => logged.push(message),
  });

/** The steps that are offered, the newest first. */
const steps = async (autosave: Autosave) => (await autosave.offers()).map(({ step }) => step);
/** The only one that is offered. */
const only = async (autosave: Autosave) => {
  const offers = await autosave.offers();
  expect(offers).toHaveLength(1);
  return offers[0]!;
};
const restored: RestoredSession = { session: describedSession(1), step: 1, progress: null };
/** Goes on with one that is offered, and gives what was read of it. */
const goOn = async (autosave: Autosave, id: string) => {
  let taken: KeptSession | undefined;
  await autosave.goOn(id, async (kept) => {
    taken = kept;
    return restored;
  });
  return taken!;
};
/** Kept sessions, by the names of their folders. */
const folders = async () => (await readdir(folder)).map((name) => name.replace(/-\d+$/, '-#'));

it('keeps nothing of the next session before the last one is set aside', async () => {
  packed = sessionAt(7);
  const autosave = newAutosave();
  await autosave.save();
  packed = async () => {
    expect(await folders()).toEqual(['autosave-before-#']);
    return sessionAt(2)();
  };
  // The session's thread died, and it is time for the next autosave.
  await Promise.all([autosave.setAside(), autosave.save()]);
  expect(logged).toEqual([]);
  expect(await steps(autosave)).toEqual([7]);
  await autosave.setAside();
  expect(await steps(autosave)).toEqual([2, 7]);
});

it('offers what the launch before kept, while this one keeps its own', async () => {
  packed = sessionAt(7);
  const before = newAutosave();
  await before.setAside();
  expect(await before.offers()).toEqual([]);
  await before.save();

  const now = newAutosave();
  await now.setAside();
  packed = sessionAt(2);
  await now.save();
  const offer = await only(now);
  expect(offer).toMatchObject({ program: 'decomposed-mlp', step: 7, lost: [] });
  expect(Math.abs(offer.savedAt - Date.now())).toBeLessThan(60_000);
  await now.decline(offer.id);
  expect(await now.offers()).toEqual([]);
  expect(await readdir(folder)).toEqual(['autosave']);
});

it('keeps what was accepted until the next autosave has taken its place, lest a crash in between loses it', async () => {
  packed = sessionAt(4);
  const before = newAutosave();
  await before.save();
  const now = newAutosave();
  await now.setAside();
  expect((await goOn(now, (await only(now)).id)).bytes.length).toBeGreaterThan(1000);
  expect(await now.offers()).toEqual([]);
  expect(await folders()).toEqual(['autosave-before-#']);
  // The session ends before it was autosaved: it is offered again.
  await now.setAside();
  const again = await only(now);
  expect(again).toMatchObject({ step: 4 });
  await goOn(now, again.id);
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

it('offers the last three sessions, the newest first, so that a short one does not take the place of a long one', async () => {
  const clock = { seconds: Date.now() / 1000 - 1000 };
  for (const step of [9, 7, 1, 2]) {
    packed = sessionAt(step);
    const autosave = newAutosave();
    await autosave.setAside();
    await autosave.save();
    // Their times are apart, however fast they are written.
    await utimes(join(folder, 'autosave', 'session.chainrule'), clock.seconds, clock.seconds);
    clock.seconds += 10;
  }
  const now = newAutosave();
  await now.setAside();
  expect(await steps(now)).toEqual([2, 1, 7]);
  const [, , longest] = await now.offers();
  await goOn(now, longest!.id);
  // The others are kept for another day.
  packed = sessionAt(8);
  await now.save();
  await now.setAside();
  expect(await steps(now)).toEqual([8, 2, 1]);
});

it('offers what an earlier version kept', async () => {
  packed = sessionAt(3);
  await newAutosave().save();
  await rename(join(folder, 'autosave'), join(folder, 'autosave-before'));
  const now = newAutosave();
  await now.setAside();
  expect(await only(now)).toMatchObject({ id: 'autosave-before', step: 3 });
});

it('reads nothing but what it offers', async () => {
  packed = sessionAt(3);
  const autosave = newAutosave();
  await autosave.save();
  for (const id of ['autosave', '..', '../..', 'autosave-before-1', '']) {
    await expect(goOn(autosave, id)).rejects.toThrow('not there any more');
    await expect(autosave.decline(id)).rejects.toThrow('not there any more');
  }
  expect(await readdir(folder)).toEqual(['autosave']);
});

it('keeps a damaged file under another name, says which, and does not offer it again', async () => {
  await mkdir(join(folder, 'autosave'));
  await writeFile(join(folder, 'autosave', 'session.chainrule'), 'PK not really');
  const autosave = newAutosave();
  await autosave.setAside();
  expect(await autosave.offers()).toEqual([]);
  const [name = ''] = await readdir(folder);
  expect(name).toMatch(/^autosave-damaged-\d+$/);
  expect(logged).toEqual([expect.stringContaining(`It is kept as ${join(folder, name)}.`)]);
  expect(await readFile(join(folder, name, 'session.chainrule'), 'utf8')).toBe('PK not really');
  expect(await autosave.offers()).toEqual([]);
  expect(logged).toHaveLength(1);
});

it('keeps one that turns out to be damaged when it is gone on with, and offers the others', async () => {
  packed = sessionAt(5);
  await newAutosave().save();
  const autosave = newAutosave();
  await autosave.setAside();
  const { id } = await only(autosave);
  const refusal = { code: 'invalid-session', message: 'It does not fit together.' } as const;
  await expect(autosave.goOn(id, () => Promise.reject(new RefusalError(refusal)))).rejects.toThrow(refusal.message);
  expect(await folders()).toEqual(['autosave-damaged-#']);
  expect(await autosave.offers()).toEqual([]);
});

it('says what cannot be had where a part is missing', async () => {
  packed = sessionAt(5);
  await newAutosave().save();
  const autosave = new Autosave({
    folder,
    pack: async () => null,
    describe: async (_, parts) => ({
      program: 'deep-stack',
      step: 40_000,
      lost: ['1-0-0', '1-0-1'].filter((part) => !parts.includes(part)).map(() => ({ branch: 0, from: 0, to: 16_383 })),
    }),
    log: (_, message) => logged.push(message),
  });
  await writeFile(join(folder, 'autosave', '1-0-1.part'), 'there');
  await writeFile(join(folder, 'autosave', '1-0-0.part.77.unfinished'), 'not there');
  await autosave.setAside();
  expect(await only(autosave)).toMatchObject({ step: 40_000, lost: [{ branch: 0, from: 0, to: 16_383 }] });
});

it('leaves what it may not read where it is', async () => {
  packed = sessionAt(5);
  await newAutosave().save();
  const autosave = newAutosave();
  await autosave.setAside();
  const { id } = await only(autosave);
  // A folder in the file's place can be read by nobody.
  await rm(join(folder, id, 'session.chainrule'));
  await mkdir(join(folder, id, 'session.chainrule'));
  expect(await autosave.offers()).toEqual([]);
  expect(logged).toEqual([expect.stringContaining('cannot be offered')]);
  expect(await readdir(folder)).toEqual([id]);
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
  const { parts } = await goOn(now, (await only(now)).id);
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
  expect(await only(third)).toMatchObject({ step: 7 });
  expect(await folders()).toEqual(['autosave-before-#']);
});

it('lets a save that is under way end before it is set aside', async () => {
  const autosave = newAutosave();
  packed = sessionAt(5);
  const saving = autosave.save();
  await autosave.setAside();
  await saving;
  expect(await folders()).toEqual(['autosave-before-#']);
  expect(logged).toEqual([]);
});
