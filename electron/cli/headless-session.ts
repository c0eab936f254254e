import { basename } from 'node:path';
import type { SessionCommand } from '../../core/protocol/commands';
import type { SessionEvent } from '../../core/protocol/events';
import { readNamesFile } from '../main/files';
import { type AnswerTo, RefusalError, SessionClient } from '../worker/session-client';
import { type Host, InterruptedError, UsageError } from './host';
import { ProgressBar } from './progress-bar';
import type { SessionOptions } from './setting-options';

/** A session that does not answer an interruption within this many milliseconds is in a very long step, and is ended. */
const stopMilliseconds = 700;

/**
 * Opens a session as the options say, hands it to `work`, and closes it whatever happens.
 * @throws UsageError where the names cannot be used; InterruptedError after Ctrl-C; RefusalError where the session refuses.
 */
export async function withSession<Result>(
  host: Host,
  { settings, names, steps }: SessionOptions,
  work: (session: HeadlessSession) => Promise<Result>,
): Promise<Result> {
  const bytes = names === null ? null : await usableNames(() => readNamesFile(names));
  const session = new HeadlessSession(host, steps);
  try {
    if (names !== null && bytes !== null) {
      const fileName = basename(names);
      await usableNames(() => session.request({ type: 'loadNames', fileName, bytes }));
    }
    await session.request({ type: 'configure', settings });
    return await work(session);
  } finally {
    await session.close();
  }
}

/** A file of names that is missing or refused is a bad argument. */
async function usableNames<Result>(use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof RefusalError && (error.refusal.code === 'file' || error.refusal.code === 'invalid-names')) {
      throw new UsageError(`--names: ${error.message}`);
    }
    throw error;
  }
}

/** The worker's session without a window: shows progress, and stops at the person's word. */
export class HeadlessSession {
  readonly #client: SessionClient;
  readonly #host: Host;
  readonly #bar: ProgressBar | null;
  readonly #totalSteps: number;
  /** Called by Ctrl-C. */
  readonly #stop: () => void;
  /** Resolved once the session is at rest after Ctrl-C. It answers in time where Python, which is starting, would not. */
  readonly #interruption: Promise<void>;
  /** Set by an interruption, resolved once the session is at rest. */
  #stopped: Promise<void> | null = null;
  #step = 0;
  #loss = Number.NaN;

  constructor(host: Host, totalSteps: number) {
    this.#host = host;
    this.#totalSteps = totalSteps;
    let atRest: (stopped: Promise<void>) => void = () => {};
    this.#interruption = new Promise((resolve) => {
      atRest = resolve;
    });
    this.#stop = () => {
      this.#stopped ??= this.#cancel();
      atRest(this.#stopped);
    };
    this.#bar = host.terminal === null ? null : new ProgressBar(host.terminal, host.now);
    this.#client = new SessionClient(host.startWorker);
    this.#client.onEvent((event) => this.#receive(event));
    host.interrupted.addEventListener('abort', this.#stop);
    if (host.interrupted.aborted) this.#stop();
  }

  /** Steps finished; the session stands at the step of this number. */
  get step(): number {
    return this.#step;
  }

  /** Loss of the step at which the session stands. */
  get loss(): number {
    return this.#loss;
  }

  /**
   * Asks the session and waits for its answer.
   * @throws RefusalError where it refuses; InterruptedError where Ctrl-C came before the answer.
   */
  async request<C extends SessionCommand>(command: C): Promise<AnswerTo<C>> {
    await this.#throwIfStopped();
    try {
      const asked = this.#client.request(command);
      await Promise.race([asked, this.#interruption]);
      await this.#throwIfStopped();
      return await asked;
    } catch (error) {
      if (error instanceof RefusalError && error.refusal.code === 'cancelled') await this.#throwIfStopped();
      throw error;
    } finally {
      this.#bar?.clear();
    }
  }

  /** `count` steps; none is allowed. */
  async advance(count: number): Promise<void> {
    if (count > 0) await this.request({ type: 'step', count });
  }

  async close(): Promise<void> {
    this.#host.interrupted.removeEventListener('abort', this.#stop);
    await this.#client.close();
  }

  async #throwIfStopped(): Promise<void> {
    if (this.#stopped === null) return;
    await this.#stopped;
    throw new InterruptedError(this.#step, this.#totalSteps);
  }

  /** Brings the session to rest. Its `state` event, which says at which step, comes before the answer. */
  async #cancel(): Promise<void> {
    const timer = setTimeout(() => void this.#client.close(), stopMilliseconds);
    // A refusal means that the thread has ended, which is rest as well.
    await Promise.allSettled([this.#client.request({ type: 'cancel' }), this.#client.request({ type: 'stopPython' })]);
    clearTimeout(timer);
  }

  #receive(event: SessionEvent): void {
    switch (event.type) {
      case 'state':
        this.#step = event.step;
        this.#loss = event.loss;
        return;
      case 'progress':
        this.#showProgress(event);
        return;
      case 'log':
        if (event.level === 'info') return;
        this.#bar?.clear();
        this.#host.say(event.message);
        return;
      case 'session':
      case 'timeline':
      case 'breakpoints':
      case 'findings':
      case 'checked':
      case 'python':
      case 'notice':
      case 'workerRestarted':
      case 'action':
        return;
      default:
        event satisfies never;
    }
  }

  #showProgress({ command, done, total, unit }: Extract<SessionEvent, { type: 'progress' }>): void {
    const isStepping = command === 'step';
    if (isStepping) this.#step = done;
    // A report makes the last step, so that `step` is asked for one less than the person asked for.
    this.#bar?.draw(done, isStepping ? this.#totalSteps : total, unit);
  }
}
