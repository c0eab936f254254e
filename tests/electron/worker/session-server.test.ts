import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../core/programs/settings';
import type { SessionCommand } from '../../../core/protocol/commands';
import { SessionServer } from '../../../electron/worker/session-server';
import { FakeLab } from './fake-lab';
import { referenceSpace } from './reference-space';
import { ManualClock, ServerHarness, small, smallStack, words } from './server-harness';

const utf8 = (text: string) => new TextEncoder().encode(text);
/** The last step the server told of. */
const stepOf = (harness: ServerHarness) => harness.eventsOf('state').at(-1)!.step;

describe('a session that begins', () => {
  it('is told of as session, state, findings, breakpoints, timeline, check, in this order, before anything is asked', () => {
    const types: string[] = [];
    const send = (message: { kind: string; event?: { type: string } }) =>
      types.push(message.event?.type ?? message.kind);
    const server = new SessionServer({
      builtInWords: words,
      beginSpace: () => referenceSpace(),
      clock: new ManualClock(),
      send,
      lab: new FakeLab(),
      patience: 'brief',
    });
    expect(types).toEqual([]);
    server.start();
    expect(types).toEqual(['session', 'state', 'findings', 'breakpoints', 'timeline', 'checked']);
  });

  const beginnings: readonly SessionCommand[] = [
    { type: 'configure', settings: { ...small, hiddenSize: 5 } },
    { type: 'restart' },
    { type: 'loadNames', fileName: 'mine.txt', bytes: utf8(words.slice(0, 20).join('\n')) },
    { type: 'useBuiltInNames' },
  ];
  it.each(beginnings)(
    'is told of likewise after $type, then answered with what was told, while running too',
    (command) => {
      const harness = new ServerHarness();
      harness.request({ type: 'run' });
      harness.turns(3);
      harness.forget();
      const id = harness.request(command);
      expect(harness.events.map(({ type }) => type)).toEqual([
        'session',
        'state',
        'findings',
        'breakpoints',
        'timeline',
        'checked',
      ]);
      expect(harness.eventsOf('state')[0]).toMatchObject({ running: false, step: 0 });
      expect(harness.replyTo(id)).toEqual({ answer: harness.eventsOf('session')[0]!.session });
      expect(harness.messages.at(-1)!.kind).toBe('answer');
      harness.settle();
      expect(stepOf(harness)).toBe(0);
    },
  );

  it('keeps the names over new settings, and the settings over new names', () => {
    const harness = new ServerHarness();
    harness.request({ type: 'loadNames', fileName: 'mine.txt', bytes: utf8(words.slice(0, 20).join('\n')) });
    const settings = { ...small, seed: 9 };
    const configured = harness.ask({ type: 'configure', settings });
    expect(configured.dataset).toMatchObject({ name: 'mine.txt', builtIn: false, words: 20 });
    expect(harness.ask({ type: 'useBuiltInNames' })).toMatchObject({ settings, dataset: { builtIn: true, words: 36 } });
  });

  it('keeps the backward chosen, mistake and all, for the same program', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'chooseBackward', backward: 'nodewise', mistake: 'gain-forgotten' });
    expect(harness.ask({ type: 'restart' }).backward).toMatchObject({ mistake: 'gain-forgotten' });
    expect(
      harness
        .eventsOf('checked')
        .at(-1)!
        .check.rows.some(({ verdict }) => verdict === 'wrong'),
    ).toBe(true);
    harness.ask({ type: 'configure', settings: smallStack });
    expect(harness.ask({ type: 'configure', settings: small }).backward).toMatchObject({ mistake: null });
  });

  it('can begin anew 300 times without running out of memory', () => {
    const harness = new ServerHarness();
    for (let time = 0; time < 300; time++) harness.ask({ type: 'restart' });
    expect(harness.ask({ type: 'step', count: 1 }).step).toBe(1);
  });
});

