import { describe, expect, it } from 'vitest';
import type { Breakpoint } from '../../../core/protocol/breakpoints';
import { ServerHarness, small, smallStack } from './server-harness';

const common = { isEnabled: true, skip: 0, log: null } as const;
const on = (condition: string, changes: Partial<Breakpoint> = {}): Breakpoint =>
  ({ ...common, id: 1, kind: 'condition', condition, ...changes }) as Breakpoint;
const onNode = (node: string, changes: Partial<Breakpoint> = {}): Breakpoint =>
  ({ ...common, id: 2, kind: 'node', node, ...changes }) as Breakpoint;

function setting(...breakpoints: Breakpoint[]): ServerHarness {
  const harness = new ServerHarness();
  harness.ask({ type: 'setBreakpoints', breakpoints, isActive: true });
  harness.forget();
  return harness;
}

/** Runs until it stops by itself. */
function run(harness: ServerHarness) {
  harness.ask({ type: 'run' });
  harness.settle();
  return harness.eventsOf('state').at(-1)!;
}

describe('a condition', () => {
  it('stops a run at the very step at which it holds, and says which', () => {
    const harness = setting(on('step == 137'));
    expect(run(harness)).toMatchObject({ running: false, step: 137, position: null });
    expect(harness.eventsOf('breakpoints').at(-1)!.breakpoints).toMatchObject({
      stop: { id: 1, step: 137, reason: 'step == 137' },
      states: [{ hits: 1 }],
    });
    expect(harness.eventsOf('checked').at(-1)!.check.step).toBe(137);
  });

  it('goes on from there, and stops again', () => {
    const harness = setting(on('step % 50 == 0'));
    expect([run(harness).step, run(harness).step, run(harness).step]).toEqual([50, 100, 150]);
  });

  it('stops a long step too, which is then answered', () => {
    const harness = setting(on('step == 7'));
    expect(harness.ask({ type: 'step', count: 100 }).step).toBe(7);
  });

  it('lets the first hits pass, but counts them', () => {
    const harness = setting(on('step % 10 == 0', { skip: 3 }));
    expect(run(harness).step).toBe(40);
    expect(harness.eventsOf('breakpoints').at(-1)!.breakpoints.states[0]!.hits).toBe(4);
  });

  it('does not stop where it is disabled, or all are', () => {
    for (const [isEnabled, isActive] of [
      [false, true],
      [true, false],
    ] as const) {
      const harness = new ServerHarness();
      harness.ask({ type: 'setBreakpoints', breakpoints: [on('step == 3', { isEnabled })], isActive });
      expect(harness.ask({ type: 'step', count: 10 }).step).toBe(10);
    }
  });

  it('knows the verdicts', () => {
    const harness = setting(on('verdict("bndiff2") == wrong'));
    expect(harness.ask({ type: 'step', count: 3 }).step).toBe(3);
    const check = harness.ask({ type: 'chooseBackward', backward: 'nodewise', mistake: 'variance-over-n' });
    const wrong = check.rows.find(({ verdict }) => verdict === 'wrong')!.node;
    harness.ask({ type: 'setBreakpoints', breakpoints: [on(`verdict("${wrong}") == wrong`)], isActive: true });
    expect(harness.ask({ type: 'step', count: 3 }).step).toBe(4);
  });
});

describe('a log point', () => {
  it('logs what it is asked to, and does not stop', () => {
    const harness = setting(on('step % 2 == 0', { log: 'loss {loss} at {step}: {std("h") > 0}' }));
    expect(harness.ask({ type: 'step', count: 5 }).step).toBe(5);
    const lines = harness.eventsOf('log').flatMap(({ message }) => message.split('\n'));
    expect(lines.map((line) => line.replace(/loss \S+/, 'loss x'))).toEqual(['loss x at 2: true', 'loss x at 4: true']);
  });

  it('does not flood: what is said in one turn is one event', () => {
    const harness = setting(on('step > 0', { log: 'at {step}' }));
    harness.clock.lookCost = 0.01;
    harness.ask({ type: 'step', count: 500 });
    const events = harness.eventsOf('log');
    expect(events.length).toBeLessThan(5);
    // Nothing is passed over in silence.
    const more = events.map(({ message }) => Number(/… and (\d+) more/.exec(message)?.[1] ?? 0));
    const lines = events.flatMap(({ message }) => message.split('\n').filter((line) => line.startsWith('at')));
    expect(lines.length + more.reduce((sum, count) => sum + count)).toBe(500);
  });
});

