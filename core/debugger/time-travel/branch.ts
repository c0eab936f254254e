import type { Settings } from '../../programs/settings';
import type { BranchDescription } from '../../protocol/answers';
import { History } from '../history';
import { SnapshotStore, snapshotInterval } from './snapshot-store';

/** A step that cannot be gone to. */
export class TimeTravelError extends Error {
  override name = 'TimeTravelError';
}

/** What a branch is made of. */
export interface BranchParts {
  readonly id: number;
  readonly parent: Branch | null;
  readonly forkStep: number;
  readonly settings: Settings;
  readonly history: History;
  readonly snapshots: SnapshotStore;
  /** Steps whose update used gradients by hand. */
  readonly byHand: Set<number>;
}

/** One course of training: its settings, what every step gave, and the snapshots to come back by. */
export class Branch {
  readonly id: number;
  /** What it was forked from; null for the first. */
  readonly parent: Branch | null;
  /** The last step that it shares with its parent. */
  readonly forkStep: number;
  readonly settings: Settings;
  readonly history: History;
  readonly snapshots: SnapshotStore;
  /** Steps whose update used gradients by hand: they cannot be done again, since what gave those is not here. */
  readonly #byHand: Set<number>;

  constructor(parts: BranchParts) {
    this.id = parts.id;
    this.parent = parts.parent;
    this.forkStep = parts.forkStep;
    this.settings = parts.settings;
    this.history = parts.history;
    this.snapshots = parts.snapshots;
    this.#byHand = parts.byHand;
  }

  /** The first branch of a session. */
  static first(settings: Settings, parameters: number): Branch {
    const history = new History(parameters);
    return new Branch({
      id: 0,
      parent: null,
      forkStep: 0,
      settings,
      history,
      snapshots: new SnapshotStore(),
      byHand: new Set(),
    });
  }

  /** A branch that has all of this one up to `step`, and goes on with other settings. */
  fork(id: number, step: number, settings: Settings): Branch {
    return new Branch({
      id,
      parent: this,
      forkStep: step,
      settings,
      history: this.history.upTo(step),
      snapshots: this.snapshots.upTo(step),
      byHand: new Set([...this.#byHand].filter((updated) => updated < step)),
    });
  }

  /** What the update of a step uses: before the fork, what the parent used. */
  settingsAt(step: number): Settings {
    return this.parent !== null && step < this.forkStep ? this.parent.settingsAt(step) : this.settings;
  }

  /** The farthest step that was made. */
  get head(): number {
    return this.history.length - 1;
  }

  /** Whether a snapshot of `step` is to be taken. */
  wantsSnapshot(step: number): boolean {
    if (this.snapshots.has(step)) return false;
    return step % snapshotInterval === 0 || this.#byHand.has(step - 1);
  }

  /** Steps whose update used gradients by hand. */
  get byHand(): Iterable<number> {
    return this.#byHand;
  }

  /** Whether the update of `step` used gradients by hand. */
  wasUpdatedByHand(step: number): boolean {
    return this.#byHand.has(step);
  }

  /** The update of `step` used gradients by hand. */
  updatedByHand(step: number): void {
    this.#byHand.add(step);
  }

  /** The first step from `from` on, before `to`, whose update cannot be made again; null where all can. */
  firstByHand(from: number, to: number): number | null {
    for (let step = from; step < to; step++) if (this.#byHand.has(step)) return step;
    return null;
  }

  describe(current: Branch): BranchDescription {
    const { id, parent, forkStep, head, settings } = this;
    return { id, parent: parent?.id ?? null, forkStep, head, settings, isCurrent: this === current };
  }
}
