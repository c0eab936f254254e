import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { takeSnapshot } from '../../../core/debugger/time-travel/snapshot';
import { SnapshotStore, snapshotInterval } from '../../../core/debugger/time-travel/snapshot-store';
import type { Settings } from '../../../core/programs/settings';
import { TorchGenerator } from '../../../core/tensor/generators/torch-generator';
import { compiledSpace } from '../engine';
import { smallData } from '../names-dataset';
import { advanced, bitsOf, everyBit, newSession } from '../sessions';

const compiled = (settings: Partial<Settings>) => newSession(settings, smallData(), compiledSpace('reproducible'));

function goTo(session: Session, step: number): Session {
  for (const _ of session.goTo(step));
  return session;
}

/** One number for all parameters: FNV-1a over their bits. */
function hashOf({ network }: Session): number {
  let hash = 0x811c9dc5;
  for (const { tensor } of network.parameters) {
    for (const bits of bitsOf(tensor.values())) hash = Math.imul(hash ^ bits, 0x01000193);
  }
  return hash >>> 0;
}

const programs: readonly Partial<Settings>[] = [
  { program: 'decomposed-mlp', hiddenSize: 12, batchSize: 8 },
  { program: 'deep-stack', hiddenSize: 10, depth: 2, batchSize: 8, batchNorm: true, gain: 1 },
];

describe.each(programs)('going to any step of $program', (settings) => {
  it('comes to what was there, bit for bit, over 5,000 steps with random jumps', () => {
    const steps = 5000;
    const session = compiled(settings);
    const hashes = [hashOf(session)];
    for (let step = 1; step <= steps; step++) {
      session.advance();
      hashes.push(hashOf(session));
    }
    const losses = session.history.losses();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: steps }), { minLength: 20, maxLength: 20 }), (jumps) => {
        for (const step of jumps) {
          goTo(session, step);
          expect(session.step).toBe(step);
          expect(hashOf(session)).toBe(hashes[step]);
          expect(session.loss).toBe(losses[step]);
        }
      }),
      { numRuns: 4 },
    );
    expect(session.history.losses()).toEqual(losses);
    expect(session.head).toBe(steps);
  });

  it('has everything of that step: values, gradients, buffers, minibatch', () => {
    const session = newSession(settings);
    const seen = [everyBit(session)];
    for (let step = 1; step <= 30; step++) seen.push(everyBit(advanced(session, 1)));
    for (const step of [7, 29, 0, 30, 12]) {
      const there = everyBit(goTo(session, step));
      // What updateBuffers does is not done twice.
      expect(there).toEqual(seen[step]);
    }
    expect(everyBit(advanced(goTo(session, 10), 20))).toEqual(seen[30]);
  });
});

describe('goTo', () => {
  it('refuses a step that was not made, and stays where it is', () => {
    const session = advanced(newSession(), 3);
    for (const step of [4, -1, 1.5]) expect(() => goTo(session, step)).toThrow(/There is no step .*0 to 3 were made/);
    expect(session.step).toBe(3);
  });

  it('goes to what only gradients of code led to, by the snapshots that are taken there', () => {
    const session = advanced(newSession({ hiddenSize: 6 }), 2);
    const gradients = new Map(
      session.network.parameters.map(({ name, shape, tensor }) => [
        name,
        { shape, values: tensor.values().map(() => 0.01) },
      ]),
    );
    for (let step = 0; step < 3; step++) {
      session.prepareUpdate(gradients);
      session.advance();
    }
    const there = hashOf(session);
    advanced(session, 4);
    expect(hashOf(goTo(session, 5))).toBe(there);
    expect(hashOf(goTo(session, 1))).not.toBe(there);
    expect(hashOf(goTo(session, 5))).toBe(there);
    expect(goTo(session, 7).step).toBe(7);
    expect(goTo(session, 2).step).toBe(2);
  });
});

describe('training by a built-in backward', () => {
  it('is gone through again like any other, whatever is trained by meanwhile', () => {
    const session = newSession({ hiddenSize: 6, batchSize: 4 });
    const seen = [everyBit(session)];
    const go = (steps: number) => {
      for (let step = 0; step < steps; step++) {
        session.advance();
        session.settle();
        seen.push(everyBit(session));
      }
    };
    go(4);
    session.chooseBackward('fused', null);
    session.trainByBuiltIn(true);
    go(5);
    session.chooseBackward('nodewise', 'gain-forgotten');
    go(5);
    session.trainByBuiltIn(false);
    go(4);
    for (const isByHand of [false, true]) {
      session.trainByBuiltIn(isByHand);
      for (const step of [18, 3, 11, 6, 0, 14, 9, 17]) {
        goTo(session, step).settle();
        expect(everyBit(session)).toEqual(seen[step]);
        expect(session.trainsByBuiltIn).toBe(isByHand);
      }
    }
    expect(session.timeline().branches).toHaveLength(1);
    expect(session.timeline().snapshots).toEqual([0]);
    expect(session.firstByHand(18)).toBe(4);
    // From here on another course than the one that was taken.
    goTo(session, 16);
    advanced(session, 1);
    expect(session.timeline().branches).toMatchObject([{ head: 18 }, { forkStep: 16, head: 17, isCurrent: true }]);
  });

  it('takes no more memory than training by autograd', () => {
    const byHand = compiled({ hiddenSize: 8, batchSize: 8 });
    const byAutograd = compiled({ hiddenSize: 8, batchSize: 8 });
    byHand.trainByBuiltIn(true);
    for (const session of [byHand, byAutograd]) advanced(session, 2000);
    expect(byHand.timeline().size).toEqual(byAutograd.timeline().size);
  });
});

