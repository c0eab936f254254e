import type { AnswerOf } from '../../core/protocol/answer-of';
import type { ClientMessage, SessionCommand } from '../../core/protocol/commands';
import type { Refusal, ServerMessage, SessionEvent } from '../../core/protocol/events';

/** A command was not carried out; `refusal` says why, for programs by its code and for people by its message. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** What the client needs of a worker thread: `Worker` of node:worker_threads has it, and so has a test's fake. */
export interface SessionWorker {
  postMessage(message: ClientMessage): void;
  on(event: 'message', listener: (message: ServerMessage) => void): unknown;
  on(event: 'error' | 'messageerror', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

/** The answer to a command of type `C`. */
export type AnswerTo<C extends SessionCommand> = AnswerOf[C['type']];

interface Pending {
  readonly answered: (answer: AnswerOf[keyof AnswerOf]) => void;
  readonly refused: (error: RefusalError) => void;
}

/**
 * A worker thread with a session in it, as its owner sees it: commands become promises, events and frames go to
 * listeners. Listeners are to be added right after construction; what the thread sends arrives in a later turn.
 */
export class SessionClient {
  readonly #worker: SessionWorker;
  readonly #pending = new Map<number, Pending>();
  readonly #eventListeners: ((event: SessionEvent) => void)[] = [];
  readonly #frameListeners: ((frame: Float32Array) => void)[] = [];
  readonly #exitListeners: ((reason: string) => void)[] = [];
  #nextId = 1;
  #error: Error | undefined;
  /** Why no command can be sent any more; undefined while the thread lives. */
  #endedBecause: string | undefined;

  /** Starts the thread with `startWorker`, which is given so that tests need no thread. */
  constructor(startWorker: () => SessionWorker) {
    this.#worker = startWorker();
    this.#worker.on('message', (message) => this.#receive(message));
    this.#worker.on('error', (error) => {
      // 'exit' follows, and ends the client with this reason.
      this.#error = error;
    });
    this.#worker.on('messageerror', (error) => {
      const message = `A message from the session's thread could not be read: ${error.message}`;
      this.#tell({ type: 'log', level: 'error', message });
    });
    this.#worker.on('exit', (code) => this.#exit(code));
  }

  /**
   * Sends a command and resolves with its answer.
   * @throws RefusalError (rejection) where the session refuses it, or where the thread ends before it has answered.
   */
  request<C extends SessionCommand>(command: C): Promise<AnswerTo<C>> {
    return new Promise((resolve, reject) => {
      if (this.#endedBecause !== undefined) {
        reject(new RefusalError({ code: 'not-now', message: `${this.#endedBecause} It takes no more commands.` }));
        return;
      }
      const id = this.#nextId++;
      // A server answers each command with that command's own kind of answer; only the id ties the two together.
      this.#pending.set(id, { answered: (answer) => resolve(answer as AnswerTo<C>), refused: reject });
      this.#worker.postMessage({ kind: 'request', id, command });
    });
  }

  /** Lets the session send one more frame. It sends none before the first call. */
  grantCredit(): void {
    if (this.#endedBecause === undefined) this.#worker.postMessage({ kind: 'credit' });
  }

  /** Calls `listener` with every event, in order. */
  onEvent(listener: (event: SessionEvent) => void): void {
    this.#eventListeners.push(listener);
  }

  /** Calls `listener` with every frame, each of which used up a credit. */
  onFrame(listener: (frame: Float32Array) => void): void {
    this.#frameListeners.push(listener);
  }

  /** Calls `listener` with the reason when the thread ends by itself; not after `close`. */
  onExit(listener: (reason: string) => void): void {
    this.#exitListeners.push(listener);
  }

  /** Ends the thread at once. What is still unanswered is refused with code `cancelled`. */
  async close(): Promise<void> {
    if (this.#endedBecause === undefined) {
      this.#end('The session was closed.', 'cancelled');
    }
    await this.#worker.terminate();
  }

  #receive(message: ServerMessage): void {
    switch (message.kind) {
      case 'answer':
        this.#settle(message.id)?.answered(message.answer);
        return;
      case 'refusal':
        this.#settle(message.id)?.refused(new RefusalError(message.refusal));
        return;
      case 'event':
        this.#tell(message.event);
        return;
      case 'frame':
        for (const listener of this.#frameListeners) listener(message.frame);
        return;
      default:
        message satisfies never;
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #tell(event: SessionEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }

  #exit(code: number): void {
    if (this.#endedBecause !== undefined) return;
    const reason = this.#error?.message ?? `it ended with exit code ${code}`;
    this.#end(`The session's thread stopped: ${reason}.`, 'internal');
    for (const listener of this.#exitListeners) listener(reason);
  }

  #end(because: string, code: Refusal['code']): void {
    this.#endedBecause = because;
    const unanswered = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of unanswered) {
      pending.refused(new RefusalError({ code, message: `${because} This command was not completed.` }));
    }
  }
}
