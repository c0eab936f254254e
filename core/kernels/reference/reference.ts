import type { Tensor } from '../../tensor/tensor';
import { type Kernel, type Kernels, sequence } from '../kernels';
import { batchNorm, batchNormGradient } from './batch-norm';
import { binary, divisorGradient, fill, scalar, tanhGradient, unary } from './elementwise';
import { gather, pick, scatter, scatterPick } from './indexing';
import { matmul } from './matmul';
import { standardDeviation } from './moments';
import { logSoftmax, rowArgmax, sum, variance } from './reductions';
import { distribution, moments, saturation } from './statistics';
import { triangle } from './triangle';

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
  gather,
  scatter,
  triangle,
  pick,
  scatterPick,
  logSoftmax,
  moments,
  distribution,
  saturation,
  update,
};