describe('run and pause', () => {
  it('answers at once, steps in slices until paused, and tells of both', () => {
    const harness = new ServerHarness();
    harness.forget();
    expect(harness.ask({ type: 'run' })).toBeNull();
    expect(harness.eventsOf('state')).toMatchObject([{ running: true, step: 0 }]);
    harness.turns(4);
    const answer = harness.ask({ type: 'pause' });
    expect(answer.step).toBeGreaterThan(4);
    const [, rest] = harness.eventsOf('state');
    expect(rest).toEqual({
      type: 'state',
      running: false,
      position: null,
      gradients: 'autograd',
      checksCode: false,
      ...answer,
    });
    expect(harness.eventsOf('checked').at(-1)!.check.step).toBe(answer.step);
    expect(harness.messages.at(-1)!.kind).toBe('answer');
    harness.settle();
    expect(harness.ask({ type: 'pause' })).toEqual(answer);
  });

  it('listens again after 8 ms of work, however long a step takes', () => {
    for (const lookCost of [0.5, 3, 5]) {
      const harness = new ServerHarness({ lookCost });
      harness.request({ type: 'run' });
      const before = harness.clock.time;
      harness.clock.turn();
      expect(harness.clock.time - before).toBeLessThan(8 + 6 * lookCost);
      expect(harness.clock.isBusy).toBe(true);
    }
  });

  it('checks a running session now and then, not at every step', () => {
    const harness = new ServerHarness();
    harness.request({ type: 'run' });
    harness.forget();
    const start = harness.clock.time;
    while (harness.clock.time - start < 2000) harness.clock.turn();
    const checks = harness.eventsOf('checked').length;
    expect(checks).toBeGreaterThanOrEqual(6);
    expect(checks).toBeLessThanOrEqual(8);
  });

  it('is not started twice by a second run', () => {
    const harness = new ServerHarness();
    harness.request({ type: 'run' });
    harness.request({ type: 'run' });
    harness.clock.turn();
    const { step } = harness.ask({ type: 'pause' });
    expect(step).toBeLessThanOrEqual(8);
  });
});

describe('step', () => {
  it('makes exactly as many steps, and answers at rest', () => {
    const harness = new ServerHarness();
    const id = harness.request({ type: 'step', count: 30 });
    harness.clock.turn();
    expect(harness.replyTo(id)).toBeUndefined();
    harness.settle();
    const state = harness.eventsOf('state').at(-1)!;
    expect(state).toMatchObject({ running: false, step: 30 });
    expect(harness.replyTo(id)).toEqual({ answer: { step: 30, loss: state.loss } });
    expect(harness.messages.at(-1)!.kind).toBe('answer');
  });

  it('is refused while the session runs, and a second job while one is at work', () => {
    const harness = new ServerHarness();
    harness.request({ type: 'run' });
    expect(harness.refusalOf({ type: 'step', count: 1 })).toMatchObject({
      code: 'not-now',
      message: expect.stringMatching(/Pause/),
    });
    expect(harness.refusalOf({ type: 'report' }).code).toBe('not-now');
    harness.request({ type: 'pause' });
    const first = harness.request({ type: 'step', count: 20 });
    for (const type of ['evaluate', 'report', 'run'] as const) {
      expect(harness.refusalOf({ type })).toMatchObject({
        code: 'not-now',
        message: expect.stringMatching(/'step' is still at work/),
      });
    }
    expect(harness.refusalOf({ type: 'step', count: 1 }).code).toBe('not-now');
    harness.settle();
    expect(harness.replyTo(first)).toHaveProperty('answer');
  });

  it.each(['cancel', 'pause'] as const)(
    'is stopped by %s, refused as cancelled, and leaves the session at rest',
    (type) => {
      const harness = new ServerHarness();
      const id = harness.request({ type: 'step', count: 1000 });
      harness.turns(3);
      harness.request({ type });
      harness.settle();
      expect(harness.replyTo(id)).toMatchObject({ refusal: { code: 'cancelled' } });
      const { step, running } = harness.eventsOf('state').at(-1)!;
      expect(running).toBe(false);
      expect(step).toBeGreaterThan(3);
      expect(step).toBeLessThan(1000);
      expect(harness.ask({ type: 'step', count: 2 }).step).toBe(step + 2);
    },
  );

  it('tells its progress while it takes long', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 1000 });
    const progress = harness.eventsOf('progress');
    expect(progress.length).toBeGreaterThanOrEqual(2);
    for (const event of progress) expect(event).toMatchObject({ command: 'step', total: 1000, unit: 'steps' });
    const done = progress.map((event) => event.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  it('is stopped by a new session, which is then told of', () => {
    const harness = new ServerHarness();
    const id = harness.request({ type: 'step', count: 1000 });
    harness.clock.turn();
    harness.request({ type: 'restart' });
    harness.settle();
    expect(harness.replyTo(id)).toMatchObject({ refusal: { code: 'cancelled' } });
    expect(harness.eventsOf('state').at(-1)).toMatchObject({ running: false, step: 0 });
    expect(harness.events.slice(-6).map(({ type }) => type)).toEqual([
      'session',
      'state',
      'findings',
      'breakpoints',
      'timeline',
      'checked',
    ]);
  });
});

