import type { History } from './history';

/** What was asked for is made of numbers, and the run has none left. */
export class DivergedError extends Error {
  override name = 'DivergedError';
}

/** A stretch of steps without a finite loss, up to the one that was asked about. */
export interface Divergence {
  /** "The run has diverged: the loss has not been a finite number since step 42." */
  readonly reason: string;
  /** "Go to step 41 or restart with a smaller learning rate." */
  readonly advice: string;
}

/** Whether and since when a run has diverged by a step whose loss is known; null where that is finite. */
export function divergenceAt(history: History, step: number): Divergence | null {
  let first = step + 1;
  while (first > 0 && !Number.isFinite(history.lossAt(first - 1))) first--;
  if (first > step) return null;
  return {
    reason: `The run has diverged: the loss has not been a finite number since step ${first}.`,
    advice:
      first > 0 ? `Go to step ${first - 1} or restart with a smaller learning rate.` : 'Restart with other settings.',
  };
}
