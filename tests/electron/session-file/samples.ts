import { createHash } from 'node:crypto';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { SavedSessionError } from '../../../core/debugger/saved-session';
import type { Session } from '../../../core/debugger/session';
import { mostRestoredSteps } from '../../../core/debugger/time-travel/restoration';
import { defaultSnapshotBudget } from '../../../core/debugger/time-travel/snapshot-store';
import type { SessionPart } from '../../../core/protocol/session-files';
import { SessionFileError } from '../../../electron/session-file/container';
import { packSession, readSession } from '../../../electron/session-file/session-file';
import { builtInNames } from '../../../electron/worker/built-in-names';
import { advanced, newSession } from '../../core/sessions';

/* Sessions as files, sound and not. */

/** Settings of a session that takes next to nothing. */
export const small = { hiddenSize: 4, batchSize: 4 } as const;
/** What of the window and the worker is saved with it. */
export const around = {
  breakpoints: { isActive: true, states: [], stop: null },
  findings: { findings: [], thresholds: {} },
  progress: null,
};

/** The session as one file. */
export const fileOf = (session: Session, snapshotBytes = defaultSnapshotBudget) =>
  packSession(session, around, { snapshotBytes, apart: null }).bytes;

/** A small session with a fork, as a file. */
export function sample() {
  const session = advanced(newSession(small), 12);
  for (const _ of session.goTo(5));
  session.fork({ learningRate: 0.05, learningRateDropStep: 100, droppedLearningRate: 0.01 });
  advanced(session, 4);
  return { session, file: fileOf(session) };
}

/** The session in a file, where it stood. */
export function restored(file: Uint8Array, parts: readonly SessionPart[] = []) {
  const { saved, settings, branches, data } = readSession(file, parts, builtInNames());
  const session = newSession(settings, data);
  for (const _ of session.restoreBranches(branches, saved.step, mostRestoredSteps).travel);
  return session;
}

/** Why a file is refused; `accepted` where it is not. */
export const messageOf = (file: Uint8Array, parts: readonly SessionPart[] = []): string => {
  try {
    restored(file, parts);
  } catch (error) {
    if (error instanceof SessionFileError || error instanceof SavedSessionError) return error.message;
    throw error;
  }
  return 'accepted';
};

/** The file with one of its parts changed and signed anew, as somebody would who means it. */
export function altered(file: Uint8Array, name: string, change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const parts = unzipSync(file);
  const changed = Uint8Array.from(change(parts[name]!));
  parts[name] = changed;
  if (name !== 'manifest.json') {
    const manifest = JSON.parse(new TextDecoder().decode(parts['manifest.json']));
    const sha256 = createHash('sha256').update(changed).digest('hex');
    manifest.files[name] = { bytes: changed.length, sha256 };
    parts['manifest.json'] = new TextEncoder().encode(JSON.stringify(manifest));
  }
  return zipSync(parts as Zippable, { level: 0 });
}

/** A change of a file's JSON. */
export const edited = (edit: (json: never) => void) => (bytes: Uint8Array) => {
  const json = JSON.parse(new TextDecoder().decode(bytes));
  edit(json as never);
  return new TextEncoder().encode(JSON.stringify(json));
};
