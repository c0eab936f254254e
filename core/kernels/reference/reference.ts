import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Kernels } from '../kernels';
import { activation, activationGradient } from './activations';
import { batchNorm, batchNormGradient } from './batch-norm';
import { maximumGradient, where } from './choice';
import { classWeights, maskIgnored, nllLoss, nllLossGradient } from './classes';
import { binary, divisorGradient, fill, scalar, tanhGradient, unary } from './elementwise';
import { gather, scatter } from './indexing';
import { lossKernels } from './losses';
import { matmul } from './matmul';
import { standardDeviation } from './moments';
import { normaliseRows, normaliseRowsGradient } from './normalise-rows';
import { avgPool, avgPoolGradient, maxPool, maxPoolGradient } from './pooling';
import { referenceReductions } from './reduction-kernels';
import { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient } from './softmax';
import { distribution, moments, saturation } from './statistics';
import { triangle } from './triangle';
import { fold, unfold } from './windows';

function update(parameter: Tensor, gradient: Tensor, learningRate: () => number, deviations: Tensor): Kernel {
  const { elements } = parameter;
  return () => {
    const data = parameter.storage.data;
    const gradientData = gradient.storage.data;
    const single = parameter.dtype === 'float32';
    const factor = single ? Math.fround(-learningRate()) : -learningRate();
    for (let i = 0; i < elements; i++) {
      const change = factor * gradientData[gradient.offset + i];
      data[parameter.offset + i] += single ? Math.fround(change) : change;
    }
    deviations.copyFrom([standardDeviation(gradient.values()), standardDeviation(parameter.values())]);
  };
}

/** The plain implementation of every kernel. */
export const referenceKernels: Kernels = {
  binary,
  unary,
  scalar,
  activation,
  activationGradient,
  where,
  maximumGradient,
  tanhGradient,
  divisorGradient,
  fill,
  matmul,
  unfold,
  fold,
  maxPool,
  maxPoolGradient,
  avgPool,
  avgPoolGradient,
  ...referenceReductions,
  batchNorm,
  batchNormGradient,
  gather,
  scatter,
  triangle,
  softmax,
  logSoftmax,
  softmaxGradient,
  logSoftmaxGradient,
  normaliseRows,
  normaliseRowsGradient,
  ...lossKernels(unary),
  classWeights,
  nllLoss,
  nllLossGradient,
  maskIgnored,
  moments,
  distribution,
  saturation,
  update,
};
