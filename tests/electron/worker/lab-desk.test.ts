import { beforeEach, describe, expect, it } from 'vitest';
import { createDataset } from '../../../core/data/dataset';
import { Session } from '../../../core/debugger/session';
import { tensorsFile } from '../../../core/debugger/tensors';
import { defaultSettings, type Settings } from '../../../core/programs/settings';
import type { AnswerOf } from '../../../core/protocol/answer-of';
import type { NodeDetail } from '../../../core/protocol/answers';
import type { SessionCommand } from '../../../core/protocol/commands';
import type { Refusal, ServerMessage, SessionEvent } from '../../../core/protocol/events';
import type { ManualGradient } from '../../../core/python/lab-service';
import { SessionServer } from '../../../electron/worker/session-server';
import { referenceSpace } from '../../core/engine';
import { settle } from '../fakes';
import { autogradOf, FakeLab, labCheckOf } from './fake-lab';
import { referenceSpace as serverSpace } from './reference-space';

const settings: Settings = { ...defaultSettings('decomposed-mlp'), hiddenSize: 8, batchSize: 6 };
const syllables = ['an', 'be', 'ca', 'do', 'el', 'fi', 'go', 'hu'];
const words = syllables.flatMap((first) => syllables.map((second) => first + second));

/** The session's server with a lab that answers at the test's word, and a clock of the test's own. */
class Bench {
  readonly lab = new FakeLab();
  readonly sent: ServerMessage[] = [];
  /** Milliseconds; every look at the clock takes one, so that slices end. */
  now = 0;
  #waiting: (() => void)[] = [];
  #lastId = 0;
  readonly #server = new SessionServer({
    builtInWords: words,
    beginSpace: () => serverSpace(),
    send: (message) => this.sent.push(structuredClone(message)),
    clock: { now: () => this.now++, yield: (callback) => this.#waiting.push(callback), after: () => {} },
    lab: this.lab,
    patience: 'brief',
  });

  /** Sends a command. @returns its number. */
  ask(command: SessionCommand): number {
    const id = ++this.#lastId;
    this.#server.receive({ kind: 'request', id, command });
    return id;
  }

  check(code: string): number {
    return this.ask({ type: 'checkCode', code, trusted: true });
  }

  /** Lets the server hear what the lab has answered, and work one slice if it wants to. @returns whether it did. */
  async work(): Promise<boolean> {
    await settle();
    const callbacks = this.#waiting;
    this.#waiting = [];
    for (const callback of callbacks) callback();
    await settle();
    return callbacks.length > 0;
  }

  get events(): SessionEvent[] {
    return this.sent.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
  }

  /** The steps of the checks of the person's code that were told. */
  get told(): number[] {
    return this.events.flatMap((event) =>
      event.type === 'checked' && event.check.backward === 'python' ? [event.check.step] : [],
    );
  }

  /** How the session was said last to be. */
  get state(): { running: boolean; step: number } {
    const event = this.events.findLast((candidate) => candidate.type === 'state');
    if (event === undefined) throw new Error('No state was told.');
    return { running: event.running, step: event.step };
  }

  answerTo(id: number): AnswerOf[keyof AnswerOf] | undefined {
    return this.sent.filter((message) => message.kind === 'answer').find((message) => message.id === id)?.answer;
  }

  refusalOf(id: number): Refusal | undefined {
    return this.sent.filter((message) => message.kind === 'refusal').find((message) => message.id === id)?.refusal;
  }

  tensors(): Uint8Array {
    return this.answerTo(this.ask({ type: 'tensors' })) as Uint8Array;
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.ask({ type: 'configure', settings });
});

