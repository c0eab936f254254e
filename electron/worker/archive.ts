import type { Apart, SavedSession } from '../../core/debugger/saved-session';
import type { Session } from '../../core/debugger/session';
import { defaultSnapshotBudget } from '../../core/debugger/time-travel/snapshot-store';
import type { SessionCommand } from '../../core/protocol/commands';
import type { SessionEvent } from '../../core/protocol/events';
import type { PackedSession, RestoredSession } from '../../core/protocol/session-files';
import { packSession } from '../session-file/session-file';
import type { JobProgress } from './jobs';
import type { Watch } from './watch';

/**
 * An autosave keeps this much of its snapshots, so that it takes training no more than some milliseconds every few seconds:
 * what is missing is made again from those that are there.
 */
export const autosaveSnapshotBytes = 2 ** 20;

type PackCommand = Extract<SessionCommand, { type: 'packSession' }>;

let packed = 0;
/** Each session gets a number the first time it is packed, so that two are never taken for one. */
const numbers = new WeakMap<Session, number>();

/**
 * The session as a file; null where it is still what `unless` names, or an autosave would keep nothing worth keeping. Of an
 * autosave, the history that changes no more is in parts of its own, which are made once.
 */
export function pack(session: Session, watch: Watch, command: PackCommand): PackedSession | null {
  const { kind, progress, unless, kept } = command;
  const { breakpoints, findings } = watch;
  const hasBegun = session.step > 0 || session.head > 0 || breakpoints.states.length > 0;
  if (kind === 'autosave' && !hasBegun) return null;
  if (!numbers.has(session)) numbers.set(session, ++packed);
  const { branches, step } = session.timeline();
  const number = numbers.get(session);
  const heads = branches.map(({ head, isCurrent }) => `${head}${isCurrent ? '*' : ''}`);
  const surroundings = JSON.stringify([breakpoints, findings.thresholds, session.describe().backward?.mistake]);
  const revision = `${number} at ${step} of ${heads.join()} with ${surroundings}`;
  if (revision === unless) return null;
  const apart: Apart = { nameOf: (branch, part) => `${number}-${branch}-${part}`, kept: new Set(kept) };
  const extent =
    kind === 'autosave'
      ? { snapshotBytes: autosaveSnapshotBytes, apart }
      : { snapshotBytes: defaultSnapshotBudget, apart: null };
  return { revision, ...packSession(session, { breakpoints, findings, progress }, extent) };
}

/** The way to the step at which the session was saved; what is there must be what was there. */
export function* restoreJob(
  session: Session,
  saved: SavedSession,
  travel: Generator<JobProgress, void>,
  tell: (event: SessionEvent) => void,
): Generator<JobProgress, RestoredSession> {
  yield* travel;
  const recorded = session.history.lossAt(session.step);
  if (!Object.is(session.loss, recorded)) {
    const message = `The saved session had a loss of ${recorded} at step ${session.step}; here it is ${session.loss}. Fast arithmetic gives other bits on other machines; reproducible arithmetic does not.`;
    tell({ type: 'log', level: 'warning', message });
  }
  return { session: session.describe(), step: session.step, progress: saved.progress };
}
