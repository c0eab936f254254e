import type { BatchNormTensors } from '../programs/network';
import type { BatchNormStatistics } from '../protocol/answers';

/**
 * A batch norm's statistics, unit by unit. Their distance is |running mean − batch mean| / batch deviation, plus |log of the
 * deviations' ratio|, mean over units.
 */
export function statisticsOf({
  node,
  isKept,
  batchMean,
  batchVariance,
  runningMean,
  runningVariance,
}: BatchNormTensors): BatchNormStatistics {
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
  return { node, isKept, ...statistics, distance: sum / batchMean.elements };
}
