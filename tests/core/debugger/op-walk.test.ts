import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { WithinStepError } from '../../../core/debugger/stepper';
import { compiledSpace } from '../engine';
import { smallData } from '../names-dataset';
import { advanced, bitsOf, everyBit, newSession } from '../sessions';

const small = { hiddenSize: 6, batchSize: 4 } as const;
const sizes = { ...small, depth: 2 } as const;
const programs = [
  { program: 'decomposed-mlp', ...small },
  { program: 'deep-stack', ...sizes, batchNorm: true },
  { program: 'deep-stack', ...sizes, batchNorm: false },
] as const;

/** Every op to the end of the phase. */
function finishPhase(session: Session): void {
  for (const _ of session.finishPhase());
}

/** Walks to the end of the step, noting where it stood. */
function positions(session: Session) {
  const seen = [];
  do {
    session.stepOp();
    seen.push(session.position);
  } while (session.position !== null);
  return seen;
}

describe.each(programs)('one op at a time, $program, batch norm $batchNorm', (settings) => {
  it('goes update, forward, loss, backward, each op once, and rests at the next step', () => {
    const session = newSession(settings);
    const ops = session.describe().ops.length;
    const seen = positions(session);
    expect(session.step).toBe(1);
    expect(seen.at(-1)).toBeNull();
    const walked = seen.slice(0, -1).map((position) => position!);
    expect(walked[0]).toMatchObject({ phase: 'update', op: null, done: 0 });
    expect(walked.filter(({ phase }) => phase === 'forward').map(({ op }) => op)).toEqual(
      Array.from({ length: ops - 1 }, (_, op) => op),
    );
    expect(walked.filter(({ phase }) => phase === 'loss')).toMatchObject([{ op: ops - 1 }]);
    const back = walked.filter(({ phase }) => phase === 'backward').map(({ op }) => op!);
    expect(back).toEqual(back.toSorted((a, b) => b - a));
    expect(back.length).toBeGreaterThan(5);
    expect(walked.map(({ done }) => done)).toEqual(walked.map((_, index) => index));
  });

  it('gives the bits of whole steps, and the history too', () => {
    const [walked, whole] = [newSession(settings), newSession(settings)];
    for (let step = 1; step <= 4; step++) {
      positions(walked);
      whole.advance();
      expect(everyBit(walked)).toEqual(everyBit(whole));
    }
    expect(walked.history.losses()).toEqual(whole.history.losses());
    expect(advanced(walked, 3).history.updatesAt(5)).toEqual(advanced(whole, 3).history.updatesAt(5));
  });

  it('has computed what it passed and nothing else', () => {
    const session = newSession(settings);
    const whole = advanced(newSession(settings), 1);
    const computed = ({ network }: Session, name: string) => network.node(name).tensor.values();
    const gradient = ({ network }: Session, name: string) =>
      network.tape.gradientOf(network.node(name).tensor).values();
    const nodes = session.network.nodes.filter(({ kind }) => kind !== 'parameter').map(({ name }) => name);
    const { ops } = session.describe();
    let completed = session.stepOp();
    const ready = new Set<string>();
    while (session.position !== null) {
      const { phase, op } = session.position;
      if (phase !== 'backward' && op !== null) {
        // A view is there as soon as what it looks at is.
        ready.add(ops[op]!.output);
        for (const name of nodes) {
          const values = computed(session, name);
          if (ready.has(name)) expect(bitsOf(values)).toEqual(bitsOf(computed(whole, name)));
          else if (ops.find(({ output }) => output === name)?.op !== 'view') expect(values).toSatisfy(allNaN);
          expect(gradient(session, name)).toSatisfy(allNaN);
        }
      }
      for (const name of completed) expect(bitsOf(gradient(session, name))).toEqual(bitsOf(gradient(whole, name)));
      completed = session.stepOp();
    }
  });

  it('completes every node’s gradient at exactly one op', () => {
    const session = newSession(settings);
    const completed: string[] = [];
    do {
      completed.push(...session.stepOp());
    } while (session.position !== null);
    expect(completed.toSorted()).toEqual(session.network.nodes.map(({ name }) => name).toSorted());
  });
});

const allNaN = (values: ArrayLike<number>) => Array.from(values).every(Number.isNaN);

