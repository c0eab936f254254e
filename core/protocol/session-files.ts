import * as v from 'valibot';
import type { SessionDescription } from './answers';
import type { Progress } from './commands';

/** What a part of a session's history that is kept in a file of its own is called. */
export const partNameSchema = v.pipe(v.string(), v.regex(/^\d+-\d+-\d+$/));

/** A part of a session's history in a file of its own: once written, it changes no more. */
export interface SessionPart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A session as a file. */
export interface PackedSession {
  /** Names what was packed: asked again with it, a session that has not moved answers null. */
  readonly revision: string;
  readonly bytes: Uint8Array;
  /** What the file needs beside it and was not kept already; nothing, unless it is an autosave. */
  readonly parts: readonly SessionPart[];
  /** Names of all parts that the file needs. */
  readonly needs: readonly string[];
}

/** A session that was saved and now goes on. */
export interface RestoredSession {
  readonly session: SessionDescription;
  readonly step: number;
  /** The code and the exercises that were saved with it; null where there were none. */
  readonly progress: Progress | null;
}

/** Steps of a branch, both ends included, whose losses and update ratios are in a part that is missing or damaged. */
export interface LostSteps {
  readonly branch: number;
  readonly from: number;
  readonly to: number;
}

/** What a session file holds, read without going on with it. */
export interface SavedDescription {
  readonly program: string;
  readonly step: number;
  /** What cannot be had of it. */
  readonly lost: readonly LostSteps[];
}

/** An autosave of a session that ended, waiting to be gone on with. */
export interface AutosaveOffer extends SavedDescription {
  /** Names it to whoever takes or discards it. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

/** "the losses of steps 0 to 16,383", for a person. */
export function describeLost(lost: readonly LostSteps[]): string {
  const count = (step: number) => step.toLocaleString('en');
  const stretches = lost.map(({ from, to }) => `${count(from)} to ${count(to)}`);
  return `the losses and update ratios of steps ${[...new Set(stretches)].join(', ')}`;
}