describe('the steps', () => {
  const finalTensors = (drive: (harness: ServerHarness) => void, lookCost = 1) => {
    const harness = new ServerHarness({ lookCost });
    drive(harness);
    const left = 60 - harness.ask({ type: 'pause' }).step;
    if (left > 0) harness.ask({ type: 'step', count: left });
    return Buffer.from(harness.ask({ type: 'tensors' })).toString('base64');
  };

  it('have the same bits whatever the slices, pauses and questions in between', () => {
    const plain = finalTensors((harness) => harness.ask({ type: 'step', count: 60 }));
    const slow = finalTensors((harness) => harness.ask({ type: 'step', count: 60 }), 5);
    const paused = finalTensors((harness) => {
      for (let time = 0; time < 5; time++) {
        harness.request({ type: 'run' });
        harness.turns(1);
        harness.ask({ type: 'pause' });
        harness.ask({ type: 'sample', count: 2, seed: time });
        harness.ask({ type: 'chooseBackward', backward: 'fused', mistake: 'loss-sign' });
        harness.ask({ type: 'inspect', node: 'W1', row: 0, column: 0 });
        harness.credit();
      }
    });
    const cancelled = finalTensors((harness) => {
      harness.request({ type: 'step', count: 1000 });
      harness.turns(2);
      harness.request({ type: 'cancel' });
      harness.ask({ type: 'evaluate' });
    });
    expect(slow).toBe(plain);
    expect(paused).toBe(plain);
    expect(cancelled).toBe(plain);
  });
});

describe('evaluate', () => {
  it('holds a running session still, and lets it run on', () => {
    const harness = new ServerHarness({ lookCost: 5 });
    harness.request({ type: 'run' });
    harness.turns(2);
    const id = harness.request({ type: 'evaluate' });
    while (harness.replyTo(id) === undefined) harness.clock.turn();
    const { answer } = harness.replyTo(id) as { answer: { step: number; trainLoss: number; devLoss: number } };
    expect(answer.trainLoss).toBeGreaterThan(1);
    expect(answer.devLoss).toBeGreaterThan(1);
    harness.turns(5);
    expect(harness.ask({ type: 'pause' }).step).toBeGreaterThan(answer.step);
  });

  it('can be cancelled while the session runs, which then runs on', () => {
    const harness = new ServerHarness({ lookCost: 5 });
    harness.request({ type: 'run' });
    const id = harness.request({ type: 'evaluate' });
    harness.clock.turn();
    if (harness.replyTo(id) === undefined) harness.request({ type: 'cancel' });
    expect(harness.replyTo(id)).toBeDefined();
    const step = harness.ask({ type: 'check' })!.step;
    harness.turns(5);
    expect(harness.ask({ type: 'pause' }).step).toBeGreaterThan(step);
  });
});

