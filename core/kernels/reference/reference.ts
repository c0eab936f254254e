import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Kernels } from '../kernels';
import { binary, fill, scalar, unary } from './elementwise';
import { gatherRows, pick, putRows, scatterPick } from './indexing';
import { matmul } from './matmul';
import { logSoftmax, rowArgmax, sum, variance } from './reductions';
import { histogram, moments, saturation, standardDeviation } from './statistics';

function sgd(parameter: Tensor, gradient: Tensor, learningRate: () => number): Kernel {
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
  };
}

/** The plain implementation of every kernel. */
export const referenceKernels: Kernels = {
  binary,
  unary,
  scalar,
  fill,
  matmul,
  sum,
  variance,
  rowArgmax,
  gatherRows,
  putRows,
  pick,
  scatterPick,
  logSoftmax,
  standardDeviation,
  moments,
  histogram,
  saturation,
  sgd,
};
