import { describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { comparedNodes } from '../../../core/programs/decomposed-mlp/backward';
import { compiledSpace } from '../engine';
import { builtInData } from '../names-dataset';
import { advanced, everyBit, newSession } from '../sessions';

const drain = (travel: Generator<unknown, void>) => {
  for (const _ of travel);
};

/** Every number of a node's gradient as the session stands. */
const gradient = ({ network }: Session, node: string) => [
  ...network.tape.gradientOf(network.node(node).tensor).values(),
];

/** Whether a step has numbers to judge by, said independently: b1's are rounding about zero. */
function hasNumbers(session: Session): boolean {
  session.settle();
  const parameters = session.network.parameters.map(({ name }) => name).filter((name) => name !== 'b1');
  return (
    Number.isFinite(session.loss) &&
    comparedNodes.every((node) => gradient(session, node).every(Number.isFinite)) &&
    parameters.every((node) => gradient(session, node).some((value) => value !== 0))
  );
}

/** The last step before the present one that has numbers, by going through them all. */
function lastWithNumbers(session: Session): number | null {
  const there = session.step;
  let last: number | null = null;
  for (let step = 0; step < there; step++) {
    drain(session.goTo(step));
    if (hasNumbers(session)) last = step;
  }
  drain(session.goTo(there));
  return last;
}

/** Diverges at step 4 through a loss that is infinite. */
const diverging = () => newSession({ learningRate: 10 }, builtInData(), compiledSpace('reproducible'));
/** Diverges at step 2 through a gradient, its loss still finite. */
const byGradient = () => newSession({ learningRate: 100, hiddenSize: 8, batchSize: 6 });

describe('a step that can judge', () => {
  it('is every step of a healthy run, whose b1 gradient is rounding and whose batches lack tokens', () => {
    const session = newSession({ hiddenSize: 8, batchSize: 4 });
    for (let step = 0; step < 60; step++) {
      expect(session.unjudged(), `step ${step}`).toBeNull();
      session.advance();
    }
    expect(session.check()?.unjudged).toBeNull();
  });

  it.each([[{ batchSize: 2, hiddenSize: 4 }], [{ hiddenSize: 1 }], [{ initialisation: 'seed' as const }]])(
    'is step 0 with %j',
    (settings) => {
      expect(newSession(settings).unjudged()).toBeNull();
    },
  );
});

describe('a step that has diverged', () => {
  it('can judge nothing; the last step that can is named', () => {
    const session = advanced(diverging(), 100);
    expect(session.loss).toBeNaN();
    const unjudged = {
      reason: 'The run has diverged: the loss has not been a finite number since step 4.',
      step: 3,
    };
    expect(session.unjudged()).toEqual(unjudged);
    expect(session.check()?.unjudged).toEqual(unjudged);
    expect(session.chooseBackward('fused', null).unjudged).toEqual(unjudged);
    expect(lastWithNumbers(session)).toBe(3);
    drain(session.goTo(3));
    expect(session.unjudged()).toBeNull();
    expect(session.check()?.rows.filter(({ verdict }) => !['exact', 'rounding'].includes(verdict))).toEqual([]);
  });

  it('is known by its gradients where its loss is still finite', () => {
    const session = advanced(byGradient(), 2);
    expect(session.loss).toBeLessThan(100);
    expect(session.unjudged()).toEqual({
      reason: 'The run has diverged: autograd’s gradient of probs is not finite at step 2.',
      step: 1,
    });
    // Beyond it the last finite loss is step 2's, which is no step to go to.
    advanced(session, 20);
    expect(session.unjudged()?.step).toBe(1);
    expect(lastWithNumbers(session)).toBe(1);
  });

  it.each([3, 5, 7, 20, 50, 1000])(
    'names the step that going through all of them finds, at a learning rate of %d',
    (learningRate) => {
      const session = advanced(newSession({ learningRate, hiddenSize: 16, batchSize: 8 }), 40);
      const unjudged = session.unjudged();
      if (hasNumbers(session)) expect(unjudged).toBeNull();
      else expect(unjudged?.step).toBe(lastWithNumbers(session));
    },
  );

  it('asking leaves the session as it is', () => {
    const [asked, unasked] = [advanced(diverging(), 20), advanced(diverging(), 20)];
    expect(asked.unjudged()?.step).toBe(3);
    expect(everyBit(asked)).toEqual(everyBit(unasked));
    expect(asked.timeline()).toEqual(unasked.timeline());
    expect(everyBit(advanced(asked, 2))).toEqual(everyBit(advanced(unasked, 2)));
    for (const session of [asked, unasked]) drain(session.goTo(2));
    expect(everyBit(asked)).toEqual(everyBit(unasked));
  });

  it('is judged by branch: where one diverges, the other goes on', () => {
    const session = advanced(newSession(), 12);
    session.fork({ learningRate: 1000, learningRateDropStep: 1e6, droppedLearningRate: 1000 });
    advanced(session, 10);
    const { step } = session.unjudged()!;
    expect(step).toBeGreaterThanOrEqual(12);
    expect(step).toBe(lastWithNumbers(session));
    drain(session.switchTo(0));
    expect(session.unjudged()).toBeNull();
  });

  it('is found where the updates are a built-in backward’s as well', () => {
    const session = diverging();
    session.trainByBuiltIn(true);
    advanced(session, 30);
    expect(session.unjudged()).toMatchObject({ step: 3 });
  });

  it('names no step where the way back is by updates of code, which are not kept', () => {
    const session = newSession({ hiddenSize: 8, batchSize: 4 });
    const infinite = new Map(
      session.network.parameters.map(({ name, shape, tensor }) => [
        name,
        { shape, values: new Float32Array(tensor.elements).fill(Number.POSITIVE_INFINITY) },
      ]),
    );
    const still = new Map(
      session.network.parameters.map(({ name, shape, tensor }) => [
        name,
        { shape, values: new Float32Array(tensor.elements) },
      ]),
    );
    session.prepareUpdate(still);
    session.advance();
    session.prepareUpdate(infinite);
    session.advance();
    // Step 1, which code led to, has a snapshot, from which it can be gone to.
    expect(session.unjudged()?.step).toBe(1);
  });
});

describe('gradients that are zero', () => {
  /** At step 4 every tanh is so far out that float32 knows no slope of it: nothing comes down to what is before it. */
  function saturated(): Session {
    const session = advanced(newSession({ hiddenSize: 8, batchSize: 4 }), 3);
    const push = session.network.parameters.map(({ name, shape, tensor }) => {
      const values = new Float32Array(tensor.elements).fill(name === 'bnbias' ? -1e4 : 0);
      return [name, { shape, values }] as const;
    });
    session.prepareUpdate(new Map(push));
    session.advance();
    return session;
  }

  it('can judge nothing, though the loss is finite; the reason says of which parameters', () => {
    const session = saturated();
    expect(session.loss).toBeLessThan(100);
    expect(session.unjudged()).toEqual({
      reason:
        'Autograd’s gradient of C, W1, bngain, bnbias is zero in every element at step 4: wrong formulas would give the same.',
      step: 3,
    });
  });

  it('are passed over in the search, however long they last', () => {
    const session = advanced(saturated(), 30);
    expect(gradient(session, 'W2').some((value) => value !== 0)).toBe(true);
    expect(gradient(session, 'C').every((value) => value === 0)).toBe(true);
    expect(session.unjudged()?.step).toBe(3);
  });
});
