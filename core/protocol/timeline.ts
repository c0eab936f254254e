import type { Settings } from '../programs/settings';

/** One course of training. A change at an earlier step begins another; both stay. */
export interface BranchDescription {
  readonly id: number;
  /** The branch it left; null for the first. */
  readonly parent: number | null;
  /** The last step that both share. */
  readonly forkStep: number;
  /** The farthest step that was made. */
  readonly head: number;
  readonly settings: Settings;
  /** Whether the session stands on it. */
  readonly isCurrent: boolean;
}

/** What a session keeps of its steps. */
export interface HistorySize {
  /** Steps of all branches, each of which has those before its fork as well. */
  readonly steps: number;
  readonly snapshots: number;
  /** What losses, update ratios, the drift and snapshots take of memory. */
  readonly bytes: number;
}

/** All courses of training, and what going back costs. */
export interface Timeline {
  readonly step: number;
  readonly branches: readonly BranchDescription[];
  /** Steps of the present branch from which can be gone on at once. */
  readonly snapshots: readonly number[];
  readonly size: HistorySize;
}
