import type { PythonError } from '../../core/protocol/answers';
import type { PythonState } from '../../core/protocol/events';
import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, LabService, Patience, TrainingGradients, TrainingInputs } from '../../core/python/lab-service';
import { failedCheck, failedGradients } from './failed-answers';
import { interrupt, interruptSignal, type LabMessage, type LabTask } from './lab-messages';

/** What the client needs of a worker thread: `Worker` of node:worker_threads has it, and so has a test's fake. */
export interface LabWorker {
  postMessage(task: LabTask): void;
  on(event: 'message', listener: (message: LabMessage) => void): unknown;
  on(event: 'error' | 'messageerror', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

export interface LabClientOptions {
  /** Starts a thread with `LabData`. */
  readonly startWorker: (interrupts: SharedArrayBuffer) => LabWorker;
  /** Calls back after so many milliseconds, unless the function it gives is called before. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  /** What a task may take before it is stopped. */
  readonly limitMilliseconds?: number;
  /** How long code that was interrupted may take to end before its thread is ended. */
  readonly graceMilliseconds?: number;
}

/** A task and who waits for it. */
interface Job {
  readonly task: LabTask;
  readonly settle: (message: Extract<LabMessage, { kind: 'check' | 'gradients' }>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Python's thread as the session sees it: one that survives whatever the code does. Code that runs too long, or is to
 * stop, is interrupted; where that does not help, or Python breaks, its thread is ended and a new one started.
 */
export class LabClient implements LabService {
  readonly #options: LabClientOptions;
  readonly #limit: number;
  readonly #grace: number;
  readonly #listeners: ((state: PythonState, message: string) => void)[] = [];
  readonly #waiting: Job[] = [];
  #thread: Thread | null = null;
  #job: Job | null = null;
  /** Why the present job is given up; null while it is not. */
  #stopError: PythonError | null = null;
  #cancelTimer: () => void = () => {};

  constructor(options: LabClientOptions) {
    this.#options = options;
    this.#limit = options.limitMilliseconds ?? 10_000;
    this.#grace = options.graceMilliseconds ?? 500;
  }

  start(): void {
    if (this.#thread === null) this.#startThread('Python is starting.');
  }

  check(inputs: LabInputs, code: string, patience: Patience): Promise<LabCheck> {
    return new Promise((resolve, reject) => {
      this.#add({
        task: { kind: 'check', inputs, code, patience },
        settle: (message) => resolve(message.answer as LabCheck),
        reject,
      });
    });
  }

  gradients(inputs: TrainingInputs, code: string): Promise<TrainingGradients> {
    return new Promise((resolve, reject) => {
      this.#add({
        task: { kind: 'gradients', inputs, code },
        settle: (message) => resolve(message.answer as TrainingGradients),
        reject,
      });
    });
  }

  stop(): void {
    this.#giveUp({ type: 'KeyboardInterrupt', message: 'The code was stopped.', line: null });
  }

  onState(listener: (state: PythonState, message: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Ends the thread. What is unanswered is rejected. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#stopped('The lab was closed.');
    await thread?.worker.terminate();
  }

  #add(job: Job): void {
    this.#waiting.push(job);
    this.start();
    this.#next();
  }

  #startThread(message: string): void {
    const interrupts = new SharedArrayBuffer(2);
    const thread = new Thread(this.#options.startWorker(interrupts), new Uint8Array(interrupts));
    this.#thread = thread;
    thread.worker.on('message', (answer) => this.#receive(thread, answer));
    thread.worker.on('messageerror', (error) => this.#broke(thread, `its answer could not be read: ${error.message}`));
    // 'exit' may not follow an error at once: what the thread says after it no longer counts.
    thread.worker.on('error', (error) => this.#broke(thread, error.message));
    thread.worker.on('exit', (code) => this.#broke(thread, `its thread ended with exit code ${code}`));
    this.#tell('starting', message);
  }

  #next(): void {
    if (this.#job !== null || !this.#thread?.isReady) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#job = job;
    this.#stopError = null;
    const { interrupts, worker } = this.#thread;
    Atomics.store(interrupts, interrupt.stopping, 0);
    Atomics.store(interrupts, interrupt.signal, 0);
    this.#tell('busy', 'Python runs the code.');
    const seconds = this.#limit / 1000;
    this.#cancelTimer = this.#options.after(this.#limit, () => {
      const message = `The code ran longer than ${seconds} s and was stopped. Does a loop never end?`;
      this.#giveUp({ type: 'TimeoutError', message, line: null });
    });
    worker.postMessage(job.task);
  }

  #giveUp(error: PythonError): void {
    const thread = this.#thread;
    if (this.#job === null || this.#stopError !== null || thread === null) return;
    this.#stopError = error;
    this.#cancelTimer();
    Atomics.store(thread.interrupts, interrupt.stopping, 1);
    Atomics.store(thread.interrupts, interrupt.signal, interruptSignal);
    this.#cancelTimer = this.#options.after(this.#grace, () => {
      this.#replace(thread, error, 'The code did not stop. Python is starting anew.');
    });
  }

  #receive(thread: Thread, message: LabMessage): void {
    if (thread !== this.#thread) return;
    switch (message.kind) {
      case 'ready':
        thread.isReady = true;
        this.#rest();
        return;
      case 'check':
      case 'gradients':
        this.#takeJob()?.settle(message);
        this.#rest();
        return;
      case 'interrupted': {
        const error = this.#stopError;
        const job = this.#takeJob();
        if (job !== null && error !== null) fail(job, { ...error, line: message.line });
        this.#rest();
        return;
      }
      case 'broken':
        this.#broke(thread, message.message);
        return;
      default:
        message satisfies never;
    }
  }

  #rest(): void {
    this.#tell('ready', 'Python is ready.');
    this.#next();
  }