describe('report', () => {
  it('finishes the present step and rests at the next, reported or cancelled', () => {
    const harness = new ServerHarness({ lookCost: 5 });
    harness.ask({ type: 'step', count: 4 });
    const { steps, losses } = harness.ask({ type: 'report' });
    expect([steps, losses.length]).toEqual([5, 5]);
    expect(harness.eventsOf('state').at(-1)).toMatchObject({ running: false, step: 5 });
    const id = harness.request({ type: 'report' });
    harness.clock.turn();
    harness.request({ type: 'cancel' });
    expect(harness.replyTo(id)).toMatchObject({ refusal: { code: 'cancelled' } });
    expect(harness.eventsOf('state').at(-1)).toMatchObject({ running: false, step: 6 });
    expect(harness.ask({ type: 'check' })!.rows.every(({ exact }) => exact)).toBe(true);
  });
});

describe('trainWith a built-in backward', () => {
  it('updates by its gradients until told otherwise, and checks as before', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'chooseBackward', backward: 'nodewise', mistake: 'loss-sign' });
    const { loss: before } = harness.ask({ type: 'pause' });
    harness.ask({ type: 'trainWith', gradients: 'manual' });
    const { loss: wrong } = harness.ask({ type: 'step', count: 20 });
    expect(wrong).toBeGreaterThan(before);
    harness.ask({ type: 'trainWith', gradients: 'autograd' });
    expect(harness.ask({ type: 'step', count: 40 }).loss).toBeLessThan(wrong);
    expect(harness.ask({ type: 'check' })).toMatchObject({ mistake: 'loss-sign' });
  });

  it('is refused for a program without a backward by hand', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'configure', settings: { ...defaultSettings('deep-stack'), hiddenSize: 8, depth: 1 } });
    expect(harness.refusalOf({ type: 'trainWith', gradients: 'manual' })).toMatchObject({ code: 'not-found' });
  });
});

describe('the backward that is checked', () => {
  it('is told of at once where it is code, before Python has answered, and where it no longer is', () => {
    const harness = new ServerHarness();
    const checksCode = () => harness.eventsOf('state').at(-1)!.checksCode;
    expect(checksCode()).toBe(false);
    const id = harness.request({ type: 'chooseBackward', backward: 'python', mistake: null });
    expect(harness.replyTo(id)).toBeUndefined();
    expect(checksCode()).toBe(true);
    harness.ask({ type: 'chooseBackward', backward: 'fused', mistake: null });
    expect(checksCode()).toBe(false);
    harness.request({ type: 'checkCode', code: 'dh = 1', trusted: true });
    expect(checksCode()).toBe(true);
    harness.ask({ type: 'restart' });
    expect(checksCode()).toBe(false);
  });
});

