import type { AnswerOf } from './answer-of';
import type { Check, CodeCheck, SessionDescription } from './answers';
import type { Breakpoints } from './breakpoints';
import type { Findings } from './findings';
import type { OpPosition } from './ops';
import type { Timeline } from './timeline';

export type RefusalCode =
  /** The command did not pass its schema. */
  | 'invalid-command'
  /** A names file that cannot be used. */
  | 'invalid-names'
  /** A condition or a log point's message that cannot be read. */
  | 'invalid-condition'
  /** A session file that is damaged, foreign, or of a newer version. */
  | 'invalid-session'
  /** A number that the rule does not accept. */
  | 'invalid-threshold'
  /** The program has no such node, mistake or view. */
  | 'not-found'
  /** The command needs another program or a session at rest. */
  | 'not-now'
  | 'cancelled'
  /** The network asked for does not fit into memory. */
  | 'out-of-memory'
  /** A file could not be read or written. */
  | 'file'
  /** A defect of ours. */
  | 'internal';

/** Why a command was not carried out. It changed nothing. */
export interface Refusal {
  readonly code: RefusalCode;
  /** What, where and what to do, for a person. */
  readonly message: string;
}

/** `starting` at launch and after a restart, `stopped` where it could not start (the message says why). */
export type PythonState = 'starting' | 'ready' | 'busy' | 'stopped';

/** Told, in order, none lost. */
export type SessionEvent =
  /** A session began: at launch, after `configure`, `restart`, new names, or a restarted worker. */
  | { readonly type: 'session'; readonly session: SessionDescription }
  /** It came to rest, began to run, trains by other gradients, or checks another backward. `position` is null but where it rests within a step. */
  | {
      readonly type: 'state';
      readonly running: boolean;
      readonly step: number;
      readonly loss: number;
      readonly position: OpPosition | null;
      /** Whose the updates use. */
      readonly gradients: 'autograd' | 'manual';
      /** Whether the person's own code is the backward that is checked. */
      readonly checksCode: boolean;
    }
  /** The steps that can be gone to, and what they take: at every rest, and now and then while the session runs. */
  | { readonly type: 'timeline'; readonly timeline: Timeline }
  /** Breakpoints were set, or one stopped the session. */
  | { readonly type: 'breakpoints'; readonly breakpoints: Breakpoints }
  /** A rule fired for the first time, or what was found is forgotten. */
  | { readonly type: 'findings'; readonly findings: Findings }
  /** A check was made. */
  | { readonly type: 'checked'; readonly check: Check | CodeCheck }
  /** What Python, which runs the person's code, is about. */
  | { readonly type: 'python'; readonly state: PythonState; readonly message: string }
  /** How far a long command is: `done` of `total` `unit`. */
  | {
      readonly type: 'progress';
      readonly command: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
    }
  | { readonly type: 'log'; readonly level: 'info' | 'warning' | 'error'; readonly message: string }
  /** Main: what a person must see, whatever they look at. */
  | { readonly type: 'notice'; readonly level: 'warning' | 'error'; readonly message: string }
  /** Main: the worker died and a new one began the session again. */
  | { readonly type: 'workerRestarted'; readonly reason: string }
  /** Main: the person chose an action in the native menu. */
  | { readonly type: 'action'; readonly action: string };

export type ServerMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: AnswerOf[keyof AnswerOf] }
  | { readonly kind: 'refusal'; readonly id: number; readonly refusal: Refusal }
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'frame'; readonly frame: Float32Array };
