import { histogram, histogramEdges } from '../kernels/reference/histogram';
import { moments, standardDeviation } from '../kernels/reference/moments';
import { saturation } from '../kernels/reference/saturation';
import type { EvaluationProgress } from '../programs/evaluation';
import type { NetworkNode } from '../programs/network';
import { hiddenGainOf } from '../programs/settings';
import type { HistogramReport, Report, TanhReport, WeightReport } from '../protocol/answers';
import { saturationThreshold } from '../stats/diagnostics';
import type { Session } from './session';

/** Names that the notebook's last cell draws, and how far its generator's seed is from the run's. */
const sampledNames = 20;
const sampleSeedOffset = 10;

/**
 * Finishes the session's present step (its update included), reports what the notebook's diagnostic cells print then,
 * and goes on to rest at the next step. Where it is abandoned half-way the session rests there as well. Of a run that has
 * diverged the figures are NaN, and there are no samples.
 */
export function* report(session: Session): Generator<EvaluationProgress, Report> {
  const { settings, network, history, evaluator } = session;
  const { learningRate } = session;
  session.settle();
  session.applyUpdate();
  try {
    const losses = history.losses();
    const { train, dev } = yield* evaluator.losses();
    return {
      parameters: network.parameters.reduce((sum, { tensor }) => sum + tensor.elements, 0),
      steps: losses.length,
      lr: learningRate,
      batch_size: settings.batchSize,
      gain: hiddenGainOf(settings),
      batchnorm: network.batchNorms.length > 0,
      losses,
      update_to_data_log10_first: history.updatesAt(0),
      update_to_data_log10_last: history.updatesAt(losses.length - 1),
      tanh: network.layers.map(({ index, node }) => tanhReport(session, index, node)),
      weights: network.parameters.filter(({ shape }) => shape.length === 2).map((node) => weightReport(session, node)),
      train_loss: train,
      val_loss: dev,
      samples: evaluator.sample(sampledNames, settings.seed + sampleSeedOffset)?.map(({ name }) => name) ?? [],
    };
  } finally {
    session.beginNextStep();
  }
}

function tanhReport({ network }: Session, layer: number, nodeName: string): TanhReport {
  const { tensor, shape } = network.node(nodeName);
  const output = tensor.values();
  const gradient = network.tape.gradientOf(tensor).values();
  const outputMoments = moments(output);
  const gradientMoments = moments(gradient);
  return {
    layer,
    mean: outputMoments.mean,
    std: outputMoments.std,
    // Of what is not a number nobody knows whether it is saturated.
    saturated_percent: Number.isNaN(outputMoments.mean)
      ? Number.NaN
      : (saturation(output, shape[0], shape[1], saturationThreshold).cells / output.length) * 100,
    grad_mean: gradientMoments.mean,
    grad_std: gradientMoments.std,
    histogram: histogramReport(output),
    grad_histogram: histogramReport(gradient),
  };
}

function weightReport({ network }: Session, { tensor, shape }: NetworkNode): WeightReport {
  const gradient = moments(network.tape.gradientOf(tensor).values());
  return {
    shape,
    grad_mean: gradient.mean,
    grad_std: gradient.std,
    grad_to_data: gradient.std / standardDeviation(tensor.values()),
  };
}

function histogramReport(values: ArrayLike<number>): HistogramReport {
  const { minimum, maximum, density } = histogram(values);
  // Numbers that do not exist have no density, rather than one of zero.
  const isEmpty = Number.isNaN(minimum);
  return {
    density: Array.from(density, (value) => (isEmpty ? Number.NaN : value)),
    edges: Array.from(histogramEdges(minimum, maximum)),
  };
}
