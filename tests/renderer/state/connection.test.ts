import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Connection, createConnection, RefusedError } from '../../../renderer/state/connection';
import { FakeSession } from '../fake/session';

const newReceiver = () => ({ event: vi.fn(), frame: vi.fn(), opened: vi.fn(), lost: vi.fn() });

let receiver: ReturnType<typeof newReceiver>;
let painted: (() => void)[] = [];
let connection: Connection;
let session: FakeSession;

beforeEach(() => {
  // A new one each time: the last test's port may still be closing.
  receiver = newReceiver();
  painted = [];
  connection = createConnection(receiver, (callback) => painted.push(callback));
  const { port1, port2 } = new MessageChannel();
  connection.attach(port1);
  session = new FakeSession(port2);
});

afterEach(() => session.close());

const credits = () => session.received.filter(({ kind }) => kind === 'credit').length;

test('answers each request with its own answer', async () => {
  session.holding = true;
  const step = connection.request({ type: 'step', count: 3 });
  const sample = connection.request({ type: 'sample', count: 2, seed: 1 });
  await vi.waitFor(() => expect(session.received).toHaveLength(3));
  session.release();
  expect(await sample).toMatchObject({ seed: 1 });
  expect(await step).toMatchObject({ step: 3 });
});

test('rejects a refused request with the refusal', async () => {
  const refusal = { code: 'not-now', message: 'The session is running.' } as const;
  session.refusals.set('step', refusal);
  const error = await connection.request({ type: 'step', count: 1 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RefusedError);
  expect(error).toMatchObject({ message: refusal.message, refusal });
});

test('grants the first frame at once and each next one only after the last was painted', async () => {
  await vi.waitFor(() => expect(receiver.frame).toHaveBeenCalledTimes(1));
  expect(credits()).toBe(1);
  session.moveTo(1);
  await connection.request({ type: 'check' });
  expect(receiver.frame).toHaveBeenCalledTimes(1);

  for (const callback of painted.splice(0)) callback();
  await vi.waitFor(() => expect(receiver.frame).toHaveBeenCalledTimes(2));
  expect(credits()).toBe(2);
});

test('says so when the other side goes away, and rejects what was under way and what comes after', async () => {
  session.holding = true;
  const underWay = connection.request({ type: 'step', count: 1 }).catch((reason: unknown) => reason);
  session.close();
  expect(await underWay).toMatchObject({ refusal: { code: 'not-now' } });
  await vi.waitFor(() => expect(receiver.lost).toHaveBeenCalledTimes(1));
  await expect(connection.request({ type: 'pause' })).rejects.toThrow('not connected');
});

test('speaks over a new port after it was attached', async () => {
  const { port1, port2 } = new MessageChannel();
  connection.attach(port1);
  const next = new FakeSession(port2);
  expect(await connection.request({ type: 'step', count: 7 })).toMatchObject({ step: 7 });
  expect(receiver.lost).not.toHaveBeenCalled();
  next.close();
});