describe('going through time', () => {
  it('stands at the step asked for, tells of it, and goes on from there as it did', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 30 });
    const { loss } = harness.ask({ type: 'pause' });
    const early = harness.ask({ type: 'goTo', step: 12 });
    expect(early.step).toBe(12);
    expect(harness.ask({ type: 'check' })).toMatchObject({ step: 12 });
    const { timeline } = harness.eventsOf('timeline').at(-1)!;
    expect(timeline).toMatchObject({ step: 12, branches: [{ id: 0, head: 30, isCurrent: true }] });
    expect(harness.ask({ type: 'step', count: 18 })).toEqual({ step: 30, loss });
  });

  it('tells of the history and its size while running, no more than four times a second', () => {
    const harness = new ServerHarness();
    const rests = harness.eventsOf('timeline').length;
    const began = harness.clock.time;
    harness.ask({ type: 'run' });
    harness.turns(100);
    const told = harness.eventsOf('timeline').slice(rests);
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual((harness.clock.time - began) / 250);
    const steps = told.map(({ timeline }) => timeline.size.steps);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(told.map(({ timeline }) => timeline.step + 1)).toEqual(steps);
    expect(new Set(steps).size).toBe(steps.length);
  });

  it('is refused for steps that were not made, while running, and for branches that are not there', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 3 });
    expect(harness.refusalOf({ type: 'goTo', step: 4 })).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/steps 0 to 3/),
    });
    expect(harness.refusalOf({ type: 'switchBranch', branch: 2 })).toMatchObject({ code: 'not-found' });
    expect(harness.ask({ type: 'pause' }).step).toBe(3);
    harness.ask({ type: 'run' });
    for (const command of [
      { type: 'goTo', step: 1 },
      { type: 'switchBranch', branch: 0 },
    ] as const)
      expect(harness.refusalOf(command)).toMatchObject({ code: 'not-now', message: expect.stringMatching(/running/) });
  });

  it('branches: both courses stay, and either can be asked for its losses', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 20 });
    harness.ask({ type: 'goTo', step: 8 });
    const rates = { learningRate: 0.01, learningRateDropStep: 100, droppedLearningRate: 0.001 };
    expect(harness.ask({ type: 'fork', rates }).branches).toMatchObject([
      { id: 0, head: 20, isCurrent: false },
      { id: 1, parent: 0, forkStep: 8, head: 8, isCurrent: true },
    ]);
    harness.ask({ type: 'step', count: 5 });
    expect(harness.ask({ type: 'lossHistory', points: 100 }).steps).toHaveLength(14);
    expect(harness.ask({ type: 'lossHistory', points: 100, branch: 0 }).steps).toHaveLength(21);
    expect(harness.ask({ type: 'switchBranch', branch: 0 }).step).toBe(20);
  });
});

describe('op by op', () => {
  it('rests at each op, tells where, and keeps the last check of a whole step', () => {
    const harness = new ServerHarness();
    harness.forget();
    harness.ask({ type: 'stepOp', until: 'op' });
    expect(harness.eventsOf('state').at(-1)).toMatchObject({ step: 1, position: { phase: 'update', op: null } });
    harness.ask({ type: 'stepOp', until: 'op' });
    expect(harness.eventsOf('state').at(-1)).toMatchObject({ step: 1, position: { phase: 'forward', op: 0 } });
    expect(harness.ask({ type: 'inspectOp', op: 0 })).toMatchObject({ op: 0, output: { name: 'emb' } });
    expect(harness.eventsOf('checked')).toEqual([]);
    harness.ask({ type: 'stepOp', until: 'phase' });
    harness.ask({ type: 'stepOp', until: 'phase' });
    expect(harness.eventsOf('state').at(-1)!.position!.phase).toBe('loss');
    const rest = harness.ask({ type: 'stepOp', until: 'phase' });
    expect(harness.eventsOf('state').at(-1)).toEqual({
      type: 'state',
      running: false,
      position: null,
      gradients: 'autograd',
      checksCode: false,
      ...rest,
    });
    expect(harness.eventsOf('checked').at(-1)!.check.step).toBe(1);
  });

  it('finishes the step by Step, and goes on from within it by Run', () => {
    const harness = new ServerHarness();
    for (const _ of [1, 2, 3]) harness.ask({ type: 'stepOp', until: 'op' });
    expect(harness.ask({ type: 'step', count: 1 }).step).toBe(1);
    harness.ask({ type: 'stepOp', until: 'op' });
    harness.ask({ type: 'run' });
    harness.turns(3);
    expect(harness.ask({ type: 'pause' }).step).toBeGreaterThan(2);
    expect(harness.eventsOf('state').at(-1)!.position).toBeNull();
  });

  it('refuses what needs a whole step, saying how to get there', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'stepOp', until: 'op' });
    const refused: readonly SessionCommand[] = [
      { type: 'check' },
      { type: 'tensors' },
      { type: 'report' },
      { type: 'blame', node: 'h', index: [0, 0] },
      { type: 'fork', rates: { learningRate: 1, learningRateDropStep: 0, droppedLearningRate: 1 } },
    ];
    for (const command of refused)
      expect(harness.refusalOf(command)).toMatchObject({ code: 'not-now', message: expect.stringContaining('F10') });
    expect(harness.refusalOf({ type: 'inspectOp', op: 999 })).toMatchObject({ code: 'not-found' });
  });
});

