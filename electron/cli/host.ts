import type { SessionWorker } from '../worker/session-client';

/** A terminal that a line can be redrawn on. */
export interface Terminal {
  /** Characters in a line. */
  readonly columns: number;
  write(text: string): void;
}

/** What the command line needs of its process; given, so that tests need neither a process nor a thread. */
export interface Host {
  readonly version: string;
  /** Starts the thread that holds the session. */
  readonly startWorker: () => SessionWorker;
  /** Prints one or more lines that were asked for, on standard output. */
  readonly print: (text: string) => void;
  /** Says something about the run itself, on standard error. */
  readonly say: (text: string) => void;
  /** Where progress is drawn; null where standard error is no terminal. */
  readonly terminal: Terminal | null;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Exit codes, as the help says them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  badArguments: 2,
  codeFailed: 2,
  unjudged: 2,
  /** What was asked for could not be written to standard output. */
  outputLost: 3,
  interrupted: 130,
} as const;

/** The arguments cannot be used; the message says which, and what is accepted. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The person stopped the command; the message says how far it got. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor(done: number, total: number) {
    super(`Stopped after ${done} of ${total} steps. Nothing was written.`);
  }
}
