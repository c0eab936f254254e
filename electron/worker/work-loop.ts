import type { Session } from '../../core/debugger/session';
import type { AnswerOf } from '../../core/protocol/answer-of';
import type { Refusal } from '../../core/protocol/events';
import type { Job, JobProgress } from './jobs';
import type { LabDesk } from './lab-desk';
import { RefusedError, refusalOf } from './refusals';
import type { Clock } from './server-options';
import type { Watch } from './watch';

/** How long the session works before it listens again: short enough that a person's key is answered at once. */
const sliceMilliseconds = 8;
/** A job's progress is told this often at most. */
const progressMilliseconds = 250;

/** What the loop works with, and whom it tells of it. */
export interface WorkParts {
  readonly clock: Clock;
  readonly session: () => Session;
  readonly desk: Pick<LabDesk, 'isWaiting' | 'prepareStep'>;
  readonly watch: Pick<Watch, 'advance'>;
  /** A run, or a job that moves the session, has come to rest. */
  readonly onRest: () => void;
  /** A slice is over, in which so many steps were made. */
  readonly onSlice: (steps: number, milliseconds: number) => void;
  readonly onProgress: (job: Job, progress: JobProgress) => void;
  readonly onDone: (job: Job, answer: AnswerOf[keyof AnswerOf]) => void;
  readonly onRefused: (job: Job, refusal: Refusal) => void;
  /** A defect, or an error in the code that gives the gradients: nothing runs any more. */
  readonly onFailed: (error: unknown) => void;
}

/** What the session is at: a run, a job or both in turn, slice by slice, so that commands are heard in between. */
export class WorkLoop {
  readonly #parts: WorkParts;
  #isRunning = false;
  #job: Job | null = null;
  #isScheduled = false;
  #lastProgress = Number.NEGATIVE_INFINITY;

  constructor(parts: WorkParts) {
    this.#parts = parts;
  }

  /** Whether a run is on. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Runs on until halted. */
  run(): void {
    this.#isRunning = true;
    this.wake();
  }

  /** Ends a run without telling of it. */
  halt(): void {
    this.#isRunning = false;
  }

  /** Comes to rest, where a run is on. Steps that were asked for are not made. */
  pause(): void {
    if (this.#job?.command === 'step') this.cancel();
    if (!this.#isRunning) return;
    this.halt();
    this.#parts.onRest();
  }

  /** Begins a job. @throws RefusedError where there is one. */
  begin(job: Job): undefined {
    this.requireNoJob();
    this.#job = job;
    this.wake();
  }

  /** Abandons the job, if there is one, with its own clean-up, so that the session is at rest. */
  cancel(): void {
    const job = this.#job;
    if (job === null) return;
    this.#job = null;
    const { step, loss } = this.#parts.session();
    job.work.return({ step, loss });
    const message = `'${job.command}' was stopped at step ${this.#parts.session().step}.`;
    this.#parts.onRefused(job, { code: 'cancelled', message });
    if (movesSession(job)) this.#parts.onRest();
  }

  /** @throws RefusedError, saying what to do, while a run is on. */
  requireNoRun(toDo: string): void {
    if (this.#isRunning) throw new RefusedError('not-now', `The session is running. ${toDo}`);
  }

  /** @throws RefusedError while there is a job; one that only looks may be let pass. */
  requireNoJob({ butEvaluation = false } = {}): void {
    if (this.#job === null || (butEvaluation && !movesSession(this.#job))) return;
    throw new RefusedError('not-now', `'${this.#job.command}' is still at work. Wait for it, or cancel it.`);
  }

  /** @throws RefusedError while a run is on or there is a job. */
  requireRest(): void {
    this.requireNoRun('Pause it first.');
    this.requireNoJob();
  }

  /** Goes on working where there is something to do: also when what was waited for has come. */
  wake(): void {
    if (this.#isScheduled || !this.#hasWork()) return;
    this.#isScheduled = true;
    this.#parts.clock.yield(() => {
      this.#isScheduled = false;
      try {
        this.#slice();
      } catch (error) {
        this.#fail(error);
      }
      this.wake();
    });
  }

  /** Whether something can be done now: neither nothing is to be done, nor does a step wait for gradients by hand. */
  #hasWork(): boolean {
    if (this.#job === null && !this.#isRunning) return false;
    return !this.#updatesNext() || !this.#parts.desk.isWaiting;
  }

  /** Whether what is done next begins with an update. */
  #updatesNext(): boolean {
    const command = this.#job?.command ?? 'run';
    const updates = command === 'run' || command === 'step' || command === 'stepOp';
    return updates && this.#parts.session().position === null;
  }

  #slice(): void {
    const { clock, session, desk, watch, onRest, onSlice } = this.#parts;
    const began = clock.now();
    const end = began + sliceMilliseconds;
    const firstStep = session().step;
    while (this.#hasWork() && clock.now() < end) {
      const job = this.#job;
      if (this.#updatesNext() && !desk.prepareStep()) break;
      if (job !== null) this.#advanceJob(job);
      else if (watch.advance()) {
        this.halt();
        onRest();
      }
    }
    onSlice(session().step - firstStep, clock.now() - began);
  }

  #advanceJob(job: Job): void {
    const { clock, onRest, onDone, onProgress } = this.#parts;
    const result = job.work.next();
    if (result.done) {
      // Still the job at work, so that what goes wrong while resting refuses its request.
      if (movesSession(job)) onRest();
      this.#job = null;
      onDone(job, result.value);
      return;
    }
    const now = clock.now();
    if (now - this.#lastProgress < progressMilliseconds) return;
    this.#lastProgress = now;
    onProgress(job, result.value);
  }

  #fail(error: unknown): void {
    const job = this.#job;
    this.#job = null;
    this.halt();
    if (job !== null) this.#parts.onRefused(job, refusalOf(error));
    this.#parts.onFailed(error);
  }
}

/** Whether the session stands elsewhere, or otherwise, after the job. */
const movesSession = ({ command }: Job) => command !== 'evaluate';