describe('a session file', () => {
  const pack = (harness: ServerHarness, kind: 'file' | 'autosave' = 'file', unless: string | null = null) =>
    harness.ask({ type: 'packSession', kind, progress: null, unless, kept: [] });

  it('brings a session back in another server: its step, branches, breakpoints, thresholds and mistake', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'chooseBackward', backward: 'nodewise', mistake: 'variance-over-n' });
    const breakpoint = {
      id: 3,
      kind: 'condition',
      condition: 'loss > 9',
      isEnabled: true,
      skip: 2,
      log: null,
    } as const;
    harness.ask({ type: 'setBreakpoints', breakpoints: [breakpoint], isActive: false });
    harness.ask({ type: 'setThreshold', rule: 'lossSpike', value: 20 });
    harness.ask({ type: 'trainWith', gradients: 'manual' });
    expect(harness.eventsOf('state').at(-1)!.gradients).toBe('manual');
    const { loss } = harness.ask({ type: 'step', count: 30 });
    const { bytes } = pack(harness)!;

    const other = new ServerHarness();
    other.forget();
    const restored = other.ask({ type: 'unpackSession', bytes, parts: [] });
    expect(restored).toMatchObject({ step: 30, progress: null, session: { settings: small } });
    expect(other.eventsOf('state').at(-1)).toMatchObject({ step: 30, loss, running: false, gradients: 'manual' });
    expect(other.eventsOf('timeline').at(-1)!.timeline.branches).toMatchObject([{ head: 30 }]);
    expect(other.eventsOf('breakpoints').at(-1)!.breakpoints).toMatchObject({
      isActive: false,
      states: [{ breakpoint, error: null }],
    });
    expect(other.eventsOf('findings').at(-1)!.findings.thresholds).toEqual({ lossSpike: 20 });
    expect(other.eventsOf('checked').at(-1)!.check.mistake).toBe('variance-over-n');
    expect(other.eventsOf('log')).toEqual([]);
    expect(other.ask({ type: 'step', count: 5 })).toEqual(harness.ask({ type: 'step', count: 5 }));
  });

  it('that is none leaves the session as it is, running or not', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 4 });
    const before = pack(harness)!.revision;
    const refusal = harness.refusalOf({ type: 'unpackSession', bytes: utf8('emma'), parts: [] });
    expect(refusal).toMatchObject({ code: 'invalid-session', message: expect.stringContaining('.chainrule') });
    expect(pack(harness)!.revision).toBe(before);
    harness.ask({ type: 'run' });
    harness.refusalOf({ type: 'unpackSession', bytes: utf8('emma'), parts: [] });
    expect(harness.ask({ type: 'pause' }).step).toBeGreaterThanOrEqual(4);
  });

  it('is not packed again while nothing has moved, and not autosaved before anything has', () => {
    const harness = new ServerHarness();
    expect(pack(harness, 'autosave')).toBeNull();
    harness.ask({ type: 'step', count: 1 });
    const { revision } = pack(harness, 'autosave')!;
    expect(pack(harness, 'autosave', revision)).toBeNull();
    harness.ask({ type: 'goTo', step: 0 });
    expect(pack(harness, 'autosave', revision)).not.toBeNull();
    harness.ask({ type: 'restart' });
    harness.ask({ type: 'step', count: 1 });
    expect(pack(harness, 'autosave', revision)!.revision).not.toBe(revision);
  });
});
