import type { Tensor } from '../../tensor/tensor';
import { type Kernel, type Kernels, sequence } from '../kernels';
import { batchNorm, batchNormGradient } from './batch-norm';
import { classWeights, maskIgnored, nllLoss, nllLossGradient } from './classes';
import { binary, divisorGradient, fill, scalar, tanhGradient, unary } from './elementwise';
import { gatherRows, pick, putRows, scatterPick } from './indexing';
import { lossKernels } from './losses';
import { matmul } from './matmul';
import { standardDeviation } from './moments';
import { normaliseRows, normaliseRowsGradient } from './normalise-rows';
import { rowArgmax, sum, variance } from './reductions';
import { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient } from './softmax';
import { distribution, moments, saturation } from './statistics';

function sumOfProducts(out: Tensor, a: Tensor, b: Tensor, temporary: Tensor): Kernel {
  return sequence(binary('multiply', temporary, a, b), sum(out, temporary));
}

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

function matmulWithBias(out: Tensor, a: Tensor, b: Tensor, bias?: Tensor): Kernel {
  const product = matmul(out, a, b);
  return bias === undefined ? product : sequence(product, binary('add', out, out, bias));
}

/** The plain implementation of every kernel. */
export const referenceKernels: Kernels = {
  binary,
  unary,
  scalar,
  tanhGradient,
  divisorGradient,
  fill,
  matmul: matmulWithBias,
  sum,
  sumOfProducts,
  variance,
  batchNorm,
  batchNormGradient,
  rowArgmax,
  gatherRows,
  putRows,
  pick,
  scatterPick,
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
