import type { Apart } from '../../core/debugger/saved-session';
import type { Session } from '../../core/debugger/session';
import type { Beginning } from '../../core/debugger/time-travel/restoration';
import { defaultSnapshotBudget } from '../../core/debugger/time-travel/snapshot-store';
import type { Arithmetic } from '../../core/programs/settings';
import type { SessionCommand } from '../../core/protocol/commands';
import type { SessionEvent } from '../../core/protocol/events';
import { describeLost, type PackedSession, type RestoredSession } from '../../core/protocol/session-files';
import { packSession } from '../session-file/session-file';
import type { JobProgress } from './jobs';
import type { RestoredInSpace } from './spaces';
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

/** The way to the step at which the session was saved. What is there must be what was there; what is not is told. */
export function* restoreJob(
  { session, saved, restoration, otherGraph, damage }: Omit<RestoredInSpace, 'space'>,
  tell: (event: SessionEvent) => void,
): Generator<JobProgress, RestoredSession> {
  const { travel, step, lost } = restoration;
  // A copy: steps that are made again fill in what was lost.
  const recorded = session.history.lossColumn(0, session.head + 1);
  const lossAt = (at: number) => recorded[at] ?? Number.NaN;
  const others: number[] = [];
  const compare = () => {
    const loss = lossAt(session.step);
    // A loss that is lost has nothing to be compared with.
    if (others.length > 0 || Number.isNaN(loss) || Object.is(session.loss, loss)) return;
    others.push(session.step);
  };
  for (const progress of travel) {
    compare();
    yield progress;
  }
  compare();
  const warn = (message: string) => tell({ type: 'log', level: 'warning', message });
  const [firstOther] = others;
  if (firstOther !== undefined) {
    const difference = { step: session.step, recorded: lossAt(session.step), loss: session.loss, firstOther };
    warn(whatDiffers({ ...difference, otherGraph }, restoration.beginning, session.settings.arithmetic));
  }
  if (lost.length > 0) {
    const because = damage.length === 0 ? '' : ` (${damage.join(' ')})`;
    warn(
      `A part of what was saved is missing or damaged: ${describeLost(lost)} are lost${because}. All else is there; going to such a step makes its numbers again.`,
    );
  }
  if (step !== saved.step) {
    warn(
      `The session was saved at step ${saved.step}. It stands at step ${step}, the last snapshot before: the way on is long. Go there by the timeline, or run.`,
    );
  }
  return { session: session.describe(), step: session.step, progress: saved.progress };
}

interface Difference {
  readonly step: number;
  readonly recorded: number;
  readonly loss: number;
  /** The first step on the way whose loss is not what was recorded. */
  readonly firstOther: number;
  /** How the program computed otherwise when it was saved; null where it did not. */
  readonly otherGraph: string | null;
}

/** Why a restored session may have come to another loss than was saved. */
function whatDiffers(
  { step, recorded, loss, firstOther, otherGraph }: Difference,
  beginning: Beginning,
  arithmetic: Arithmetic,
): string {
  const said = Object.is(recorded, loss)
    ? `The saved session had another loss on the way, at step ${firstOther}, than it has here.`
    : `The saved session had a loss of ${recorded} at step ${step}; here it is ${loss}.`;
  if (otherGraph !== null) {
    return `${said} It was saved by a version of Chainrule that computes this program otherwise: ${otherGraph}.`;
  }
  if (arithmetic === 'fast') {
    return `${said} Fast arithmetic gives other bits on other machines; reproducible arithmetic does not.`;
  }
  return `${said} Its arithmetic is reproducible, so that the file is not of this run, or was changed: ${reasonOf(beginning, firstOther)}`;
}

function reasonOf(beginning: Beginning, firstOther: number): string {
  switch (beginning) {
    case 'other parameters':
      return 'the parameters it says it began with are not those of its settings, seed and words.';
    case 'other loss':
      return 'the first loss it has recorded is not that of its settings, seed and words.';
    case 'same':
      return `it begins as its settings, seed and words do, and the first loss to differ is that of step ${firstOther}: a snapshot before it, or the losses from there on, are others.`;
    default:
      return beginning satisfies never;
  }
}
