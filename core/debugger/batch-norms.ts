import type { BatchNormTensors, Network } from '../programs/network';
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

/** Whether the parameter is a bias that a batch norm's mean takes away again, as the notebook's b1. */
export function isCancelled(network: Network, name: string): boolean {
  const { tape, batchNorms } = network;
  const bias = network.node(name).tensor;
  const sum = tape.entries.find(({ op, inputs }) => op === 'linear' && inputs[2] === bias)?.output;
  return batchNorms.some(({ batchMean }) => {
    let tensor = batchMean;
    while (tensor !== sum) {
      const made = tape.entries.find(({ output }) => output === tensor);
      if (made === undefined || made.op === 'linear' || made.op === 'matmul') return false;
      tensor = made.inputs[0];
    }
    return true;
  });
}
