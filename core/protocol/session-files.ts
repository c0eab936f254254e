import type { SessionDescription } from './answers';
import type { Progress } from './commands';
import type { ProgramName } from './settings';

/** A session as a file. */
export interface PackedSession {
  /** Names what was packed: asked again with it, a session that has not moved answers null. */
  readonly revision: string;
  readonly bytes: Uint8Array;
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
