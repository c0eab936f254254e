import type { BatchNormTensors } from '../../programs/network';

/** A batch norm's statistics, unit by unit. */
export interface UnitStatistics {
  readonly batchMean: Float32Array;
  readonly batchVariance: Float32Array;
  readonly runningMean: Float32Array;
  readonly runningVariance: Float32Array;
  /** |running mean − batch mean| / batch deviation, plus |log of the deviations' ratio|, mean over units. */
  readonly distance: number;
}

export function statisticsOf({
  batchMean,
  batchVariance,
  runningMean,
  runningVariance,
}: BatchNormTensors): UnitStatistics {
  const copy = (tensor: BatchNormTensors['batchMean']) => Float32Array.from(tensor.values());
  const statistics = {
    batchMean: copy(batchMean),
    batchVariance: copy(batchVariance),
    runningMean: copy(runningMean),
    runningVariance: copy(runningVariance),
  };
  let sum = 0;
  for (let unit = 0; unit < batchMean.elements; unit++) {
    // As the forward pass adds it, lest a unit that never varies counts as infinitely far.
    const epsilon = 1e-5;
    const variance = statistics.batchVariance[unit] + epsilon;
    const shift = Math.abs(statistics.runningMean[unit] - statistics.batchMean[unit]) / Math.sqrt(variance);
    const stretch = Math.abs(Math.log((statistics.runningVariance[unit] + epsilon) / variance)) / 2;
    sum += shift + stretch;
  }
  return { ...statistics, distance: sum / batchMean.elements };
}
