import type { SavedSession } from '../../core/debugger/saved-session';
import type { Session } from '../../core/debugger/session';
import { defaultSnapshotBudget } from '../../core/debugger/time-travel/snapshot-store';
import type { SessionCommand } from '../../core/protocol/commands';
import type { SessionEvent } from '../../core/protocol/events';
import type { PackedSession, RestoredSession } from '../../core/protocol/session-files';
import { packSession } from '../session-file/session-file';
import type { JobProgress } from './jobs';
import type { Watch } from './watch';

/** An autosave keeps this much of its snapshots: what is missing is made again from those that are there. */
const autosaveSnapshotBytes = 4 * 2 ** 20;

type PackCommand = Extract<SessionCommand, { type: 'packSession' }>;

let packed = 0;
/** Each session gets a number the first time it is packed, so that two are never taken for one. */
const numbers = new WeakMap<Session, number>();

/** The session as a file; null where it is still what `unless` names, or an autosave would keep nothing worth keeping. */
export function pack(session: Session, watch: Watch, { kind, progress, unless }: PackCommand): PackedSession | null {
  const { breakpoints, findings } = watch;
  const hasBegun = session.step > 0 || session.head > 0 || breakpoints.states.length > 0;
  if (kind === 'autosave' && !hasBegun) return null;
  if (!numbers.has(session)) numbers.set(session, ++packed);
  const { branches, step } = session.timeline();
  const heads = branches.map(({ head, isCurrent }) => `${head}${isCurrent ? '*' : ''}`);
  const kept = JSON.stringify([breakpoints, findings.thresholds, session.describe().backward?.mistake]);
  const revision = `${numbers.get(session)} at ${step} of ${heads.join()} with ${kept}`;
  if (revision === unless) return null;
  const budget = kind === 'autosave' ? autosaveSnapshotBytes : defaultSnapshotBudget;
  return { revision, bytes: packSession(session, { breakpoints, findings, progress }, budget) };
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
