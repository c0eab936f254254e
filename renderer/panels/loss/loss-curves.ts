import type { LossHistory } from '../../../core/protocol/answers';
import type { TableData } from '../../charts/csv';
import type { CurvePoint } from '../../charts/curves';

export type LossScale = 'log10' | 'linear';

/**
 * Raw and smoothed loss of each bucket of steps, with the bucket's least and largest as the band; then the smoothed loss of
 * every other branch, as far as it goes.
 */
export function lossPoints(history: LossHistory, scale: LossScale, others: readonly LossHistory[] = []): CurvePoint[] {
  const fromLog = (log: number) => (scale === 'log10' ? log : 10 ** log);
  const fromLoss = (loss: number) => (scale === 'log10' ? Math.log10(loss) : loss);
  return Array.from(history.steps, (step, at) => ({
    step,
    values: [
      fromLog(history.log10[at] ?? Number.NaN),
      fromLog(history.smoothed[at] ?? Number.NaN),
      ...others.map((other) => fromLog(smoothedAt(other, step))),
    ],
    band: [fromLoss(history.minimum[at] ?? Number.NaN), fromLoss(history.maximum[at] ?? Number.NaN)],
  }));
}

/** The smoothed log10 loss of the bucket that a step is in; NaN beyond the last. */
function smoothedAt({ steps, smoothed }: LossHistory, step: number): number {
  const bucket = steps.findLastIndex((first) => first <= step);
  const width = (steps.at(-1) ?? 0) - (steps.at(-2) ?? 0);
  const isBeyond = step > (steps.at(-1) ?? 0) + Math.max(1, width);
  return isBeyond ? Number.NaN : (smoothed[bucket] ?? Number.NaN);
}

/** The least loss of all steps; NaN where there is none yet. */
export function lowestLoss(history: LossHistory): number {
  return history.minimum.length === 0 ? Number.NaN : history.minimum.reduce((least, loss) => Math.min(least, loss));
}

/** One row a bucket, with all that the history says of it. */
export function lossTable(history: LossHistory): TableData {
  return {
    columns: ['first step', 'lowest loss', 'highest loss', 'mean log10 loss', 'smoothed log10 loss'],
    rows: Array.from(history.steps, (step, at) => [
      step,
      history.minimum[at] ?? Number.NaN,
      history.maximum[at] ?? Number.NaN,
      history.log10[at] ?? Number.NaN,
      history.smoothed[at] ?? Number.NaN,
    ]),
  };
}
