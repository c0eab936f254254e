import type { Tensor } from '../../tensor/tensor';
import type { Kernels } from '../kernels';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf } from './rows';

type BatchNorm = Pick<Kernels, 'batchNorm' | 'batchNormGradient' | 'batchNormScaleGradient'>;

/** The kernels of a batch norm, for columns that lie in runs, four of them at least. */
export function simdBatchNorm(functions: SimdFunctions): BatchNorm {
  return {
    batchNorm(out, x, statistics, gamma, beta) {
      const { mean, variance, epsilon } = statistics;
      if (!areRuns(x, mean, variance, gamma, beta)) return referenceKernels.batchNorm(out, x, statistics, gamma, beta);
      const [rows, columns] = x.shape;
      const [to, from, means, variances, scale, shift] = [out, x, mean, variance, gamma, beta].map(addressOf);
      const run = functions.batchNorm;
      return () => run(to, from, rows, columns, means, variances, epsilon, scale, shift);
    },
    batchNormGradient(out, gradient, x, statistics, gamma) {
      const { mean, variance, epsilon } = statistics;
      if (!areRuns(x, gradient, mean, variance, gamma)) {
        return referenceKernels.batchNormGradient(out, gradient, x, statistics, gamma);
      }
      const [rows, columns] = x.shape;
      const [to, upstream, from, means, variances, scale] = [out, gradient, x, mean, variance, gamma].map(addressOf);
      const run = functions.batchNormGradient;
      return () => run(to, upstream, from, rows, columns, means, variances, epsilon, scale);
    },
    batchNormScaleGradient(out, gradient, x, statistics) {
      const { mean, variance, epsilon } = statistics;
      if (!areRuns(x, gradient, mean, variance)) {
        return referenceKernels.batchNormScaleGradient(out, gradient, x, statistics);
      }
      const [rows, columns] = x.shape;
      const [to, upstream, from, means, variances] = [out, gradient, x, mean, variance].map(addressOf);
      const run = functions.batchNormScaleGradient;
      return () => run(to, upstream, from, rows, columns, means, variances, epsilon);
    },
  };
}

function areRuns(x: Tensor, ...others: readonly Tensor[]): boolean {
  return x.dtype === 'float32' && x.shape[1] >= 4 && [x, ...others].every(({ isContiguous }) => isContiguous);
}
