import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { partSteps, SavedSessionError } from '../../../core/debugger/saved-session';
import type { Session } from '../../../core/debugger/session';
import { defaultSnapshotBudget } from '../../../core/debugger/time-travel/snapshot-store';
import type { SessionPart } from '../../../core/protocol/session-files';
import { OutOfMemoryError } from '../../../core/tensor/heap';
import { packContainer, SessionFileError, unpackContainer } from '../../../electron/session-file/container';
import { packSession, readSession } from '../../../electron/session-file/session-file';
import { builtInNames } from '../../../electron/worker/built-in-names';
import { advanced, everyBit, newSession } from '../../core/sessions';

const small = { hiddenSize: 4, batchSize: 4 } as const;
const around = {
  breakpoints: { isActive: true, states: [], stop: null },
  findings: { findings: [], thresholds: {} },
  progress: null,
};

/** The session as one file. */
const fileOf = (session: Session, snapshotBytes = defaultSnapshotBudget) =>
  packSession(session, around, { snapshotBytes, apart: null }).bytes;

/** A small session with a fork, as a file. */
function sample() {
  const session = advanced(newSession(small), 12);
  for (const _ of session.goTo(5));
  session.fork({ learningRate: 0.05, learningRateDropStep: 100, droppedLearningRate: 0.01 });
  advanced(session, 4);
  return { session, file: fileOf(session) };
}

/** The session in a file, where it stood. */
function restored(file: Uint8Array, parts: readonly SessionPart[] = []) {
  const { saved, settings, branches, data } = readSession(file, parts, builtInNames());
  const session = newSession(settings, data);
  for (const _ of session.restoreBranches(branches, saved.step).travel);
  return session;
}

describe('a saved session', () => {
  it('comes back bit for bit, with its branches and all that was', () => {
    const { session, file } = sample();
    const back = restored(file);
    expect(everyBit(back)).toEqual(everyBit(session));
    expect(back.timeline()).toEqual(session.timeline());
    expect(back.history.losses()).toEqual(session.history.losses());
    expect(back.branch(0).history.losses()).toEqual(session.branch(0).history.losses());
    expect(everyBit(advanced(back, 7))).toEqual(everyBit(advanced(session, 7)));
    for (const each of [back, session]) for (const _ of each.switchTo(0));
    expect(everyBit(back)).toEqual(everyBit(session));
  });

  it('comes back from within a step at the step before, and from a training by hand', () => {
    const session = advanced(newSession(small), 3);
    session.stepOp();
    session.stepOp();
    expect(restored(fileOf(session)).step).toBe(3);
    const byHand = newSession(small);
    byHand.chooseBackward('fused', null);
    byHand.trainByBuiltIn(true);
    advanced(byHand, 4).settle();
    expect(everyBit(restored(fileOf(byHand, 1)))).toEqual(everyBit(byHand));
  });

  it('from a training by code, comes back where there is a snapshot, and says where it cannot go', () => {
    const byCode = newSession(small);
    for (let step = 0; step < 4; step++) {
      const { parameters } = byCode.network;
      byCode.prepareUpdate(
        new Map(parameters.map(({ name, shape, tensor }) => [name, { shape, values: tensor.values().fill(0.01) }])),
      );
      byCode.advance();
    }
    const back = restored(fileOf(byCode, 1));
    expect(everyBit(back)).toEqual(everyBit(byCode));
    expect(() => back.goTo(2)).toThrow('step 0 was updated by gradients of code, which are not kept. Step 0 can.');
    expect(back.step).toBe(4);
  });

  it('keeps to the snapshots it is allowed, and still goes to every step', () => {
    const session = advanced(newSession(small), 2600);
    const all = fileOf(session);
    const few = fileOf(session, 1);
    expect(few.length).toBeLessThan(all.length);
    const back = restored(few);
    for (const step of [2600, 1700, 3]) {
      for (const each of [back, session]) for (const _ of each.goTo(step));
      expect(everyBit(back)).toEqual(everyBit(session));
    }
  });

  it('after any moves, comes back as it was', () => {
    const move = fc.oneof(fc.nat(12), fc.constantFrom('advance', 'fork', 'op'));
    fc.assert(
      fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
        const session = newSession(small);
        for (const next of moves) {
          if (typeof next === 'number') for (const _ of session.goTo(Math.min(next, session.head)));
          else if (next === 'advance') advanced(session, 3);
          else if (next === 'op') session.stepOp();
          else if (session.position === null)
            session.fork({ learningRate: 0.03, learningRateDropStep: 9, droppedLearningRate: 0.01 });
        }
        const step = Math.min(session.step, session.head);
        const back = restored(fileOf(session));
        for (const _ of session.goTo(step));
        expect(everyBit(back)).toEqual(everyBit(session));
        expect(back.timeline()).toEqual(session.timeline());
      }),
      { numRuns: 40 },
    );
  });
});

