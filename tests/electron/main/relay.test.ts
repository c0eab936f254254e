import { beforeEach, describe, expect, it } from 'vitest';
import type { HostCommand } from '../../../core/protocol/commands';
import type { SessionEvent } from '../../../core/protocol/events';
import { Relay } from '../../../electron/main/relay';
import { SessionSupervisor } from '../../../electron/main/session-supervisor';
import { describedSession, FakePort, FakeWorker, frameOf, settle } from '../fakes';

describe('Relay', () => {
  let worker: FakeWorker;
  let hostCommands: HostCommand[];
  let answerHostCommand: () => Promise<null>;
  let logged: string[];
  let relay: Relay;
  let port: FakePort;
  const session: SessionEvent = { type: 'session', session: describedSession(1) };
  const action: SessionEvent = { type: 'action', action: 'step' };
  const log: SessionEvent = { type: 'log', level: 'info', message: 'hello' };

  beforeEach(() => {
    hostCommands = [];
    logged = [];
    answerHostCommand = async () => null;
    const supervisor = new SessionSupervisor({
      startWorker: () => {
        worker = new FakeWorker();
        return worker;
      },
      now: () => 0,
      onEvent: (event) => relay.tell(event),
      onFrame: (frame) => relay.sendFrame(frame),
      onStarted: () => relay.sessionStarted(),
      onStopped: () => {},
    });
    relay = new Relay({
      session: supervisor,
      answerHostCommand: (command) => {
        hostCommands.push(command);
        return answerHostCommand();
      },
      log: (level, message) => logged.push(`${level}: ${message}`),
    });
    supervisor.start();
    port = new FakePort();
  });

  const sessionSends = (step: number) => worker.say({ kind: 'frame', frame: frameOf(step) });
  const credit = () => port.say({ kind: 'credit' });

  describe('commands', () => {
    beforeEach(() => relay.connect(port));

    it('passes the session its commands and the page their answers, under the page’s own numbers', async () => {
      port.ask(70, { type: 'step', count: 2 });
      port.ask(71, { type: 'check' });
      expect(worker.commands).toEqual([{ type: 'step', count: 2 }, { type: 'check' }]);
      worker.answer('check', null);
      worker.answer('step', { step: 2, loss: 3 });
      await settle();
      expect(port.sent).toEqual([
        { kind: 'answer', id: 71, answer: null },
        { kind: 'answer', id: 70, answer: { step: 2, loss: 3 } },
      ]);
    });

    it('answers main’s own commands without the session', async () => {
      port.ask(1, { type: 'copyText', text: 'a,b' });
      await settle();
      expect(hostCommands).toEqual([{ type: 'copyText', text: 'a,b' }]);
      expect(worker.commands).toEqual([]);
      expect(port.sent).toEqual([{ kind: 'answer', id: 1, answer: null }]);
    });

    it.each([
      ['an unknown command', { kind: 'request', id: 3, command: { type: 'explode' } }],
      ['a value out of range', { kind: 'request', id: 3, command: { type: 'step', count: 0 } }],
      ['a key too many', { kind: 'request', id: 3, command: { type: 'run', faster: true } }],
    ])('refuses %s by its number', (_what, message) => {
      port.say(message);
      expect(port.sent).toMatchObject([{ kind: 'refusal', id: 3, refusal: { code: 'invalid-command' } }]);
      expect(worker.commands).toEqual([]);
      expect(logged).toEqual([]);
    });

    it.each([
      ['text', 'run'],
      ['nothing', null],
      ['a request without a number', { kind: 'request', command: { type: 'run' } }],
      ['a number that is none', { kind: 'request', id: -1, command: { type: 'run' } }],
    ])('logs %s, which cannot be answered', (_what, message) => {
      port.say(message);
      expect(port.sent).toEqual([]);
      expect(worker.commands).toEqual([]);
      expect(logged).toHaveLength(1);
    });

    it('passes refusals on, and turns what is thrown into one of code internal', async () => {
      port.ask(1, { type: 'report' });
      const refusal = { code: 'not-now', message: 'Only deep-stack has a report.' } as const;
      worker.say({ kind: 'refusal', id: worker.idOf('report'), refusal });
      await settle();
      answerHostCommand = () => Promise.reject(new TypeError('no clipboard'));
      port.ask(2, { type: 'copyText', text: '' });
      await settle();
      expect(port.sent).toMatchObject([
        { kind: 'refusal', id: 1, refusal },
        { kind: 'refusal', id: 2, refusal: { code: 'internal', message: expect.stringContaining('no clipboard') } },
      ]);
      expect(logged).toHaveLength(1);
    });

    it('answers only the page that asked', async () => {
      port.ask(1, { type: 'step', count: 2 });
      const second = new FakePort();
      relay.connect(second);
      worker.answer('step', { step: 2, loss: 3 });
      await settle();
      expect(port.sent).toEqual([]);
      expect(second.sent).toEqual([]);
    });
  });

  describe('pages', () => {
    it('closes the port of the page before and hears it no more', () => {
      relay.connect(port);
      const second = new FakePort();
      relay.connect(second);
      expect(port.closed).toBe(true);
      expect(second.started).toBe(true);
      port.ask(1, { type: 'run' });
      expect(worker.commands).toEqual([]);
      relay.tell(action);
      expect(second.events).toEqual([action]);
    });

    it('tells a new page how things stand, then what nobody was there to hear', () => {
      worker.tell(session);
      worker.tell({
        type: 'state',
        running: false,
        step: 4,
        loss: 3,
        position: null,
        gradients: 'autograd',
        checksCode: false,
      });
      relay.tell(action);
      relay.tell(log);
      relay.connect(port);
      expect(port.events).toEqual([
        session,
        { type: 'state', running: false, step: 4, loss: 3, position: null, gradients: 'autograd', checksCode: false },
        log,
      ]);
      const second = new FakePort();
      relay.connect(second);
      expect(second.events).not.toContain(log);
    });

    it('sends nothing to a port that its page has closed', () => {
      relay.connect(port);
      port.close();
      relay.tell(log);
      sessionSends(1);
      expect(port.sent).toEqual([]);
    });
  });

  describe('frames', () => {
    it('asks the session for one only when the page is ready, and again when it has drawn it', () => {
      relay.connect(port);
      expect(worker.credits).toBe(0);
      credit();
      expect(worker.credits).toBe(1);
      sessionSends(1);
      expect(port.frames).toEqual([frameOf(1)]);
      expect(worker.credits).toBe(1);
      credit();
      expect(worker.credits).toBe(2);
    });

    it('never has two unanswered, however many credits are repeated', () => {
      relay.connect(port);
      credit();
      credit();
      expect(worker.credits).toBe(1);
      sessionSends(1);
      sessionSends(2);
      sessionSends(3);
      expect(port.frames).toEqual([frameOf(1)]);
      credit();
      expect(port.frames).toEqual([frameOf(1), frameOf(3)]);
    });

    it('shows a new page the last frame, and goes on where the old one left its frame unanswered', () => {
      relay.connect(port);
      credit();
      sessionSends(1);
      port = new FakePort();
      relay.connect(port);
      expect(port.frames).toEqual([]);
      credit();
      expect(port.frames).toEqual([frameOf(1)]);
      credit();
      expect(worker.credits).toBe(2);
    });

    it('shows no page a frame of the session before', () => {
      relay.connect(port);
      sessionSends(1);
      worker.tell(session);
      credit();
      expect(port.frames).toEqual([]);
      expect(worker.credits).toBe(1);
      sessionSends(0);
      expect(port.frames).toEqual([frameOf(0)]);
    });

    it('gives a new thread the credit that the old one took with it', () => {
      relay.connect(port);
      credit();
      const first = worker;
      first.die();
      expect(worker).not.toBe(first);
      expect(worker.credits).toBe(1);
      sessionSends(0);
      expect(port.frames).toEqual([frameOf(0)]);
    });
  });

  describe('whenDrawn', () => {
    it('waits for the step’s frame to be answered and for open requests', async () => {
      let drawn = false;
      const waiting = relay.whenDrawn(1).then(() => {
        drawn = true;
      });
      relay.connect(port);
      credit();
      sessionSends(0);
      credit();
      sessionSends(1);
      await settle();
      expect(drawn).toBe(false);
      port.ask(1, { type: 'check' });
      credit();
      await settle();
      expect(drawn).toBe(false);
      worker.answer('check', null);
      await waiting;
      expect(drawn).toBe(true);
      expect(relay.messagesFromPage).toBe(4);
    });
  });
});