describe('a branch', () => {
  const rates = { learningRate: 0.01, learningRateDropStep: 50, droppedLearningRate: 0.001 };

  it('begins at an earlier step with other learning rates; both stay, and can be gone to', () => {
    const session = advanced(newSession({ hiddenSize: 8 }), 20);
    const trunk = session.history.losses();
    const trunkHash = hashOf(session);
    goTo(session, 12).fork(rates);
    advanced(session, 10);
    const branch = session.history.losses();
    expect(branch.slice(0, 13)).toEqual(trunk.slice(0, 13));
    expect(branch[13]).not.toBe(trunk[13]);
    expect(session.timeline().branches).toMatchObject([
      { id: 0, parent: null, forkStep: 0, head: 20, isCurrent: false, settings: { learningRate: 0.1 } },
      { id: 1, parent: 0, forkStep: 12, head: 22, isCurrent: true, settings: { learningRate: 0.01 } },
    ]);
    for (const _ of session.switchTo(0));
    expect(hashOf(session)).toBe(trunkHash);
    expect(session.history.losses()).toEqual(trunk);
    expect(session.settings.learningRate).toBe(0.1);
    for (const _ of session.switchTo(1));
    expect(session.step).toBe(22);
    expect(session.history.losses()).toEqual(branch);
    expect(goTo(session, 5).loss).toBe(trunk[5]);
  });

  it('is what a session with those rates from that step on would be', () => {
    const other = advanced(newSession({ hiddenSize: 8 }), 12);
    other.fork(rates);
    advanced(other, 10);
    const session = advanced(newSession({ hiddenSize: 8 }), 30);
    goTo(session, 12).fork(rates);
    expect(everyBit(advanced(session, 10))).toEqual(everyBit(other));
  });

  it('begins by itself where an earlier step is updated by other gradients than it was made with', () => {
    const session = advanced(newSession({ hiddenSize: 8 }), 20);
    const trunk = session.history.losses();
    goTo(session, 10);
    session.chooseBackward('nodewise', 'gain-forgotten');
    session.trainByBuiltIn(true);
    advanced(session, 3);
    expect(session.timeline().branches).toMatchObject([
      { id: 0, head: 20, isCurrent: false },
      { id: 1, parent: 0, forkStep: 10, head: 13, isCurrent: true },
    ]);
    expect(session.history.lossAt(13)).not.toBe(trunk[13]);
    // Doing a step again by the same gradients is no other course.
    session.trainByBuiltIn(false);
    for (const _ of session.switchTo(0));
    goTo(session, 5);
    advanced(session, 10);
    expect(session.timeline().branches).toHaveLength(2);
    expect(session.history.losses()).toEqual(trunk);
  });

  it('is not found where there is none, and nothing changes', () => {
    const session = advanced(newSession({ hiddenSize: 8 }), 2);
    expect(() => {
      for (const _ of session.switchTo(3));
    }).toThrow('There is no branch 3.');
    expect(session.step).toBe(2);
  });
});

describe('SnapshotStore', () => {
  const { network } = newSession({ hiddenSize: 4 });
  const generator = new TorchGenerator(1);
  const snapshot = (step: number) => takeSnapshot(step, network, generator);
  const each = snapshot(0).values.byteLength + 624 * 4;

  it('stays within its budget, keeps the first and the last, and more of what is recent', () => {
    const store = new SnapshotStore(30 * each);
    for (let step = 0; step <= 200_000; step += snapshotInterval) {
      store.add(snapshot(step));
      expect(store.bytes).toBeLessThanOrEqual(30 * each);
    }
    const { steps } = store;
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(200_000);
    expect(steps.filter((step) => step >= 195_000).length).toBeGreaterThan(steps.filter((step) => step < 5000).length);
    const gaps = steps.slice(1).map((step, i) => step - steps[i]!);
    // No gap swallows more than the time since.
    for (const [i, gap] of gaps.entries()) expect(gap).toBeLessThan((200_000 - steps[i]!) * 0.5 + 2 * snapshotInterval);
  });

  it('does not grow with the run: a step of the last 10,000 stays near one, an older one within a part of its age', () => {
    const store = new SnapshotStore();
    const last = 400_000;
    for (let step = 0; step <= last; step += snapshotInterval) store.add(snapshot(step));
    const { steps } = store;
    expect(steps.length).toBeLessThanOrEqual(129);
    for (const [index, step] of steps.slice(1).entries()) {
      const gap = step - steps[index]!;
      expect(gap).toBeLessThanOrEqual(Math.max(2 * snapshotInterval, 0.15 * (last - steps[index]!)));
      if (last - step < 10_000) expect(gap).toBeLessThanOrEqual(4 * snapshotInterval);
    }
  });

  it('keeps those of steps that cannot be made again, whatever their number', () => {
    const store = new SnapshotStore();
    for (let step = 0; step <= 3000; step++) store.add(snapshot(step));
    expect(store.steps.length).toBe(3001);
  });

  it('finds the latest at a step, and takes none twice', () => {
    const store = new SnapshotStore();
    for (const step of [0, 10, 5, 10]) store.add(snapshot(step));
    expect(store.steps).toEqual([0, 5, 10]);
    expect(store.latestAt(9)?.step).toBe(5);
    expect(store.upTo(5).steps).toEqual([0, 5]);
    expect(store.has(4)).toBe(false);
  });
});
