import type { PythonError } from '../../core/protocol/answers';
import type { PythonState } from '../../core/protocol/events';
import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, LabService, Patience, TrainingGradients, TrainingInputs } from '../../core/python/lab-service';
import { failedAnswer } from './failed-answers';
import type { LabAnswer, LabEnd, LabMessage, LabTask } from './lab-messages';
import { readMessage } from './read-message';

/** Where Python runs, as the client needs it: a process of its own, or a page. */
export interface LabWorker {
  /** Gives it a task, and how long that may take. What interrupted an earlier one no longer counts. */
  postMessage(task: LabTask, limitMilliseconds: number): void;
  /**
   * Raises KeyboardInterrupt in the code that runs, and lets no more code run for the present task. Null where nothing can be heard
   * while code runs: there the time of a task is kept by itself, and to stop it sooner is to end it.
   */
  readonly interrupt: (() => void) | null;
  /** What it says is read by the client: what runs there may send anything. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called when it has ended, or can no longer be understood; perhaps more than once, and after `terminate` as well. */
  onEnd(listener: (end: LabEnd) => void): void;
  terminate(): Promise<unknown>;
}

export interface LabClientOptions {
  readonly startWorker: () => LabWorker;
  /** Calls back after so many milliseconds, unless the function it gives is called before. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  /** Whether each check is of somebody else's code, and is to have an interpreter of its own. */
  readonly isGrading?: boolean;
  /** What a task may take before it is stopped. */
  readonly limitMilliseconds?: number;
  /** How long code that was interrupted may take to end before its thread is ended. */
  readonly graceMilliseconds?: number;
}

/** So many starts in a row that come to nothing are tried. */
const mostStarts = 2;

