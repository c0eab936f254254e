import type { Tensor } from '../../tensor/tensor';
import type { Kernels } from '../kernels';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf } from './rows';

/** The kernels of a batch norm, for columns that lie in runs, four of them at least. */
export function simdBatchNorm(functions: SimdFunctions): Pick<Kernels, 'batchNorm' | 'batchNormGradient'> {
  return {
    batchNorm(out, saved, x, statistics, gamma, beta) {
      const { mean, variance, epsilon } = statistics;
      if (!areRuns(x, mean, variance, gamma, beta)) {
        return referenceKernels.batchNorm(out, saved, x, statistics, gamma, beta);
      }
      const [rows, columns] = x.shape;
      const [to, normalised, inverse] = [out, saved.normalised, saved.inverse].map(addressOf);
      const [from, means, variances, scale, shift] = [x, mean, variance, gamma, beta].map(addressOf);
      const run = functions.batchNorm;
      return () => run(to, normalised, inverse, from, rows, columns, means, variances, epsilon, scale, shift);
    },
    batchNormGradient(out, gradient, saved, gamma) {
      if (!areRuns(gradient, saved.normalised, saved.inverse, gamma)) {
        return referenceKernels.batchNormGradient(out, gradient, saved, gamma);
      }
      const [rows, columns] = gradient.shape;
      const [to, upstream, normalised, inverse, scale] = [out, gradient, saved.normalised, saved.inverse, gamma].map(
        addressOf,
      );
      const run = functions.batchNormGradient;
      return () => run(to, upstream, normalised, inverse, rows, columns, scale);
    },
  };
}

function areRuns(matrix: Tensor, ...others: readonly Tensor[]): boolean {
  return (
    matrix.dtype === 'float32' && matrix.shape[1] >= 4 && [matrix, ...others].every(({ isContiguous }) => isContiguous)
  );
}
