import * as v from 'valibot';
import { createDataset } from '../../core/data/dataset';
import { NamesError, parseNames } from '../../core/data/names';
import {
  type Apart,
  type SavedBranches,
  type SavedNumbers,
  type SavedSession,
  savedSessionSchema,
} from '../../core/debugger/saved-session';
import type { Session } from '../../core/debugger/session';
import type { NamedDataset } from '../../core/debugger/session-parts';
import { readSafetensors, SafetensorsError, writeSafetensors } from '../../core/formats/safetensors';
import type { Breakpoints } from '../../core/protocol/breakpoints';
import type { Progress } from '../../core/protocol/commands';
import type { Findings } from '../../core/protocol/findings';
import type { PackedSession, SessionPart } from '../../core/protocol/session-files';
import type { Settings } from '../../core/protocol/settings';
import { packContainer, SessionFileError, unpackContainer } from './container';

const names = { session: 'session.json', numbers: 'numbers.safetensors', words: 'words.txt' } as const;

/** What of the window and the worker is saved with the session. */
export interface Surroundings {
  readonly breakpoints: Breakpoints;
  readonly findings: Findings;
  readonly progress: Progress | null;
}

/** A session file, read and known to fit together, though not yet known to fit the program. */
export interface ReadSession {
  readonly saved: SavedSession;
  /** Of the first branch: those that the program is built by. */
  readonly settings: Settings;
  readonly branches: SavedBranches;
  readonly data: NamedDataset;
}

/** How much of a session goes into its file. */
export interface Extent {
  /** How much of its snapshots to keep, of each branch. */
  readonly snapshotBytes: number;
  /** How parts of its histories are kept in files of their own; null where all goes into the one. */
  readonly apart: Apart | null;
}

/** The session as a file. Within a step, the step before is what is saved. */
export function packSession(
  session: Session,
  around: Surroundings,
  { snapshotBytes, apart }: Extent,
): Omit<PackedSession, 'revision'> {
  const { numbers, parts, ...branches } = session.saveBranches(snapshotBytes, apart);
  const { backward } = session.describe();
  const saved: SavedSession = {
    ...branches,
    data: { name: session.data.name, builtIn: session.data.builtIn },
    step: Math.min(session.step, session.head),
    backward: backward === null ? null : { backward: backward.backward, mistake: backward.mistake },
    trainsByBuiltIn: session.trainsByBuiltIn,
    breakpoints: around.breakpoints.states.map(({ breakpoint }) => breakpoint),
    heedsBreakpoints: around.breakpoints.isActive,
    thresholds: around.findings.thresholds,
    progress: around.progress,
  };
  const contents = new Map([
    [names.session, Buffer.from(JSON.stringify(saved))],
    [names.numbers, writeSafetensors(numbers)],
    [names.words, Buffer.from(session.data.dataset.list.join('\n'))],
  ]);
  return {
    bytes: packContainer(contents),
    parts: Array.from(parts, ([name, part]) => ({
      name,
      bytes: packContainer(new Map([[names.numbers, writeSafetensors(part)]])),
    })),
    needs: branches.branches.flatMap((branch) => branch.parts),
  };
}

/**
 * Reads a session file, and what is kept beside it, which may be hostile. Parts that it does not need are passed over.
 * @throws SessionFileError for anything but a sound one.
 */
export function readSession(file: Uint8Array, beside: readonly SessionPart[]): ReadSession {
  const contents = unpackContainer(file, Object.values(names));
  const content = (name: string) => contents.get(name) ?? new Uint8Array();
  const saved = readJson(content(names.session));
  const settings = saved.branches[0]?.settings;
  if (settings === undefined) throw new SessionFileError(`${names.session} has no branch.`);
  try {
    const { tensors } = readSafetensors(content(names.numbers));
    const needed = new Set(saved.branches.flatMap((branch) => branch.parts));
    const parts = new Map(
      beside.filter(({ name }) => needed.has(name)).map(({ name, bytes }) => [name, readPart(bytes)]),
    );
    const words = parseNames(content(names.words), names.words);
    const data = { ...saved.data, dataset: createDataset(words) };
    const { branch, branches, snapshots } = saved;
    return { saved, settings, branches: { branch, branches, snapshots, numbers: tensors, parts }, data };
  } catch (error) {
    if (error instanceof SafetensorsError || error instanceof NamesError) {
      throw new SessionFileError(`The session file cannot be used: ${error.message}`);
    }
    throw error;
  }
}

/** @throws SessionFileError, SafetensorsError. */
function readPart(bytes: Uint8Array): SavedNumbers {
  const content = unpackContainer(bytes, [names.numbers]).get(names.numbers) ?? new Uint8Array();
  return readSafetensors(content).tensors;
}

function readJson(bytes: Uint8Array): SavedSession {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SessionFileError(`${names.session} in the session file is not JSON. Use another copy.`);
  }
  const result = v.safeParse(savedSessionSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new SessionFileError(`${names.session}, ${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}`);
}
