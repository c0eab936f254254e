import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { LabCheck } from '../../../core/python/lab-service';
import { failedCheck } from '../../../electron/lab/failed-answers';
import { LabClient, type LabWorker } from '../../../electron/lab/lab-client';
import type { LabEnd, LabMessage, LabTask } from '../../../electron/lab/lab-messages';
import { inputs } from './built-lab';

/** A worker that does what the test says. */
class FakeWorker implements LabWorker {
  readonly tasks: LabTask[] = [];
  /** Interrupts since the last task. */
  interrupts = 0;
  readonly interrupt: (() => void) | null;
  isTerminated = false;
  readonly #events = new EventEmitter();

  postMessage(task: LabTask): void {
    this.interrupts = 0;
    this.tasks.push(task);
  }

  constructor(hears: boolean) {
    this.interrupt = hears ? () => void this.interrupts++ : null;
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#events.on('message', listener);
  }

  onEnd(listener: (end: LabEnd) => void): void {
    this.#events.on('end', listener);
  }

  async terminate(): Promise<void> {
    this.isTerminated = true;
    this.end('it was ended');
  }

  say(message: LabMessage): void {
    this.sayAnything(message);
  }

  sayAnything(message: unknown): void {
    this.#events.emit('message', message);
  }

  end(reason: string, isOutOfMemory = false): void {
    this.#events.emit('end', { reason, isOutOfMemory });
  }
}

function setUp({ hears = true } = {}) {
  const workers: FakeWorker[] = [];
  const timers: { milliseconds: number; callback: () => void; isCancelled: boolean }[] = [];
  const states: string[] = [];
  const client = new LabClient({
    startWorker() {
      const worker = new FakeWorker(hears);
      workers.push(worker);
      return worker;
    },
    after(milliseconds, callback) {
      const timer = { milliseconds, callback, isCancelled: false };
      timers.push(timer);
      return () => {
        timer.isCancelled = true;
      };
    },
  });
  client.onState((state) => states.push(state));
  /** The one timer of so many milliseconds that still runs fires. */
  const fire = (milliseconds: number) => {
    const running = timers.filter((timer) => timer.milliseconds === milliseconds && !timer.isCancelled);
    expect(running).toHaveLength(1);
    running[0]!.isCancelled = true;
    running[0]!.callback();
  };
  return { client, workers, timers, states, fire };
}

const answer = failedCheck(inputs, { type: 'ValueError', message: 'as an answer', line: null });
const typeOf = async (check: Promise<LabCheck>) => (await check).check.error?.type;

