import * as v from 'valibot';
import type { SessionDescription } from './answers';
import type { Progress } from './commands';
import type { ProgramName } from './settings';

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

/** The last autosave of a session that ended, waiting to be gone on with. */
export interface AutosaveOffer {
  readonly program: ProgramName;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}
