import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { partSteps } from '../../../core/debugger/saved-session';
import type { Session } from '../../../core/debugger/session';
import { packContainer, unpackContainer } from '../../../electron/session-file/container';
import { describeSaved, packSession, readSession } from '../../../electron/session-file/session-file';
import { advanced, everyBit, newSession } from '../../core/sessions';

import { altered, around, edited, fileOf, messageOf, restored, sample, small } from './samples';

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

  it('without one of them, or with a damaged one, loses its numbers and nothing else', () => {
    const [part] = first.parts;
    const damaged = { name: '7-0-0', bytes: Uint8Array.from(part!.bytes) };
    damaged.bytes[5000]! ^= 1;
    for (const parts of [second.parts, [damaged, ...second.parts]]) {
      const back = restored(second.bytes, parts);
      expect(everyBit(back)).toEqual(everyBit(session));
      const losses = [0, partSteps - 1, partSteps, session.head].map((step) => back.history.lossAt(step));
      expect(losses).toEqual([
        Number.NaN,
        Number.NaN,
        ...[partSteps, session.head].map((step) => session.history.lossAt(step)),
      ]);
      expect(back.divergence).toBeNull();
    }
    expect(readSession(second.bytes, [damaged], []).damage).toEqual([expect.stringMatching(/^7-0-0: .*damaged/)]);
    const foreign = { name: '6-0-0', bytes: new Uint8Array([1]) };
    expect(messageOf(second.bytes, [...first.parts, foreign, ...second.parts])).toBe('accepted');
  });

  it('makes numbers that were lost again, step by step, bit for bit', () => {
    const back = restored(second.bytes, second.parts);
    for (const step of [0, 5, 40]) for (const _ of back.goTo(step));
    expect(back.history.lossColumn(0, 10)).toEqual(session.history.lossColumn(0, 10));
    expect(back.history.updatesAt(7)).toEqual(session.history.updatesAt(7));
    expect(back.history.lossHistory(2000).minimum[0]).toEqual(session.history.lossHistory(2000).minimum[0]);
    expect(back.divergence).toBeNull();
  });

  it('is described without its parts: what it is, and what is missing of it', () => {
    expect(describeSaved(second.bytes, ['7-0-0', '7-0-1'], [])).toEqual({
      program: 'decomposed-mlp',
      step: session.step,
      lost: [],
    });
    expect(describeSaved(second.bytes, ['7-0-0'], []).lost).toEqual([
      { branch: 0, from: partSteps, to: 2 * partSteps - 1 },
    ]);
    expect(describeSaved(second.bytes, [], []).lost).toEqual([{ branch: 0, from: 0, to: 2 * partSteps - 1 }]);
  });

  it('from far back in a long run comes back there quickly: the last snapshot before is always kept', () => {
    for (const _ of session.goTo(20_000));
    const { bytes, parts } = packed(session);
    const { branches } = readSession(bytes, parts, []);
    expect(branches.snapshots.map(({ step }) => step)).toContain(20_000);
    for (const _ of session.goTo(session.head));
  });
});

describe('a session file of an earlier version', () => {
  it('opens', () => {
    const back = restored(readFileSync(join(import.meta.dirname, '../../fixtures/session-1.chainrule')));
    expect(back.timeline()).toMatchObject({ step: 604, branches: [{ head: 700 }, { head: 604, forkStep: 600 }] });
    expect(back.loss).toBe(2.496770143508911);
    // It has the settings of every program.
    expect(Object.keys(back.settings).sort()).toEqual(Object.keys(newSession().settings).sort());
  });
});

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