describe('LabClient', () => {
  test('starts one thread, and gives it tasks one at a time, once it is ready', async () => {
    const { client, workers, states } = setUp();
    client.start();
    client.start();
    expect(workers).toHaveLength(1);
    const first = client.check(inputs, 'first', 'brief');
    const second = client.check(inputs, 'second', 'brief');
    const [worker] = workers as [FakeWorker];
    expect(worker.tasks).toEqual([]);
    worker.say({ kind: 'ready' });
    expect(worker.tasks.map(({ code }) => code)).toEqual(['first']);
    worker.say({ kind: 'check', answer });
    expect(await first).toEqual(answer);
    expect(worker.tasks.map(({ code }) => code)).toEqual(['first', 'second']);
    worker.say({ kind: 'check', answer });
    expect(await second).toEqual(answer);
    expect(states).toEqual(['starting', 'ready', 'busy', 'ready', 'busy', 'ready']);
  });

  test('stops code by an interrupt; the line comes from Python, the words from here', async () => {
    const { client, workers, fire, timers } = setUp();
    const check = client.check(inputs, 'x = 1\n'.repeat(7), 'brief');
    const [worker] = workers as [FakeWorker];
    worker.say({ kind: 'ready' });
    fire(10_000);
    expect(worker.interrupts).toBe(1);
    worker.say({ kind: 'interrupted', line: 7 });
    const { error } = (await check).check;
    expect(error).toMatchObject({ type: 'TimeoutError', line: 7 });
    expect(timers.every(({ isCancelled }) => isCancelled)).toBe(true);
    // The next task begins with nothing pending.
    void client.check(inputs, 'next', 'brief');
    expect(worker.interrupts).toBe(0);
    expect(workers).toHaveLength(1);
  });

  test('tells code that its worker has stopped before the time was over here the same', async () => {
    const { client, workers, states } = setUp();
    const check = client.check(inputs, 'x = 1\n'.repeat(7), 'brief');
    const [worker] = workers as [FakeWorker];
    worker.say({ kind: 'ready' });
    worker.say({ kind: 'interrupted', line: 7 });
    expect((await check).check.error).toMatchObject({ type: 'TimeoutError', line: 7 });
    expect(states.at(-1)).toBe('ready');
  });

  test('gives what waits to another thread where one is spent, and loses nothing', async () => {
    const { client, workers } = setUp();
    const check = client.check(inputs, 'large', 'brief');
    const waiting = client.check(inputs, 'waiting', 'brief');
    workers[0]!.say({ kind: 'ready' });
    workers[0]!.say({ kind: 'check', answer, isSpent: true });
    expect(await check).toEqual(answer);
    expect(workers[0]!.tasks.map(({ code }) => code)).toEqual(['large']);
    expect(workers[0]!.isTerminated).toBe(true);
    workers[1]!.say({ kind: 'ready' });
    workers[1]!.say({ kind: 'check', answer });
    expect(await waiting).toEqual(answer);
  });

  test('ends the thread where the code does not listen, and starts another for what waits', async () => {
    const { client, workers, fire, states } = setUp();
    const check = client.check(inputs, 'deaf', 'brief');
    const waiting = client.check(inputs, 'waiting', 'brief');
    workers[0]!.say({ kind: 'ready' });
    client.stop();
    client.stop();
    fire(500);
    expect(await typeOf(check)).toBe('KeyboardInterrupt');
    expect(workers[0]!.isTerminated).toBe(true);
    expect(workers).toHaveLength(2);
    // What the old thread says no longer counts.
    workers[0]!.say({ kind: 'check', answer });
    workers[1]!.say({ kind: 'ready' });
    expect(workers[1]!.tasks.map(({ code }) => code)).toEqual(['waiting']);
    workers[1]!.say({ kind: 'check', answer });
    expect(await waiting).toEqual(answer);
    expect(states).toEqual(['starting', 'ready', 'busy', 'starting', 'ready', 'busy', 'ready']);
  });

  test('ends at once a thread that hears nothing, and waits for one whose time is over', async () => {
    const { client, workers, timers, fire } = setUp({ hears: false });
    const check = client.check(inputs, 'x = 1\n'.repeat(7), 'brief');
    const waiting = client.check(inputs, 'x = 1\n'.repeat(7), 'brief');
    workers[0]!.say({ kind: 'ready' });
    client.stop();
    expect(workers[0]!.isTerminated).toBe(true);
    expect(await typeOf(check)).toBe('KeyboardInterrupt');
    expect(timers.every(({ isCancelled }) => isCancelled)).toBe(true);
    workers[1]!.say({ kind: 'ready' });
    // Its own clock may be a little behind: it says itself where the code was.
    fire(10_000);
    expect(workers[1]!.isTerminated).toBe(false);
    workers[1]!.say({ kind: 'interrupted', line: 7 });
    expect((await waiting).check.error).toMatchObject({ type: 'TimeoutError', line: 7 });
    expect(workers).toHaveLength(2);
  });

  test('code that ends just before it is stopped has its answer', async () => {
    const { client, workers } = setUp();
    const check = client.check(inputs, 'quick', 'brief');
    workers[0]!.say({ kind: 'ready' });
    client.stop();
    workers[0]!.say({ kind: 'check', answer });
    expect(await check).toEqual(answer);
    expect(workers[0]!.interrupts).toBe(1);
    client.stop();
    expect(workers).toHaveLength(1);
  });

  test.each<[string, (worker: FakeWorker) => void]>([
    ['says that it broke', (worker) => worker.say({ kind: 'broken', message: 'it broke' })],
    ['ends', (worker) => worker.end('its thread ended with exit code 139')],
  ])('a thread that %s is replaced, and the code is told', async (_, breaks) => {
    const { client, workers } = setUp();
    const check = client.check(inputs, 'breaks', 'brief');
    const gradients = client.gradients({ ...inputs, parameters: [] }, 'next');
    workers[0]!.say({ kind: 'ready' });
    breaks(workers[0]!);
    const { error } = (await check).check;
    expect(error?.type).toBe('SystemError');
    expect(error?.message).toMatch(/broke|exit code 139/);
    workers[1]!.say({ kind: 'ready' });
    workers[1]!.say({ kind: 'broken', message: 'again' });
    expect((await gradients).error?.type).toBe('SystemError');
    expect(workers).toHaveLength(3);
  });

  test.each<[string, string, unknown]>([
    ['a row too few', 'answer.check', { kind: 'check', answer: { ...answer, check: { ...answer.check, rows: [] } } }],
    [
      'another verdict',
      'answer.check.rows.1.verdict',
      {
        kind: 'check',
        answer: {
          ...answer,
          check: {
            ...answer.check,
            rows: answer.check.rows.map((row, index) => (index === 1 ? { ...row, verdict: 'fine' } : row)),
          },
        },
      },
    ],
    ['another task’s answer', 'kind', { kind: 'gradients', answer: { error: null, gradients: new Map() } }],
    ['a line that there is not', 'line', { kind: 'interrupted', line: 1e6 }],
    ['ready twice', 'kind', { kind: 'ready' }],
  ])('what is no answer, %s, ends that Python; the next check is as if it had never been', async (_, at, message) => {
    const { client, workers, states } = setUp();
    const check = client.check(inputs, 'code', 'brief');
    const waiting = client.check(inputs, 'code', 'brief');
    workers[0]!.say({ kind: 'ready' });
    workers[0]!.sayAnything(message);
    expect((await check).check.error).toEqual({
      type: 'SystemError',
      message: `The code broke Python (it sent something that is no answer, at ${at}), which was started anew.`,
      line: null,
    });
    expect(workers[0]!.isTerminated).toBe(true);
    workers[1]!.say({ kind: 'ready' });
    workers[1]!.say({ kind: 'check', answer });
    expect(await waiting).toEqual(answer);
    expect(states).toEqual(['starting', 'ready', 'busy', 'starting', 'ready', 'busy', 'ready']);
  });

  test('an answer that nobody waits for ends that Python', () => {
    const { client, workers } = setUp();
    client.start();
    workers[0]!.say({ kind: 'ready' });
    workers[0]!.say({ kind: 'check', answer });
    expect(workers[0]!.isTerminated).toBe(true);
    expect(workers).toHaveLength(2);
  });

  test('a Python whose first word is no word is not started again by itself', async () => {
    const { client, workers } = setUp();
    const check = client.check(inputs, 'code', 'brief');
    workers[0]!.say({ kind: 'check', answer });
    await expect(check).rejects.toThrow('Python could not start: it sent something that is no answer, at kind.');
    expect(workers).toHaveLength(1);
  });

  test('memory that ran out is a MemoryError', async () => {
    const { client, workers } = setUp();
    const check = client.check(inputs, 'greedy', 'brief');
    workers[0]!.say({ kind: 'ready' });
    workers[0]!.end('The code took more than 1 GiB', true);
    expect((await check).check.error).toEqual({
      type: 'MemoryError',
      message: 'The code took more than 1 GiB; Python was started anew.',
      line: null,
    });
    expect(workers).toHaveLength(2);
  });

  test('a Python that is killed while it starts is started anew, and what waits for it is done', async () => {
    const { client, workers, states } = setUp();
    const check = client.check(inputs, 'code', 'brief');
    workers[0]!.end('its process ended');
    workers[1]!.say({ kind: 'ready' });
    workers[1]!.say({ kind: 'check', answer });
    expect(await check).toEqual(answer);
    expect(states).toEqual(['starting', 'starting', 'ready', 'busy', 'ready']);
    // That it came up ends the row.
    workers[1]!.end('its process ended');
    workers[2]!.end('its process ended');
    expect(workers).toHaveLength(4);
  });

  test('a Python that cannot start twice is not started again by itself, but when it is asked for', async () => {
    const { client, workers, states } = setUp();
    const check = client.check(inputs, 'code', 'brief');
    workers[0]!.end('pyodide.js is missing');
    workers[1]!.end('pyodide.js is missing');
    await expect(check).rejects.toThrow('Python could not start: pyodide.js is missing.');
    expect(states).toEqual(['starting', 'starting', 'stopped']);
    expect(workers).toHaveLength(2);
    void client.check(inputs, 'code', 'brief');
    expect(workers).toHaveLength(3);
  });

  test('stop does nothing where nothing runs', () => {
    const { client, workers, timers } = setUp();
    client.stop();
    client.start();
    workers[0]!.say({ kind: 'ready' });
    client.stop();
    expect(timers).toEqual([]);
    expect(workers[0]!.interrupts).toBe(0);
  });

  test('close rejects what is unanswered', async () => {
    const { client, workers } = setUp();
    const check = client.check(inputs, 'code', 'brief');
    const closed = client.close();
    await expect(check).rejects.toThrow('The lab was closed.');
    await closed;
    expect(workers[0]!.isTerminated).toBe(true);
  });
});
