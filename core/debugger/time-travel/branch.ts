import type { Settings } from '../../programs/settings';
import type { BranchDescription } from '../../protocol/timeline';
import { History } from '../history';
import { GradientSources } from './gradient-source';
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
  readonly sources: GradientSources;
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
  /** Where the gradients of every update came from. */
  readonly sources: GradientSources;

  constructor(parts: BranchParts) {
    this.id = parts.id;
    this.parent = parts.parent;
    this.forkStep = parts.forkStep;
    this.settings = parts.settings;
    this.history = parts.history;
    this.snapshots = parts.snapshots;
    this.sources = parts.sources;
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
      sources: new GradientSources(),
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
      sources: this.sources.upTo(step),
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

  /** Whether a snapshot of `step` is to be taken: also where only it leads back, since what gave the gradients is not here. */
  wantsSnapshot(step: number): boolean {
    if (this.snapshots.has(step)) return false;
    return step % snapshotInterval === 0 || (step > 0 && this.sources.at(step - 1) === 'code');
  }

  /** The first step from `from` on, before `to`, whose update cannot be made again; null where all can. */
  firstByCode(from: number, to: number): number | null {
    return this.sources.first(from, to, (source) => source === 'code');
  }

  describe(current: Branch): BranchDescription {
    const { id, parent, forkStep, head, settings } = this;
    return { id, parent: parent?.id ?? null, forkStep, head, settings, isCurrent: this === current };
  }
}
