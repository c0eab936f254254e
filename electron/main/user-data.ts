import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the app keeps what outlasts it. */
export interface UserData {
  readonly folder: string;
  /** Why nothing outlasts this launch, for a person; null where all does. */
  readonly problem: string | null;
}

/**
 * The folder itself, made where it is missing; where there is none, or nothing can be written there, one of this launch's own,
 * so that the app runs all the same.
 * @param find gives the folder; it throws where a person has none.
 * @throws Error where nothing can be written anywhere.
 */
export function usableUserData(find: () => string): UserData {
  let place = 'the folder for it';
  try {
    const folder = find();
    place = folder;
    mkdirSync(folder, { recursive: true });
    // Permissions tell little: of root, of a full disk, of a disk that is mounted for reading only.
    const trial = join(folder, `writable-${process.pid}`);
    writeFileSync(trial, '');
    rmSync(trial);
    return { folder, problem: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      folder: mkdtempSync(join(tmpdir(), 'chainrule-')),
      problem: `Nothing is kept when this window closes: ${place} cannot be written to (${why}). Save the session as a file to have it again.`,
    };
  }
}
