import type { Host } from './host';
import type { Arguments, Option } from './options';

/** A command of the command line. The help text is made from it. */
export interface Command {
  readonly name: string;
  /** What it does, one line. */
  readonly summary: string;
  readonly options: readonly Option[];
  /** What stands for its files in the help; null where it takes none. */
  readonly files: string | null;
  /** What the help says below the options; empty for nothing. */
  readonly details: string;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** Carries it out. Answers the exit code. */
  readonly execute: (given: Arguments, host: Host) => Promise<number>;
}