describe('a long session', { timeout: 120_000 }, () => {
  const nameOf = (branch: number, part: number) => `7-${branch}-${part}`;
  const packed = (session: Session, kept: readonly string[] = []) =>
    packSession(session, around, { snapshotBytes: 1, apart: { nameOf, kept: new Set(kept) } });
  const session = advanced(newSession({ hiddenSize: 1, batchSize: 2 }), 2 * partSteps - 1);
  const first = packed(session);
  advanced(session, 700);
  const second = packed(session, first.needs);

  it('keeps what changes no more in parts of its own, once, and comes back from them', () => {
    expect(first.parts.map(({ name }) => name)).toEqual(['7-0-0']);
    expect(second.parts.map(({ name }) => name)).toEqual(['7-0-1']);
    expect(second.needs).toEqual(['7-0-0', '7-0-1']);
    const back = restored(second.bytes, [...second.parts, ...first.parts]);
    expect(everyBit(back)).toEqual(everyBit(session));
    expect(back.history.losses()).toEqual(session.history.losses());
    for (const step of [0, partSteps - 1, partSteps, 2 * partSteps, session.head - 1])
      expect(back.history.updatesAt(step)).toEqual(session.history.updatesAt(step));
    const short = packed(advanced(newSession({ hiddenSize: 1, batchSize: 2 }), 700));
    expect(second.bytes.length).toBeLessThan(short.bytes.length + 1000);
  });

  it('is refused without one of them, or with a damaged one; one it does not need is passed over', () => {
    expect(messageOf(second.bytes, second.parts)).toContain('Part 7-0-0 of the session’s history is missing');
    const [part] = first.parts;
    const damaged = { name: '7-0-0', bytes: Uint8Array.from(part!.bytes) };
    damaged.bytes[5000]! ^= 1;
    expect(messageOf(second.bytes, [damaged, ...second.parts])).toContain('damaged');
    const foreign = { name: '6-0-0', bytes: new Uint8Array([1]) };
    expect(messageOf(second.bytes, [...first.parts, foreign, ...second.parts])).toBe('accepted');
  });
});

const messageOf = (file: Uint8Array, parts: readonly SessionPart[] = []): string => {
  try {
    restored(file, parts);
  } catch (error) {
    if (error instanceof SessionFileError || error instanceof SavedSessionError) return error.message;
    throw error;
  }
  return 'accepted';
};

/** The file with one of its parts changed and signed anew, as somebody would who means it. */
function altered(file: Uint8Array, name: string, change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const parts = unzipSync(file);
  const changed = Uint8Array.from(change(parts[name]!));
  parts[name] = changed;
  if (name !== 'manifest.json') {
    const manifest = JSON.parse(new TextDecoder().decode(parts['manifest.json']));
    const sha256 = createHash('sha256').update(changed).digest('hex');
    manifest.files[name] = { bytes: changed.length, sha256 };
    parts['manifest.json'] = new TextEncoder().encode(JSON.stringify(manifest));
  }
  return zipSync(parts as Zippable, { level: 0 });
}