describe('checking code', () => {
  it('answers with the lab’s check and tells it', async () => {
    const id = bench.check('dlogprobs = 1');
    expect(bench.answerTo(id)).toBeUndefined();
    const [call] = bench.lab.checks;
    expect(call!.code).toBe('dlogprobs = 1');
    expect(call!.inputs).toMatchObject({ step: 0, n: 6 });
    call!.answer(labCheckOf(0));
    await settle();
    expect(bench.answerTo(id)).toEqual(labCheckOf(0).check);
    expect(bench.told).toEqual([0]);
  });

  it('checks one at a time, the newest next, and refuses the one between as cancelled', async () => {
    const ids = ['a', 'b', 'c'].map((code) => bench.check(code));
    expect(bench.lab.checks.map(({ code }) => code)).toEqual(['a']);
    await settle();
    expect(bench.refusalOf(ids[1]!)).toMatchObject({ code: 'cancelled' });
    bench.lab.checks[0]!.answer(labCheckOf(0));
    await settle();
    expect(bench.lab.checks.map(({ code }) => code)).toEqual(['a', 'c']);
    // Code that is no longer in the editor is answered, but not told to everybody.
    expect(bench.answerTo(ids[0]!)).toBeDefined();
    expect(bench.told).toEqual([]);
    bench.lab.checks[1]!.answer(labCheckOf(0));
    await settle();
    expect(bench.answerTo(ids[2]!)).toBeDefined();
    expect(bench.told).toEqual([0]);
  });

  it('does not wait for old code that takes long', async () => {
    bench.check('while True: pass');
    bench.now += 500;
    bench.check('still typing');
    expect(bench.lab.stops).toBe(0);
    bench.now += 1000;
    bench.check('still typing');
    expect(bench.lab.stops).toBe(0);
    bench.check('dlogprobs = 1');
    expect(bench.lab.stops).toBe(1);
  });

  it('refuses code that nobody trusted without running it, and goes on with the code before', async () => {
    bench.check('mine');
    bench.lab.checks[0]!.answer(labCheckOf(0));
    await settle();
    const id = bench.ask({ type: 'checkCode', code: 'from a file', trusted: false });
    await settle();
    expect(bench.refusalOf(id)).toMatchObject({ code: 'not-now', message: expect.stringMatching(/may run first/) });
    bench.ask({ type: 'step', count: 1 });
    await bench.work();
    expect(bench.lab.checks.map(({ code }) => code)).toEqual(['mine', 'mine']);
  });

  it('refuses it for a program that has no backward by hand', async () => {
    bench.ask({ type: 'configure', settings: { ...defaultSettings('deep-stack'), hiddenSize: 4, depth: 1 } });
    for (const command of [
      { type: 'checkCode', code: '', trusted: true },
      { type: 'chooseBackward', backward: 'python', mistake: null },
      { type: 'trainWith', gradients: 'manual' },
    ] as const) {
      const id = bench.ask(command);
      await settle();
      expect(bench.refusalOf(id)).toMatchObject({
        code: 'not-found',
        message: expect.stringMatching(/decomposed-mlp/),
      });
    }
    expect(bench.lab.checks).toEqual([]);
  });

  it('says so where Python cannot start, and tries again', async () => {
    const first = bench.check('a');
    bench.lab.checks[0]!.fail(new Error('its files are missing.'));
    await settle();
    expect(bench.refusalOf(first)).toMatchObject({
      code: 'not-now',
      message: expect.stringMatching(/files are missing/),
    });
    const second = bench.check('a');
    bench.lab.checks[1]!.answer(labCheckOf(0));
    await settle();
    expect(bench.answerTo(second)).toBeDefined();
  });

  it('checks again at every rest while it is the backward chosen, and not after', async () => {
    bench.check('mine');
    bench.lab.checks[0]!.answer(labCheckOf(0));
    await settle();
    bench.ask({ type: 'step', count: 3 });
    await bench.work();
    expect(bench.lab.checks.map(({ inputs }) => inputs.step)).toEqual([0, 3]);
    bench.lab.checks[1]!.answer(labCheckOf(3));
    await settle();
    expect(bench.told).toEqual([0, 3]);
    const nodewise = bench.ask({ type: 'chooseBackward', backward: 'nodewise', mistake: null });
    expect(bench.answerTo(nodewise)).toMatchObject({ backward: 'nodewise', step: 3 });
    bench.ask({ type: 'step', count: 1 });
    await bench.work();
    expect(bench.lab.checks).toHaveLength(2);
    expect(bench.events.at(-1)).toMatchObject({ type: 'checked', check: { backward: 'nodewise', step: 4 } });
    const again = bench.ask({ type: 'chooseBackward', backward: 'python', mistake: null });
    expect(bench.lab.checks[2]).toMatchObject({ code: 'mine', inputs: { step: 4 } });
    bench.lab.checks[2]!.answer(labCheckOf(4));
    await settle();
    expect(bench.answerTo(again)).toMatchObject({ backward: 'python', step: 4 });
  });

  it('checks a step that was passed over once Python is free', async () => {
    bench.check('slow');
    bench.ask({ type: 'step', count: 2 });
    await bench.work();
    expect(bench.lab.checks).toHaveLength(1);
    bench.lab.checks[0]!.answer(labCheckOf(0));
    await settle();
    expect(bench.lab.checks[1]!.inputs.step).toBe(2);
  });

  it('goes on training while Python is stuck, and asks of it no more than twice a second', async () => {
    bench.check('while True: pass');
    bench.ask({ type: 'run' });
    for (let slice = 0; slice < 100; slice++) expect(await bench.work()).toBe(true);
    expect(bench.lab.checks).toHaveLength(1);
    bench.lab.checks[0]!.answer(labCheckOf(0));
    const before = bench.now;
    while (bench.now - before < 3000) {
      await bench.work();
      for (const { answer, inputs } of bench.lab.checks) answer(labCheckOf(inputs.step));
    }
    expect(bench.lab.checks.length).toBeGreaterThan(4);
    expect(bench.lab.checks.length).toBeLessThan(9);
    bench.ask({ type: 'pause' });
    expect(bench.state.step).toBeGreaterThan(1000);
  });

  describe('that was too brief to find everything', () => {
    const brief = { ...labCheckOf(0), isComplete: false };
    beforeEach(async () => {
      bench.check('mine');
      bench.lab.checks[0]!.answer(brief);
      await settle();
    });

    it('is followed by a thorough one, and by no more', async () => {
      expect(bench.lab.checks.map(({ patience }) => patience)).toEqual(['brief', 'thorough']);
      bench.lab.checks[1]!.answer(brief);
      await settle();
      expect(bench.told).toEqual([0, 0]);
      expect(bench.lab.checks).toHaveLength(2);
    });

    it('is checked no further while newer code, a step or training waits', async () => {
      const newer = bench.check('newer');
      expect(bench.lab.stops).toBe(1);
      const stopped = { type: 'KeyboardInterrupt', message: '', line: null };
      bench.lab.checks[1]!.answer(labCheckOf(0, new Map(), stopped));
      await settle();
      expect(bench.told).toEqual([0]);
      expect(bench.lab.checks[2]).toMatchObject({ code: 'newer', patience: 'brief' });
      bench.lab.checks[2]!.answer(brief);
      await settle();
      expect(bench.answerTo(newer)).toBeDefined();
      expect(bench.lab.checks[3]!.patience).toBe('thorough');
      bench.ask({ type: 'step', count: 1 });
      await bench.work();
      expect(bench.lab.stops).toBe(2);
    });

    it('is what stands where the thorough one was stopped', async () => {
      bench.lab.checks[1]!.answer(labCheckOf(0, new Map(), { type: 'KeyboardInterrupt', message: '', line: null }));
      await settle();
      expect(bench.lab.checks).toHaveLength(2);
      const id = bench.ask({ type: 'check' });
      await settle();
      expect(bench.answerTo(id)).toEqual(brief.check);
      expect(bench.lab.checks).toHaveLength(2);
      expect(bench.told).toEqual([0]);
    });
  });

  it('forgets what an old session’s check says', async () => {
    const id = bench.check('mine');
    bench.ask({ type: 'restart' });
    bench.lab.checks[0]!.answer(labCheckOf(0));
    await settle();
    expect(bench.answerTo(id)).toBeDefined();
    expect(bench.told).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({ type: 'checked', check: { backward: 'nodewise' } });
  });

  it('shows the code’s gradients, and none of another step', async () => {
    const inspect = () => bench.answerTo(bench.ask({ type: 'inspect', node: 'h', row: 0, column: 0 })) as NodeDetail;
    expect(inspect().manual).not.toBeNull();
    bench.check('mine');
    expect(inspect().manual).toBeNull();
    const { answer, inputs } = bench.lab.checks[0]!;
    const gradients = autogradOf(inputs);
    gradients.set('h', { shape: [6, 8], values: new Float32Array(48).fill(2) });
    answer(labCheckOf(0, gradients));
    await settle();
    expect([...inspect().manual!.cells]).toEqual(new Array(48).fill(2));
    bench.ask({ type: 'step', count: 1 });
    await bench.work();
    expect(inspect().manual).toBeNull();
  });

  it('explains an element by the code’s gradients', async () => {
    bench.check('mine');
    const { answer, inputs } = bench.lab.checks[0]!;
    const gradients = autogradOf(inputs);
    gradients.set('h', { shape: [6, 8], values: new Float32Array(48).fill(2) });
    gradients.set('b2', { shape: [1, 27], values: new Float32Array(27) });
    answer(labCheckOf(0, gradients));
    await settle();
    const blame = (node: string, index: number[]) => bench.ask({ type: 'blame', node, index });
    expect(bench.answerTo(blame('h', [5, 7]))).toMatchObject({ node: 'h', index: [5, 7], manual: 2 });
    expect(bench.answerTo(blame('b2', [3]))).toMatchObject({ manual: null });
    expect(bench.refusalOf(blame('h', [6, 0]))).toMatchObject({ code: 'not-found' });
    expect(bench.refusalOf(blame('x', []))).toMatchObject({ code: 'not-found' });
  });

  it('passes on what Python is about, and the wish to stop it', () => {
    bench.lab.tell('starting', 'Python is starting.');
    expect(bench.events.at(-1)).toEqual({ type: 'python', state: 'starting', message: 'Python is starting.' });
    expect(bench.answerTo(bench.ask({ type: 'stopPython' }))).toBeNull();
    expect(bench.lab.stops).toBe(1);
  });

  it('plants no mistake in it', async () => {
    const id = bench.ask({ type: 'chooseBackward', backward: 'python', mistake: 'loss-sign' });
    await settle();
    expect(bench.refusalOf(id)).toMatchObject({ code: 'not-found' });
  });
});

