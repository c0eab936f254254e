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
import { lostSteps } from '../../core/debugger/time-travel/restoration';
import { readSafetensors, SafetensorsError, writeSafetensors } from '../../core/formats/safetensors';
import { type Graph, toJson } from '../../core/graph/graph';
import { GraphError, readGraph } from '../../core/graph/read-graph';
import type { Breakpoints } from '../../core/protocol/breakpoints';
import { maximumNamesBytes, type Progress } from '../../core/protocol/commands';
import type { Findings } from '../../core/protocol/findings';
import type { PackedSession, SavedDescription, SessionPart } from '../../core/protocol/session-files';
import type { Settings } from '../../core/protocol/settings';
import { packContainer, SessionFileError, unpackContainer } from './container';

const names = { session: 'session.json', numbers: 'numbers.safetensors', words: 'words.txt' } as const;

/** What each may have of bytes. */
const limits = { [names.session]: 32 * 2 ** 20, [names.words]: maximumNamesBytes };
/** A part of a history: sixteen thousand steps of any program. */
const partLimits = { [names.numbers]: 16 * 2 ** 20 };
/** All of a session but its numbers is made of at most so many values. */
const mostValues = 1_000_000;
/** What a tensor takes of a header at most, and the rest of it. */
const headerBytesPerTensor = 256;
const headerBytes = 1024;

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
  /** What every step computed; null in a file of a version that did not write it. */
  readonly graph: Graph | null;
  /** The parts that it needs and that are there but cannot be read, each with what is wrong with it. */
  readonly damage: readonly string[];
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
    graph: toJson(session.network.graph),
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
 * Reads a session file, and what is kept beside it, which may be hostile. Parts that it does not need are passed over, and so
 * are those that cannot be read: what is in them is lost, and the rest is not.
 * @param builtInWords what a file that says so must have.
 * @throws SessionFileError for anything but a sound one.
 */
export function readSession(
  file: Uint8Array,
  beside: readonly SessionPart[],
  builtInWords: readonly string[],
): ReadSession {
  const contents = unpackContainer(file, Object.values(names), limits);
  const content = (name: string) => contents.get(name) ?? new Uint8Array();
  const saved = readJson(content(names.session));
  const settings = saved.branches[0]?.settings;
  if (settings === undefined) throw new SessionFileError(`${names.session} has no branch.`);
  return asSessionError(() => {
    const words = parseNames(content(names.words), names.words);
    requireBuiltIn(saved, words, builtInWords);
    const tensors = 2 * (saved.branches.length + saved.snapshots.length);
    const numbers = readNumbers(content(names.numbers), tensors);
    const damage: string[] = [];
    const parts = new Map<string, SavedNumbers>();
    const needed = new Set(saved.branches.flatMap((branch) => branch.parts));
    for (const { name, bytes } of beside) {
      if (!needed.has(name)) continue;
      try {
        parts.set(name, readPart(bytes));
      } catch (error) {
        if (!(error instanceof SessionFileError || error instanceof SafetensorsError)) throw error;
        damage.push(`${name}: ${error.message}`);
      }
    }
    const data = { ...saved.data, dataset: createDataset(words) };
    const { branch, branches, snapshots } = saved;
    const graph = saved.graph === undefined ? null : readGraph(saved.graph);
    return { saved, settings, branches: { branch, branches, snapshots, numbers, parts }, data, graph, damage };
  });
}

/**
 * What a session file holds, without going on with it.
 * @param parts names of the parts that are kept beside it.
 * @throws SessionFileError for anything but a sound one.
 */
export function describeSaved(
  file: Uint8Array,
  parts: readonly string[],
  builtInWords: readonly string[],
): SavedDescription {
  const { saved, settings } = readSession(file, [], builtInWords);
  const there = new Set(parts);
  return { program: settings.program, step: saved.step, lost: lostSteps(saved.branches, (part) => there.has(part)) };
}

function requireBuiltIn({ data }: SavedSession, words: readonly string[], builtInWords: readonly string[]): void {
  if (!data.builtIn) return;
  const isSame = words.length === builtInWords.length && words.every((word, index) => word === builtInWords[index]);
  if (isSame) return;
  throw new SessionFileError(
    'The session says that its words are the built-in ones, and they are others. It is damaged; use another copy.',
  );
}

/** @throws SessionFileError, SafetensorsError. */
function readPart(bytes: Uint8Array): SavedNumbers {
  const content = unpackContainer(bytes, [names.numbers], partLimits).get(names.numbers) ?? new Uint8Array();
  return readNumbers(content, 2);
}

/** @throws SafetensorsError. */
const readNumbers = (bytes: Uint8Array, tensors: number): SavedNumbers =>
  readSafetensors(bytes, headerBytes + headerBytesPerTensor * tensors).tensors;

function readJson(bytes: Uint8Array): SavedSession {
  const comma = 0x2c;
  let values = 1;
  for (const byte of bytes) if (byte === comma) values++;
  if (values > mostValues) {
    throw new SessionFileError(`${names.session} in the session file has more in it than a session. Use another copy.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SessionFileError(`${names.session} in the session file is not JSON. Use another copy.`);
  }
  const result = v.safeParse(savedSessionSchema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new SessionFileError(`${names.session}, ${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}`);
}

function asSessionError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof SafetensorsError || error instanceof NamesError || error instanceof GraphError) {
      throw new SessionFileError(`The session file cannot be used: ${error.message}`);
    }
    throw error;
  }
}