const edited = (edit: (json: never) => void) => (bytes: Uint8Array) => {
  const json = JSON.parse(new TextDecoder().decode(bytes));
  edit(json as never);
  return new TextEncoder().encode(JSON.stringify(json));
};

describe('a file that is none', () => {
  const { file } = sample();

  it('is refused with what is wrong, and what to do', () => {
    expect(messageOf(new Uint8Array())).toContain('not a Chainrule session');
    expect(messageOf(new TextEncoder().encode('emma\nolivia\n'))).toContain('not a Chainrule session');
    expect(messageOf(zipSync({ 'a.txt': new Uint8Array(9) }))).toContain('not a Chainrule session');
    expect(messageOf(file.subarray(0, file.length - 30))).toContain('another copy');
    const newer = altered(
      file,
      'manifest.json',
      edited((json: { version: number }) => Object.assign(json, { version: 7 })),
    );
    expect(messageOf(newer)).toMatch(/newer Chainrule \(format 7; .* up to 1\)/);
    const older = altered(
      file,
      'manifest.json',
      edited((json: { format: string }) => Object.assign(json, { format: 'x' })),
    );
    expect(messageOf(older)).toContain('not a Chainrule session');
  });

  it('is refused where a byte of it was changed', () => {
    const damaged = Uint8Array.from(file);
    damaged[Math.floor(file.length / 2)]! ^= 0xff;
    expect(messageOf(damaged)).toContain('damaged');
  });

  it('is refused where it would unpack to more than it can hold, before it does', () => {
    const bomb = zipSync({ 'manifest.json': [new Uint8Array(200 * 2 ** 20), { level: 9 }] });
    const before = process.memoryUsage().arrayBuffers;
    expect(messageOf(bomb)).toContain('more than it can hold');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 2 ** 20);
  });

  const wrong: readonly [string, (json: never) => void, string][] = [
    ['a step that was not made', (json: { step: number }) => Object.assign(json, { step: 99 }), 'step 99'],
    ['a branch that is not there', (json: { branch: number }) => Object.assign(json, { branch: 5 }), 'no branch 5'],
    [
      'a parent after it',
      (json: { branches: { parent: number }[] }) => Object.assign(json.branches[1]!, { parent: 1 }),
      'parent',
    ],
    [
      'another size',
      (json: { branches: { settings: { hiddenSize: number } }[] }) =>
        Object.assign(json.branches[0]!.settings, { hiddenSize: 5 }),
      'numbers',
    ],
    [
      'a setting out of range',
      (json: { branches: { settings: { hiddenSize: number } }[] }) =>
        Object.assign(json.branches[0]!.settings, { hiddenSize: 0 }),
      '1 to 1024',
    ],
    [
      'another program',
      (json: { branches: { settings: { program: string } }[] }) =>
        Object.assign(json.branches[0]!.settings, { program: 'deep-stack' }),
      'does not fit',
    ],
    [
      'a snapshot that is not there',
      (json: { branches: { snapshots: number[] }[] }) => void json.branches[0]!.snapshots.push(77),
      '77',
    ],
    [
      'no first snapshot',
      (json: { branches: { snapshots: number[] }[] }) => Object.assign(json.branches[0]!, { snapshots: [] }),
      'step 0',
    ],
    [
      'a generator that cannot be',
      (json: { snapshots: { drawn: number }[] }) => Object.assign(json.snapshots[0]!, { drawn: 700 }),
      'generator',
    ],
    [
      'a backward that is none',
      (json: { branches: { sources: object[] }[] }) =>
        void json.branches[0]!.sources.push({ from: 3, source: { backward: 'nodewise', mistake: 'none such' } }),
      "no mistake named 'none such'",
    ],
    [
      'sources out of order',
      (json: { branches: { sources: object[] }[] }) => void json.branches[0]!.sources.push({ from: 0, source: 'code' }),
      'in order',
    ],
    ['more than it should', (json: { extra: number }) => Object.assign(json, { extra: 1 }), 'extra'],
  ];
  it.each(wrong)('is refused with %s', (_, edit, words) => {
    expect(messageOf(altered(file, 'session.json', edited(edit)))).toContain(words);
  });
});