/** A task and who waits for it. */
interface Job {
  readonly task: LabTask;
  readonly settle: (message: Extract<LabMessage, { kind: 'check' | 'gradients' }>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Python's thread as the session sees it: one that survives whatever the code does. Code that runs too long, or is to
 * stop, is interrupted; where that does not help, Python breaks, or it says what cannot be an answer, its thread is ended and
 * a new one started.
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
  /** Starts in a row that came to nothing. */
  #failedStarts = 0;

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
        task: { kind: 'check', inputs, code, patience, isFresh: this.#options.isGrading ?? false },
        settle: (message) => {
          if (message.kind === 'check') resolve(message.answer);
        },
        reject,
      });
    });
  }

  gradients(inputs: TrainingInputs, code: string): Promise<TrainingGradients> {
    return new Promise((resolve, reject) => {
      this.#add({
        task: { kind: 'gradients', inputs, code },
        settle: (message) => {
          if (message.kind === 'gradients') resolve(message.answer);
        },
        reject,
      });
    });
  }

  stop(): void {
    const error: PythonError = { type: 'KeyboardInterrupt', message: 'The code was stopped.', line: null };
    const thread = this.#thread;
    if (thread?.worker.interrupt !== null) this.#giveUp(error);
    else if (this.#job !== null) this.#replace(thread, error, 'The code was stopped. Python is starting anew.');
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
    const thread = new Thread(this.#options.startWorker());
    this.#thread = thread;
    thread.worker.onMessage((given) => this.#read(thread, given));
    thread.worker.onEnd((end) => this.#broke(thread, end));
    this.#tell('starting', message);
  }

  #next(): void {
    if (this.#job !== null || !this.#thread?.isReady) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#job = job;
    this.#stopError = null;
    const { worker } = this.#thread;
    this.#tell('busy', 'Python runs the code.');
    this.#cancelTimer = this.#options.after(this.#limit, () => this.#giveUp(this.#timeout));
    worker.postMessage(job.task, this.#limit);
  }

  #giveUp(error: PythonError): void {
    const thread = this.#thread;
    if (this.#job === null || this.#stopError !== null || thread === null) return;
    this.#stopError = error;
    this.#cancelTimer();
    thread.worker.interrupt?.();
    this.#cancelTimer = this.#options.after(this.#grace, () => {
      this.#replace(thread, error, 'The code did not stop. Python is starting anew.');
    });
  }

  #read(thread: Thread, given: unknown): void {
    if (thread !== this.#thread) return;
    const read = readMessage(given, thread.isReady ? (this.#job?.task ?? null) : 'start');
    if ('message' in read) this.#receive(thread, read.message);
    else if (thread.isReady) this.#broke(thread, { reason: noAnswer(read.refusedAt), isOutOfMemory: false });
    else {
      // It was not killed: another would say the same.
      this.#stopped(`Python could not start: ${noAnswer(read.refusedAt)}.`);
      void thread.worker.terminate();
    }
  }

  #receive(thread: Thread, message: LabMessage): void {
    switch (message.kind) {
      case 'ready':
        thread.isReady = true;
        this.#failedStarts = 0;
        this.#rest();
        return;
      case 'check':
      case 'gradients':
        this.#takeJob()?.settle(message);
        this.#goOn(thread, message);
        return;
      case 'interrupted': {
        // A worker that keeps the time itself may be the first to see that it is over.
        const error = this.#stopError ?? this.#timeout;
        const job = this.#takeJob();
        if (job !== null) fail(job, { ...error, line: message.line });
        this.#goOn(thread, message);
        return;
      }
      case 'broken':
        this.#broke(thread, { reason: message.message, isOutOfMemory: false });
        return;
      default:
        message satisfies never;
    }
  }

  #goOn(thread: Thread, { isSpent = false }: LabAnswer): void {
    if (!isSpent) {
      this.#rest();
      return;
    }
    this.#startThread('The code took much memory. Python is starting anew.');
    void thread.worker.terminate();
  }

  get #timeout(): PythonError {
    const message = `The code ran longer than ${this.#limit / 1000} s and was stopped. Does a loop never end?`;
    return { type: 'TimeoutError', message, line: null };
  }

  #rest(): void {
    this.#tell('ready', 'Python is ready.');
    this.#next();
  }

  /** Python ended or can no longer be relied on. One that never was ready is started again by itself once: it may have been killed. */
  #broke(thread: Thread, { reason, isOutOfMemory }: LabEnd): void {
    if (thread !== this.#thread) return;
    if (!thread.isReady) {
      this.#failedStarts += 1;
      if (this.#failedStarts < mostStarts)
        this.#startThread(`Python ended while it started (${reason}). It starts anew.`);
      else this.#stopped(`Python could not start: ${reason}.`);
      void thread.worker.terminate();
      return;
    }
    const error = this.#stopError ?? brokenBy(reason, isOutOfMemory);
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
    this.#failedStarts = 0;
    const job = this.#takeJob();
    const jobs = [...(job === null ? [] : [job]), ...this.#waiting.splice(0)];
    this.#tell('stopped', message);
    for (const { reject } of jobs) reject(new Error(message));
  }

  #tell(state: PythonState, message: string): void {
    for (const listener of this.#listeners) listener(state, message);
  }
}

/** A worker, and whether Python has started in it. */
class Thread {
  readonly worker: LabWorker;
  isReady = false;

  constructor(worker: LabWorker) {
    this.worker = worker;
  }
}

function noAnswer(at: string | null): string {
  return `it sent something that is no answer${at === null ? '' : `, at ${at}`}`;
}

/** The error of code that ended Python itself. */
function brokenBy(reason: string, isOutOfMemory: boolean): PythonError {
  if (isOutOfMemory) return { type: 'MemoryError', message: `${reason}; Python was started anew.`, line: null };
  return { type: 'SystemError', message: `The code broke Python (${reason}), which was started anew.`, line: null };
}

/** Answers a job whose code did not end by itself. */
function fail({ task, settle }: Job, error: PythonError): void {
  settle(failedAnswer(task, error));
}