describe('a breakpoint on a node', () => {
  it('stops within the step, where the node’s gradient is computed and those before it are not', () => {
    const harness = setting(onNode('h'));
    const state = run(harness);
    expect(state).toMatchObject({ step: 1, position: { phase: 'backward' } });
    expect(harness.eventsOf('breakpoints').at(-1)!.breakpoints.stop).toMatchObject({ id: 2, reason: 'dh is computed' });
    const gradientOf = (node: string) =>
      harness.ask({ type: 'inspect', node, row: 0, column: 0 }).gradient.moments.mean;
    expect(gradientOf('h')).not.toBeNaN();
    expect(gradientOf('hpreact')).toBeNaN();
  });

  it('stops at every step, and at another node of the same one', () => {
    const harness = setting(onNode('h'), onNode('C', { id: 3 }));
    const seen = [1, 2, 3, 4].map(() => run(harness)).map(({ step, position }) => [step, position?.phase]);
    expect(seen).toEqual([
      [1, 'backward'],
      // The embedding's gradient is the last of the walk.
      [1, undefined],
      [2, 'backward'],
      [2, undefined],
    ]);
  });

  it('gives the losses of a run without', () => {
    const watched = setting(onNode('W1', { log: 'W1' }));
    const plain = new ServerHarness();
    expect(watched.ask({ type: 'step', count: 20 })).toEqual(plain.ask({ type: 'step', count: 20 }));
  });
});

describe('a breakpoint that the program cannot have', () => {
  it('is refused, and the others stay', () => {
    const harness = setting(on('loss > 100'));
    for (const breakpoint of [on('lss > 4', { id: 9 }), onNode('nothing'), on('loss > 4', { id: 9, log: '{losss}' })]) {
      const refusal = harness.refusalOf({
        type: 'setBreakpoints',
        breakpoints: [on('loss > 100'), breakpoint],
        isActive: true,
      });
      expect(refusal.code).toBe('invalid-condition');
    }
    const kept = harness.ask({ type: 'setBreakpoints', breakpoints: [on('loss > 100')], isActive: true });
    expect(kept.states).toMatchObject([{ breakpoint: { condition: 'loss > 100' }, error: null }]);
  });

  it('stays with its error over a change of program, and comes back with the old one', () => {
    const harness = setting(on('std("bnvar") > 1e9'), on('step == 2', { id: 4 }));
    harness.ask({ type: 'configure', settings: { ...smallStack, depth: 1 } });
    const [broken, sound] = harness.eventsOf('breakpoints').at(-1)!.breakpoints.states;
    expect(broken!.error).toContain('no node "bnvar"');
    expect(sound!.error).toBeNull();
    expect(harness.ask({ type: 'step', count: 9 }).step).toBe(2);
    // What cannot be had can still be kept, switched off or removed.
    harness.ask({
      type: 'setBreakpoints',
      breakpoints: [on('std("bnvar") > 1e9', { isEnabled: false })],
      isActive: true,
    });
    harness.ask({ type: 'configure', settings: small });
    expect(harness.eventsOf('breakpoints').at(-1)!.breakpoints.states[0]!.error).toBeNull();
  });
});

describe('run back', () => {
  it('stands at the last step at which the condition held, and says whether there was one', () => {
    const harness = setting();
    harness.ask({ type: 'step', count: 40 });
    expect(harness.ask({ type: 'runBack', condition: 'step % 16 == 0' })).toMatchObject({ step: 32, found: true });
    expect(harness.eventsOf('timeline').at(-1)!.timeline.step).toBe(32);
    expect(harness.ask({ type: 'runBack', condition: 'loss > 1e9' })).toMatchObject({ step: 32, found: false });
    expect(harness.refusalOf({ type: 'runBack', condition: 'loss >' })).toMatchObject({ code: 'invalid-condition' });
  });
});