describe('training with gradients by hand', () => {
  let reference: Session;
  beforeEach(() => {
    const data = { dataset: createDataset(words), name: 'built-in names', builtIn: true };
    reference = new Session({ ...referenceSpace, data, settings });
    bench.check('mine');
    bench.lab.checks[0]!.answer(labCheckOf(0));
    bench.ask({ type: 'trainWith', gradients: 'manual' });
  });

  /** Autograd's gradients where the reference stands, which then goes a step on. */
  function nextGradients(factor = 1): Map<string, ManualGradient> {
    const { parameters, tape } = reference.network;
    const gradients = new Map(
      parameters.map(({ name, shape, tensor }): [string, ManualGradient] => [
        name,
        { shape, values: Float32Array.from(tape.gradientOf(tensor).values(), (value) => factor * value) },
      ]),
    );
    reference.advance();
    return gradients;
  }

  it('gives the same bits as autograd where the gradients are autograd’s, and no drift', async () => {
    const id = bench.ask({ type: 'step', count: 3 });
    for (let step = 0; step < 3; step++) {
      expect(await bench.work()).toBe(true);
      expect(bench.answerTo(id)).toBeUndefined();
      expect(bench.lab.trainings).toHaveLength(step + 1);
      // Nothing is done, and nothing burnt, until they have come.
      expect(await bench.work()).toBe(false);
      const { inputs, code, answer } = bench.lab.trainings[step]!;
      expect(code).toBe('mine');
      expect([...inputs.nodes.find(({ name }) => name === 'W1')!.value]).toEqual([
        ...reference.network.node('W1').tensor.values(),
      ]);
      expect(inputs.parameters).toEqual(reference.network.parameters.map(({ name }) => name));
      answer({ error: null, gradients: nextGradients() });
    }
    await bench.work();
    expect(bench.answerTo(id)).toEqual({ step: 3, loss: reference.loss });
    expect(bench.lab.trainings).toHaveLength(3);
    expect(Buffer.from(bench.tensors()).equals(tensorsFile(reference))).toBe(true);
    expect(bench.answerTo(bench.ask({ type: 'driftHistory', points: 10 }))).toEqual({
      steps: Float64Array.of(0, 1, 2, 3),
      drift: Float64Array.of(0, 0, 0, 0),
    });
  });

  it('uses the gradients that it is given', async () => {
    bench.ask({ type: 'step', count: 1 });
    await bench.work();
    bench.lab.trainings[0]!.answer({ error: null, gradients: nextGradients(0.5) });
    await bench.work();
    const { drift } = bench.answerTo(bench.ask({ type: 'driftHistory', points: 10 })) as AnswerOf['driftHistory'];
    expect(drift[0]).toBe(0);
    expect(drift[1]).toBeGreaterThan(0);
  });

  it('runs until it is paused, in the middle of a step too, and cancels', async () => {
    bench.ask({ type: 'run' });
    await bench.work();
    bench.lab.trainings[0]!.answer({ error: null, gradients: nextGradients() });
    await bench.work();
    expect(bench.lab.trainings).toHaveLength(2);
    const paused = bench.ask({ type: 'pause' });
    expect(bench.answerTo(paused)).toMatchObject({ step: 1 });
    expect(bench.state).toEqual({ running: false, step: 1 });
    bench.lab.trainings[1]!.answer({ error: null, gradients: nextGradients() });
    expect(await bench.work()).toBe(false);
    expect(bench.state.step).toBe(1);
    // What came late serves the next step.
    const job = bench.ask({ type: 'step', count: 2 });
    await bench.work();
    expect(bench.lab.trainings).toHaveLength(3);
    bench.ask({ type: 'cancel' });
    expect(bench.refusalOf(job)).toMatchObject({ code: 'cancelled', message: expect.stringContaining('step 2') });
    expect(bench.state).toEqual({ running: false, step: 2 });
  });

  it('asks again where the code was changed meanwhile', async () => {
    const id = bench.ask({ type: 'step', count: 1 });
    await bench.work();
    bench.check('better');
    bench.lab.trainings[0]!.answer({ error: null, gradients: new Map() });
    await bench.work();
    expect(bench.lab.trainings[1]!.code).toBe('better');
    bench.lab.trainings[1]!.answer({ error: null, gradients: nextGradients() });
    await bench.work();
    expect(bench.answerTo(id)).toMatchObject({ step: 1 });
  });

  it.each([
    [
      { error: { type: 'NameError', message: "name 'x' is not defined", line: 7 }, gradients: new Map() },
      /NameError.*7/,
    ],
    [{ error: null, gradients: new Map() }, /No line writes dC/],
  ])('pauses and tells where the code fails: %o', async (answer, message) => {
    await settle();
    bench.ask({ type: 'run' });
    await bench.work();
    bench.lab.trainings[0]!.answer(answer);
    await bench.work();
    expect(bench.state).toEqual({ running: false, step: 0 });
    expect(bench.events.filter(({ type }) => type === 'log')).toEqual([
      { type: 'log', level: 'error', message: expect.stringMatching(message) },
    ]);
    // The check that follows marks the line.
    expect(bench.lab.checks).toHaveLength(2);
    const step = bench.ask({ type: 'step', count: 1 });
    await bench.work();
    bench.lab.trainings[1]!.fail(new Error('Python could not start.'));
    await bench.work();
    expect(bench.refusalOf(step)).toMatchObject({ code: 'not-now', message: expect.stringMatching(/could not start/) });
    // Nothing was updated.
    expect(Buffer.from(bench.tensors()).equals(tensorsFile(reference))).toBe(true);
  });

  it('goes back to autograd’s, also while it waits', async () => {
    const id = bench.ask({ type: 'step', count: 2 });
    await bench.work();
    bench.ask({ type: 'trainWith', gradients: 'autograd' });
    await bench.work();
    expect(bench.answerTo(id)).toMatchObject({ step: 2 });
    expect(bench.lab.trainings).toHaveLength(1);
  });

  it('ends with the session', async () => {
    bench.ask({ type: 'restart' });
    bench.ask({ type: 'step', count: 2 });
    await bench.work();
    expect(bench.state.step).toBe(2);
    expect(bench.lab.trainings).toEqual([]);
  });

  it('lets other long commands go on while a step waits', async () => {
    bench.ask({ type: 'run' });
    await bench.work();
    const id = bench.ask({ type: 'evaluate' });
    while (await bench.work());
    expect(bench.answerTo(id)).toMatchObject({ step: 0 });
    bench.ask({ type: 'pause' });
    expect(bench.refusalOf(bench.ask({ type: 'report' }))).toMatchObject({ code: 'not-now' });
  });
});