describe('within a step', () => {
  const within = (session: Session): Session => {
    finishPhase(session);
    finishPhase(session);
    return session;
  };

  it('Shift+F11 goes from phase to phase', () => {
    const session = newSession();
    const seen = [];
    do {
      finishPhase(session);
      seen.push(session.position?.phase ?? 'rest');
    } while (session.position !== null);
    expect(seen).toEqual(['update', 'forward', 'loss', 'rest']);
  });

  it('shows a gradient contribution by contribution: they add up, in this order, to the whole', () => {
    const session = newSession({ batchSize: 4, hiddenSize: 5 });
    const { ops } = session.describe();
    const uses = ops.flatMap(({ inputs }, op) => (inputs.includes('bndiff') ? [op] : []));
    expect(uses.length).toBe(2);
    session.stepOp();
    const parts: number[] = [];
    while (session.position !== null) {
      const { phase, op } = session.position;
      if (op !== null) {
        const detail = session.opDetail(op);
        expect(detail.output.name).toBe(ops[op]!.output);
        if (phase !== 'backward') expect(detail.contributions).toEqual([]);
        for (const { to, part, parts: all, contribution } of detail.contributions) {
          expect(contribution.mean).not.toBeNaN();
          if (to !== 'bndiff') continue;
          expect(all).toBe(2);
          parts.push(part);
        }
      }
      session.stepOp();
    }
    expect(parts).toEqual([1, 2]);
  });

  it('keeps the loss out of the history until it is computed', () => {
    const session = newSession();
    finishPhase(session);
    finishPhase(session);
    expect(session.loss).toBeNaN();
    expect(session.history.length).toBe(1);
    finishPhase(session);
    expect(session.loss).not.toBeNaN();
  });

  it('refuses what needs a whole step, and changes nothing', () => {
    const session = within(newSession());
    const { position } = session;
    for (const refused of [
      () => session.check(),
      () => session.labInputs(''),
      () => session.fork({ learningRate: 1, learningRateDropStep: 0, droppedLearningRate: 1 }),
      () => session.applyUpdate(),
      () => session.trainByBuiltIn(true),
      () => session.blame('h', [0, 0]),
    ])
      expect(refused).toThrow(WithinStepError);
    expect(session.position).toEqual(position);
    session.finishStep();
    expect(everyBit(session)).toEqual(everyBit(advanced(newSession(), 1)));
  });

  it('goes to any step from within one, and steps on from there', () => {
    const reference = advanced(newSession(), 3);
    for (const target of [0, 1, 2]) {
      const session = within(advanced(newSession(), 1));
      for (const _ of session.goTo(Math.min(target, session.head)));
      expect(session.position).toBeNull();
      expect(everyBit(advanced(session, 3 - session.step))).toEqual(everyBit(reference));
    }
  });

  it('trains by a hand-written backward op by op as in whole steps', () => {
    const [walked, whole] = [newSession(), newSession()];
    for (const session of [walked, whole]) session.trainByBuiltIn(true);
    for (let step = 0; step < 3; step++) {
      positions(walked);
      whole.advance();
      whole.settle();
    }
    expect(everyBit(walked)).toEqual(everyBit(whole));
  });
});

describe('any mixture of steps, ops, phases and jumps', () => {
  it('comes to the same bits at every rest', () => {
    const settings = { program: 'deep-stack', ...sizes, batchNorm: true } as const;
    const reference: Record<string, number[]>[] = [];
    const whole = newSession(settings, smallData(), compiledSpace('reproducible'));
    for (let step = 0; step < 12; step++, whole.advance()) reference.push(everyBit(whole));
    const move = fc.oneof(
      fc.constant<'advance' | 'op' | 'phase' | 'finish'>('advance'),
      fc.constantFrom<'op' | 'phase' | 'finish'>('op', 'phase', 'finish'),
      fc.nat(8),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        const session = newSession(settings, smallData(), compiledSpace('reproducible'));
        for (const next of moves) {
          if (session.step >= 11 && session.position === null) break;
          if (next === 'advance') session.advance();
          else if (next === 'op') session.stepOp();
          else if (next === 'phase') finishPhase(session);
          else if (next === 'finish') session.finishStep();
          else for (const _ of session.goTo(Math.min(next, session.head)));
          if (session.position === null) expect(everyBit(session)).toEqual(reference[session.step]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
