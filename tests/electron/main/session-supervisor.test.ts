import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../core/protocol/events';
import { SessionSupervisor } from '../../../electron/main/session-supervisor';
import { checkWith } from '../../core/check-rows';
import { describedSession, FakeWorker, settle } from '../fakes';

describe('SessionSupervisor', () => {
  let workers: FakeWorker[];
  let events: SessionEvent[];
  let stops: string[];
  let now: number;
  let starts: number;
  let session: SessionSupervisor;
  const worker = () => workers.at(-1)!;
  const start = (seed: number): SessionEvent => ({ type: 'session', session: describedSession(seed) });
  const state: SessionEvent = {
    type: 'state',
    running: false,
    step: 0,
    loss: 3,
    position: null,
    gradients: 'autograd',
    checksCode: false,
  };

  beforeEach(() => {
    workers = [];
    events = [];
    stops = [];
    now = 0;
    starts = 0;
    session = new SessionSupervisor({
      startWorker: () => {
        workers.push(new FakeWorker());
        return worker();
      },
      now: () => now,
      onEvent: (event) => events.push(event),
      onFrame: () => {},
      onStarted: () => {
        starts += 1;
      },
      onStopped: (reason) => stops.push(reason),
    });
    session.start();
  });

  const carriedOut = async (command: Parameters<SessionSupervisor['request']>[0]) => {
    const request = session.request(command);
    worker().answer(command.type);
    await request;
  };

  it('starts a new thread when one dies, and tells before its session', () => {
    worker().die(new Error('boom'));
    worker().tell(start(1));
    expect(workers).toHaveLength(2);
    expect(starts).toBe(2);
    expect(events).toEqual([{ type: 'workerRestarted', reason: 'boom' }, start(1)]);
  });

  it('tells a page that connects what Python is about, through new sessions but not from a dead thread', () => {
    const python: SessionEvent = { type: 'python', state: 'ready', message: '' };
    worker().tell(start(1));
    worker().tell({ type: 'python', state: 'starting', message: '' });
    worker().tell(python);
    worker().tell(start(2));
    worker().tell(state);
    expect(session.standingEvents()).toEqual([start(2), state, python]);
    worker().die();
    worker().tell(start(1));
    expect(session.standingEvents()).toEqual([start(1)]);
  });

  it('refuses what was pending when the thread died', async () => {
    const request = session.request({ type: 'step', count: 5 });
    worker().die();
    await expect(request).rejects.toMatchObject({ refusal: { code: 'internal' } });
  });

  it('gives a new thread the last accepted settings and names, and tells only of the session they give', async () => {
    const configure = { type: 'configure', settings: describedSession(5).settings } as const;
    const loadNames = { type: 'loadNames', fileName: 'a.txt', bytes: new Uint8Array([97]) } as const;
    await carriedOut({ type: 'configure', settings: describedSession(4).settings });
    await carriedOut(configure);
    await carriedOut(loadNames);
    worker().die(new Error('boom'));
    expect(worker().commands).toEqual([loadNames, configure]);
    worker().tell(start(1));
    worker().tell(start(5));
    worker().tell(state);
    session.grantCredit();
    expect(session.standingEvents()).toEqual([]);
    worker().answer('loadNames');
    await settle();
    expect(worker().credits).toBe(0);
    worker().answer('configure');
    await settle();
    expect(worker().credits).toBe(1);
    expect(events).toEqual([{ type: 'workerRestarted', reason: 'boom' }, start(5), state]);
  });

  it('forgets names where the built-in ones were chosen since, and settings that were refused', async () => {
    await carriedOut({ type: 'loadNames', fileName: 'a.txt', bytes: new Uint8Array([97]) });
    await carriedOut({ type: 'useBuiltInNames' });
    const refused = session.request({ type: 'configure', settings: describedSession(4).settings });
    const refusal = { code: 'not-now', message: 'No.' } as const;
    worker().say({ kind: 'refusal', id: worker().idOf('configure'), refusal });
    await expect(refused).rejects.toMatchObject({ refusal });
    worker().die();
    expect(worker().commands).toEqual([]);
  });

  it('tells where old settings could not be given again, and of the session there is', async () => {
    await carriedOut({ type: 'configure', settings: describedSession(4).settings });
    worker().die();
    worker().tell(start(1));
    const refusal = { code: 'internal', message: 'No memory.' } as const;
    worker().say({ kind: 'refusal', id: worker().idOf('configure'), refusal });
    await settle();
    expect(events.map((event) => event.type)).toEqual(['workerRestarted', 'log', 'session']);
    expect(events[1]).toMatchObject({ level: 'error', message: expect.stringContaining('No memory.') });
  });

  it('stops at the third death within a minute, refuses, and starts again from the built-in settings', async () => {
    await carriedOut({ type: 'configure', settings: describedSession(4).settings });
    for (const reason of ['one', 'two', 'three']) worker().die(new Error(reason));
    expect(workers).toHaveLength(3);
    expect(stops).toEqual(['three']);
    await expect(session.request({ type: 'run' })).rejects.toMatchObject({ refusal: { code: 'not-now' } });
    session.start();
    expect(workers).toHaveLength(4);
    expect(worker().commands).toEqual([]);
    worker().die();
    expect(workers).toHaveLength(5);
  });

  it('goes on where deaths are a minute apart or commands are completed between them', async () => {
    for (const death of [0, 60_000, 120_000]) {
      now = death;
      worker().die();
      worker().die();
      await carriedOut({ type: 'pause' });
    }
    now = 180_000;
    worker().die();
    now = 200_000;
    worker().die();
    now = 240_000;
    worker().die();
    expect(stops).toEqual([]);
  });

  it('knows how things stand: the last session, and the last state and check of it', () => {
    const check = checkWith([]);
    worker().tell(start(1));
    worker().tell({ type: 'checked', check });
    worker().tell(start(2));
    worker().tell({ ...state, step: 1 });
    worker().tell({ ...state, step: 2 });
    expect(session.standingEvents()).toEqual([start(2), { ...state, step: 2 }]);
    worker().tell({ type: 'checked', check });
    expect(session.standingEvents()).toEqual([start(2), { ...state, step: 2 }, { type: 'checked', check }]);
    worker().die();
    expect(session.standingEvents()).toEqual([]);
  });

  it('begins anew with the restoring where the new thread dies of it', async () => {
    await carriedOut({ type: 'configure', settings: describedSession(4).settings });
    worker().die(new Error('one'));
    worker().die(new Error('two'));
    expect(workers).toHaveLength(3);
    await settle();
    worker().tell(start(4));
    worker().answer('configure');
    await settle();
    expect(events.map((event) => event.type)).toEqual(['workerRestarted', 'workerRestarted', 'session']);
  });

  it('starts nothing after it was closed', async () => {
    await session.close();
    expect(workers).toHaveLength(1);
    expect(worker().terminated).toBe(true);
    expect(stops).toEqual([]);
  });
});