describe('a container', () => {
  it('gives back what was put in, and does not take what it was not asked for', () => {
    const contents = new Map([
      ['a.safetensors', new Uint8Array([1, 2, 3])],
      ['b.json', new TextEncoder().encode('{}')],
    ]);
    const file = packContainer(contents);
    expect(unpackContainer(file, ['a.safetensors', 'b.json'])).toEqual(contents);
    expect([...unpackContainer(file, ['b.json']).keys()]).toEqual(['b.json']);
    expect(() => unpackContainer(file, ['c'])).toThrow('lacks c');
    expect(() => unpackContainer(file, ['__proto__'])).toThrow('lacks');
  });
});

/** A generator of numbers in [0, 1) that depend on the seed alone (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe('10,000 mutated files', () => {
  const { file } = sample();
  const parts = ['session.json', 'numbers.safetensors', 'words.txt', 'manifest.json'] as const;

  function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
    const at = Math.floor(random() * bytes.length);
    const kind = Math.floor(random() * 6);
    const copy = Uint8Array.from(bytes);
    switch (kind) {
      case 0:
        copy[at] = Math.floor(random() * 256);
        return copy;
      case 1:
        for (let flips = 0; flips < 16; flips++) copy[Math.floor(random() * copy.length)]! ^= 1 << (flips % 8);
        return copy;
      case 2:
        return copy.subarray(0, at);
      case 3:
        return Uint8Array.from([
          ...copy.subarray(0, at),
          ...copy.subarray(Math.min(bytes.length, at + 1 + Math.floor(random() * 40))),
        ]);
      case 4:
        // A length, an offset or a count of the zip or of safetensors becomes enormous.
        for (let byte = 0; byte < 4 && at + byte < copy.length; byte++) copy[at + byte] = 0xff;
        return copy;
      default:
        return Uint8Array.from([
          ...copy.subarray(0, at),
          ...copy.subarray(Math.floor(random() * at), at),
          ...copy.subarray(at),
        ]);
    }
  }

  it('are refused by name, or are sound: no crash, no hang, no more memory than a sound one takes', {
    timeout: 300_000,
  }, () => {
    const random = randomOf(42);
    let accepted = 0;
    let longest = 0;
    let largest = 0;
    for (let round = 0; round < 10_000; round++) {
      // Half of them are signed anew, so that what is behind the digests is reached.
      const isSigned = round % 2 === 0;
      const mutant = isSigned
        ? altered(file, parts[round % 3]!, (bytes) => mutate(bytes, random))
        : mutate(file, random);
      const began = performance.now();
      try {
        readSession(mutant, [], builtInNames());
        accepted++;
      } catch (error) {
        if (!(error instanceof SessionFileError)) throw error;
      }
      longest = Math.max(longest, performance.now() - began);
      if (round % 500 === 0) largest = Math.max(largest, process.memoryUsage().arrayBuffers);
    }
    expect(accepted).toBeGreaterThan(100);
    expect(accepted).toBeLessThan(9000);
    expect(longest).toBeLessThan(5000);
    expect(largest).toBeLessThan(2 ** 30);
  });

  it('and those that read well become a session, or are refused by name', { timeout: 300_000 }, () => {
    const random = randomOf(7);
    let sound = 0;
    for (let round = 0; round < 400; round++) {
      const mutant = altered(file, parts[round % 2]!, (bytes) => mutate(bytes, random));
      try {
        restored(mutant);
        sound++;
      } catch (error) {
        const isForeseen = [SessionFileError, SavedSessionError, OutOfMemoryError].some(
          (kind) => error instanceof kind,
        );
        if (!isForeseen) throw error;
      }
    }
    expect(sound).toBeGreaterThan(10);
  });
});