  /** Python ended or can no longer be relied on. One that never was ready is not started again by itself. */
  #broke(thread: Thread, reason: string): void {
    if (thread !== this.#thread) return;
    if (!thread.isReady) {
      this.#stopped(`Python could not start: ${reason}.`);
      void thread.worker.terminate();
      return;
    }
    const message = `The code broke Python (${reason}), which was started anew.`;
    const error = this.#stopError ?? { type: 'SystemError', message, line: null };
    this.#replace(thread, error, `Python broke (${reason}) and is starting anew.`);
  }

  #replace(thread: Thread, error: PythonError, message: string): void {
    const job = this.#takeJob();
    this.#startThread(message);
    void thread.worker.terminate();
    if (job !== null) fail(job, error);
  }

  #takeJob(): Job | null {
    const job = this.#job;
    this.#job = null;
    this.#cancelTimer();
    return job;
  }

  #stopped(message: string): void {
    this.#thread = null;
    const job = this.#takeJob();
    const jobs = [...(job === null ? [] : [job]), ...this.#waiting.splice(0)];
    this.#tell('stopped', message);
    for (const { reject } of jobs) reject(new Error(message));
  }

  #tell(state: PythonState, message: string): void {
    for (const listener of this.#listeners) listener(state, message);
  }
}

/** A worker thread and the bytes shared with it. */
class Thread {
  readonly worker: LabWorker;
  readonly interrupts: Uint8Array;
  isReady = false;

  constructor(worker: LabWorker, interrupts: Uint8Array) {
    this.worker = worker;
    this.interrupts = interrupts;
  }
}

/** Answers a job whose code did not end by itself. */
function fail({ task, settle }: Job, error: PythonError): void {
  switch (task.kind) {
    case 'check':
      settle({ kind: 'check', answer: failedCheck(task.inputs, error) });
      return;
    case 'gradients':
      settle({ kind: 'gradients', answer: failedGradients(error) });
      return;
    default:
      task satisfies never;
  }
}
