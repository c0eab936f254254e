import { NotFoundError } from '../../programs/network';
import type { Settings } from '../../programs/settings';
import type { HistorySize, Timeline } from '../../protocol/timeline';
import { Branch } from './branch';
import { snapshotBytes } from './snapshot';

/** All courses of training of a session, one of them the present one. */
export class Branches {
  /** In the order in which they were begun. */
  #all: Branch[];
  #current: Branch;

  /** @param parameters how many the program has. */
  constructor(settings: Settings, parameters: number) {
    this.#current = Branch.first(settings, parameters);
    this.#all = [this.#current];
  }

  get current(): Branch {
    return this.#current;
  }

  get all(): readonly Branch[] {
    return this.#all;
  }

  /** Takes the place of all there are. */
  restore(all: readonly Branch[], current: number): void {
    this.#all = [...all];
    this.#current = this.get(current);
  }

  /** @throws NotFoundError where there is none such. */
  get(id: number): Branch {
    const branch = this.#all.find((candidate) => candidate.id === id);
    if (branch === undefined) throw new NotFoundError(`There is no branch ${id}.`);
    return branch;
  }

  /** Makes another the present one. @throws NotFoundError where there is none such. */
  choose(id: number): Branch {
    this.#current = this.get(id);
    return this.#current;
  }

  /** Begins a branch that leaves the present one at `step`, and makes it the present one. */
  fork(step: number, settings: Settings): void {
    this.#current = this.#current.fork(this.#all.length, step, settings);
    this.#all.push(this.#current);
  }

  /** All of them, and what going back costs. */
  describe(step: number): Timeline {
    return {
      step,
      branches: this.#all.map((branch) => branch.describe(this.#current)),
      snapshots: this.#current.snapshots.steps,
      size: this.#size(),
    };
  }

  /** Branches share the snapshots from before their fork; their histories are their own. */
  #size(): HistorySize {
    const snapshots = new Set(this.#all.flatMap((branch) => branch.snapshots.all));
    let bytes = 0;
    for (const snapshot of snapshots) bytes += snapshotBytes(snapshot);
    for (const { history } of this.#all) bytes += history.bytes;
    const steps = this.#all.reduce((sum, { history }) => sum + history.length, 0);
    return { steps, snapshots: snapshots.size, bytes };
  }
}
