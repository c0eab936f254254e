import { afterEach, describe, expect, it, vi } from 'vitest';
import { Session } from '../../../core/debugger/session';
import type { SessionCommand } from '../../../core/protocol/commands';
import { ServerHarness, small, smallStack } from './server-harness';

const utf8 = (text: string) => new TextEncoder().encode(text);

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('what goes wrong', () => {
  const invalid: readonly (readonly [string, unknown, RegExp])[] = [
    ['an unknown command', { type: 'explode' }, /type/],
    ['a setting out of range', { type: 'configure', settings: { ...small, batchSize: 1 } }, /from 2 to 1024, not 1/],
    ['a setting that is missing', { type: 'configure', settings: { program: 'deep-stack' } }, /settings/],
    ['a setting too many', { type: 'configure', settings: { ...small, momentum: 1 } }, /momentum/],
    ['a count of zero', { type: 'step', count: 0 }, /count/],
    ['a count and a half', { type: 'step', count: 1.5 }, /count/],
    ['bytes that are none', { type: 'loadNames', fileName: 'x', bytes: [1, 2] }, /bytes/],
    ['no command', undefined, /command/],
  ];
  it.each(invalid)('refuses %s, saying where, and changes nothing', (_, command, message) => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 3 });
    harness.forget();
    harness.server.receive({ kind: 'request', id: 77, command });
    expect(harness.messages).toHaveLength(1);
    expect(harness.replyTo(77)).toMatchObject({
      refusal: { code: 'invalid-command', message: expect.stringMatching(message) },
    });
    expect(harness.ask({ type: 'pause' }).step).toBe(3);
  });

  it.each([[null], [5], ['run'], [{}], [{ kind: 'request' }], [{ kind: 'frame', id: 'x' }]])(
    'logs %j, which no one waits for',
    (input) => {
      const harness = new ServerHarness();
      harness.forget();
      harness.server.receive(input);
      expect(harness.events).toMatchObject([{ type: 'log', level: 'error' }]);
    },
  );

  const unknown: readonly (readonly [SessionCommand, RegExp])[] = [
    [{ type: 'inspect', node: 'W9', row: 0, column: 0 }, /W9/],
    [{ type: 'chooseBackward', backward: 'nodewise', mistake: 'typo' }, /typo/],
    [{ type: 'chooseBackward', backward: 'fused', mistake: 'dlogits-overwritten' }, /cannot be planted/],
  ];
  it.each(unknown)('refuses %j as not found', (command, message) => {
    expect(new ServerHarness().refusalOf(command)).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(message),
    });
  });

  it('leaves the session running and untouched where names cannot be used', () => {
    const harness = new ServerHarness();
    const before = harness.ask({ type: 'restart' });
    harness.request({ type: 'run' });
    for (const bytes of [utf8(''), utf8('a\nb'), Uint8Array.of(0, 1, 2), utf8(`${'x'.repeat(101)}\n`)]) {
      const refusal = harness.refusalOf({ type: 'loadNames', fileName: 'bad.txt', bytes });
      expect(refusal).toMatchObject({ code: 'invalid-names', message: expect.stringMatching(/bad\.txt/) });
    }
    harness.turns(2);
    expect(harness.ask({ type: 'pause' }).step).toBeGreaterThan(0);
    expect(harness.ask({ type: 'restart' })).toEqual(before);
  });

  it('refuses what only main can do', () => {
    const harness = new ServerHarness();
    harness.server.receive({ kind: 'request', id: 77, command: { type: 'about' } });
    expect(harness.replyTo(77)).toMatchObject({ refusal: { code: 'not-now' } });
  });

  it('stops, says so and lives on where training throws', () => {
    const harness = new ServerHarness();
    harness.request({ type: 'run' });
    vi.spyOn(Session.prototype, 'advance').mockImplementationOnce(() => {
      throw new Error('boom');
    });
    harness.settle();
    expect(harness.events.slice(-2)).toMatchObject([
      { type: 'log', level: 'error', message: expect.stringMatching(/boom/) },
      { type: 'state', running: false, step: 0 },
    ]);
    expect(harness.ask({ type: 'step', count: 2 }).step).toBe(2);
  });

  it('refuses the step that throws', () => {
    const harness = new ServerHarness();
    vi.spyOn(Session.prototype, 'advance').mockImplementationOnce(() => {
      throw new Error('boom');
    });
    const id = harness.request({ type: 'step', count: 5 });
    harness.settle();
    expect(harness.replyTo(id)).toMatchObject({
      refusal: { code: 'internal', message: expect.stringMatching(/boom/) },
    });
    expect(harness.eventsOf('state').at(-1)).toMatchObject({ running: false });
  });

  it('refuses the step whose check throws once it is at rest', () => {
    const harness = new ServerHarness();
    vi.spyOn(Session.prototype, 'check').mockImplementationOnce(() => {
      throw new Error('boom');
    });
    const id = harness.request({ type: 'step', count: 1 });
    harness.settle();
    expect(harness.replyTo(id)).toMatchObject({ refusal: { code: 'internal' } });
  });

  it('refuses a network that does not fit into memory, and goes on with the one there is', () => {
    const harness = new ServerHarness();
    harness.ask({ type: 'step', count: 2 });
    harness.memoryPages = 4;
    harness.forget();
    const settings = { ...small, hiddenSize: 1024 };
    expect(harness.refusalOf({ type: 'configure', settings })).toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/does not fit.*smaller/),
    });
    expect(harness.events).toEqual([]);
    expect(harness.ask({ type: 'step', count: 1 }).step).toBe(3);
  });
});

describe('chooseBackward', () => {
  it('is answered with the check, which is also told, and stays chosen', () => {
    const harness = new ServerHarness();
    harness.forget();
    const check = harness.ask({ type: 'chooseBackward', backward: 'nodewise', mistake: 'gain-forgotten' });
    expect(harness.eventsOf('checked').map((event) => event.check)).toEqual([check]);
    harness.ask({ type: 'step', count: 1 });
    expect(harness.ask({ type: 'check' })).toMatchObject({ step: 1, mistake: 'gain-forgotten' });
  });

  it('is refused, and nothing checked, for a program without a backward by hand', () => {
    const harness = new ServerHarness();
    harness.forget();
    harness.ask({ type: 'configure', settings: { ...smallStack, depth: 1 } });
    expect(harness.events.map(({ type }) => type)).toEqual(['session', 'state', 'findings', 'breakpoints', 'timeline']);
    expect(harness.ask({ type: 'check' })).toBeNull();
    const refusal = harness.refusalOf({ type: 'chooseBackward', backward: 'nodewise', mistake: null });
    expect(refusal).toMatchObject({ code: 'not-found', message: expect.stringMatching(/deep-stack/) });
  });
});
