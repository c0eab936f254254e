import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../core/protocol/events';
import { RefusalError, SessionClient } from '../../../electron/worker/session-client';
import { FakeWorker, frameOf } from '../fakes';

describe('SessionClient', () => {
  let worker: FakeWorker;
  let client: SessionClient;
  beforeEach(() => {
    worker = new FakeWorker();
    client = new SessionClient(() => worker);
  });

  it('gives each request its own answer, in whatever order they come', async () => {
    const step = client.request({ type: 'step', count: 1 });
    const report = client.request({ type: 'restart' });
    worker.answer('restart', null);
    worker.answer('step', { step: 1, loss: 2 });
    expect(await step).toEqual({ step: 1, loss: 2 });
    expect(await report).toBeNull();
    expect(worker.commands).toEqual([{ type: 'step', count: 1 }, { type: 'restart' }]);
  });

  it('rejects a refused request with the refusal', async () => {
    const request = client.request({ type: 'report' });
    const refusal = { code: 'not-now', message: 'Only deep-stack has a report.' } as const;
    worker.say({ kind: 'refusal', id: worker.idOf('report'), refusal });
    const error = await request.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RefusalError);
    expect(error).toMatchObject({ refusal, message: refusal.message });
  });

  it('hands on events and frames, and grants credit', () => {
    const events: SessionEvent[] = [];
    const frames: Float32Array[] = [];
    client.onEvent((event) => events.push(event));
    client.onFrame((frame) => frames.push(frame));
    client.grantCredit();
    worker.tell({
      type: 'state',
      running: true,
      step: 1,
      loss: 2,
      position: null,
      gradients: 'autograd',
      checksCode: false,
    });
    worker.say({ kind: 'frame', frame: frameOf(1) });
    expect(worker.credits).toBe(1);
    expect(events).toEqual([
      { type: 'state', running: true, step: 1, loss: 2, position: null, gradients: 'autograd', checksCode: false },
    ]);
    expect(frames).toEqual([frameOf(1)]);
  });

  it('rejects every pending request, and later ones, when the thread dies', async () => {
    const exits: string[] = [];
    client.onExit((reason) => exits.push(reason));
    const pending = [client.request({ type: 'step', count: 1 }), client.request({ type: 'evaluate' })];
    worker.die(new Error('out of memory'));
    const later = client.request({ type: 'pause' });
    const codes = (await Promise.allSettled([...pending, later])).map(
      (result) => result.status === 'rejected' && result.reason instanceof RefusalError && result.reason.refusal.code,
    );
    expect(codes).toEqual(['internal', 'internal', 'not-now']);
    await expect(pending[0]).rejects.toThrow(/out of memory/);
    expect(exits).toEqual(['out of memory']);
  });

  it('names the exit code where the thread ends without an error', async () => {
    const request = client.request({ type: 'run' });
    worker.emit('exit', 7);
    await expect(request).rejects.toThrow(/exit code 7/);
  });

  it('ends the thread on close, which is no death', async () => {
    const exits: string[] = [];
    client.onExit((reason) => exits.push(reason));
    const pending = client.request({ type: 'step', count: 1 });
    const refused = expect(pending).rejects.toMatchObject({ refusal: { code: 'cancelled' } });
    await client.close();
    await refused;
    expect(worker.terminated).toBe(true);
    expect(exits).toEqual([]);
  });

  it('tells of a message that could not be read', () => {
    const events: SessionEvent[] = [];
    client.onEvent((event) => events.push(event));
    worker.emit('messageerror', new Error('unreadable'));
    expect(events).toMatchObject([{ type: 'log', level: 'error', message: expect.stringContaining('unreadable') }]);
  });
});
