import { type Snapshot, snapshotBytes } from './snapshot';

/** Snapshots may take this much memory: 256 MiB. */
export const defaultSnapshotBudget = 256 * 2 ** 20;
/**
 * Of the snapshots that are taken at intervals so many are kept: the steps of a run of any length are then at most some
 * twentieth of their age from one.
 */
const mostIntervalSnapshots = 128;
/** A step is at most this far from a recent snapshot: a tenth of a second of replay for a network of the lecture's size. */
export const snapshotInterval = 500;

/**
 * Snapshots in the order of their steps, within a budget. Where it is full, the one goes that is missed least: whose
 * neighbours are close together, measured by how long ago they are. So far steps stay within reach, if not as quickly.
 */
export class SnapshotStore {
  readonly #budget: number;
  #snapshots: Snapshot[] = [];
  #bytes = 0;
  /** How many of them are taken at intervals. */
  #intervals = 0;

  /** @param budget in bytes; two snapshots are kept whatever they take. */
  constructor(budget = defaultSnapshotBudget) {
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get steps(): number[] {
    return this.#snapshots.map(({ step }) => step);
  }

  /** In the order of their steps. */
  get all(): readonly Snapshot[] {
    return this.#snapshots;
  }

  /** Keeps a snapshot; one of the same step stays as it is. */
  add(snapshot: Snapshot): void {
    const at = this.#snapshots.findLastIndex(({ step }) => step <= snapshot.step);
    if (this.#snapshots[at]?.step === snapshot.step) return;
    this.#snapshots.splice(at + 1, 0, snapshot);
    this.#bytes += snapshotBytes(snapshot);
    while (this.#bytes > this.#budget && this.#snapshots.length > 2) this.#thin(() => true);
    // Those between the intervals are of steps that cannot be made again: they go only where memory does.
    if (isAtInterval(snapshot)) this.#intervals++;
    if (this.#intervals > mostIntervalSnapshots) this.#thin(isAtInterval);
  }

  /** Whether there is one of this very step. */
  has(step: number): boolean {
    return this.latestAt(step)?.step === step;
  }

  /** The last snapshot of this step or an earlier one; undefined where there is none. */
  latestAt(step: number): Snapshot | undefined {
    return this.#snapshots.findLast((snapshot) => snapshot.step <= step);
  }

  /** A store that begins with what this one has up to `step`. The snapshots are shared; they never change. */
  upTo(step: number): SnapshotStore {
    const store = new SnapshotStore(this.#budget);
    for (const snapshot of this.#snapshots) if (snapshot.step <= step) store.add(snapshot);
    return store;
  }

  #thin(isCandidate: (snapshot: Snapshot) => boolean): void {
    const newest = this.#snapshots.at(-1)?.step ?? 0;
    let least = Number.POSITIVE_INFINITY;
    let index = 1;
    // Neither the first, from which everything can be done again, nor the last.
    for (let candidate = 1; candidate < this.#snapshots.length - 1; candidate++) {
      if (!isCandidate(this.#snapshots[candidate])) continue;
      const gap = this.#snapshots[candidate + 1].step - this.#snapshots[candidate - 1].step;
      const missed = gap / (newest - this.#snapshots[candidate].step + snapshotInterval);
      if (missed < least) {
        least = missed;
        index = candidate;
      }
    }
    const [removed] = this.#snapshots.splice(index, 1);
    this.#bytes -= snapshotBytes(removed);
    if (isAtInterval(removed)) this.#intervals--;
  }
}

const isAtInterval = ({ step }: Snapshot) => step % snapshotInterval === 0;
