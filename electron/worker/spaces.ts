import { type SavedSession, SavedSessionError } from '../../core/debugger/saved-session';
import { Session } from '../../core/debugger/session';
import type { NamedDataset } from '../../core/debugger/session-parts';
import { mostRestoredSteps, type Restoration } from '../../core/debugger/time-travel/restoration';
import { ManualGradientError } from '../../core/debugger/updates';
import { firstDifference } from '../../core/graph/graph';
import { NotFoundError } from '../../core/programs/network';
import type { Settings } from '../../core/programs/settings';
import type { SessionCommand } from '../../core/protocol/commands';
import type { EngineSpace } from '../engine/engine';
import { readSession } from '../session-file/session-file';
import type { SessionServerOptions } from './server-options';

/** A session and the memory it lives in. */
export interface SessionInSpace {
  readonly session: Session;
  readonly space: EngineSpace;
}

export type UnpackCommand = Extract<SessionCommand, { type: 'unpackSession' }>;
type BeginSpace = SessionServerOptions['beginSpace'];

/** A new session. @throws OutOfMemoryError, leaving nothing behind. */
export function beginSession(beginSpace: BeginSpace, settings: Settings, data: NamedDataset): SessionInSpace {
  const space = beginSpace(settings.arithmetic);
  return orRelease(space, () => {
    const { kernels, description: kernelDescription, newArena } = space;
    return { session: new Session({ kernels, kernelDescription, newArena, data, settings }), space };
  });
}

/** A saved session, and its way to the step at which it was saved. */
export interface RestoredInSpace extends SessionInSpace {
  readonly saved: SavedSession;
  readonly restoration: Restoration;
  /** How the program computed otherwise when it was saved, in words; null where it did not, as far as is known. */
  readonly otherGraph: string | null;
  /** The parts of its history that could not be read, each with what is wrong with it. */
  readonly damage: readonly string[];
}

/** The session in a file, which may be hostile. @throws SessionFileError, SavedSessionError, OutOfMemoryError, leaving nothing behind. */
export function restoreSession(
  { beginSpace, builtInWords }: Pick<SessionServerOptions, 'beginSpace' | 'builtInWords'>,
  { bytes, parts }: UnpackCommand,
): RestoredInSpace {
  const { saved, settings, branches, data, graph, damage } = readSession(bytes, parts, builtInWords);
  const begun = beginSession(beginSpace, settings, data);
  return orRelease(begun.space, () => {
    const restoration = begun.session.restoreBranches(branches, saved.step, mostRestoredSteps);
    chooseSaved(begun.session, saved);
    const otherGraph = graph && firstDifference(graph, begun.session.network.graph);
    return { ...begun, saved, restoration, otherGraph, damage };
  });
}

/**
 * The backward that was chosen, and whether it was trained by. Python code runs only once the person has said so.
 * @throws SavedSessionError for one that this program does not know, or cannot train by.
 */
function chooseSaved(session: Session, { backward: chosen, trainsByBuiltIn }: SavedSession): void {
  if (chosen === null || chosen.backward === 'python') return;
  try {
    session.chooseBackward(chosen.backward, chosen.mistake);
    session.trainByBuiltIn(trainsByBuiltIn);
  } catch (error) {
    const isForeseen = error instanceof NotFoundError || error instanceof ManualGradientError;
    throw isForeseen ? new SavedSessionError(error.message) : error;
  }
}

function orRelease<Result>(space: EngineSpace, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    space.release();
    throw error;
  }
}
