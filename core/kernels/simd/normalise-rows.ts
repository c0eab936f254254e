import type { Kernels } from '../kernels';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf, bytesPerSingle } from './rows';
import { areRuns } from './softmax';

/** The kernels of layer norm and group norm, for rows that are runs of numbers. */
export function simdNormaliseRows(functions: SimdFunctions): Pick<Kernels, 'normaliseRows' | 'normaliseRowsGradient'> {
  return {
    normaliseRows(saved, x, epsilon) {
      if (!areRuns(x)) return referenceKernels.normaliseRows(saved, x, epsilon);
      const [normalised, inverse, from] = [saved.normalised, saved.inverse, x].map(addressOf);
      const [rows, columns] = x.shape;
      const rowBytes = x.strides[0] * bytesPerSingle;
      const run = functions.normaliseRows;
      return () => run(normalised, inverse, from, rows, columns, rowBytes, epsilon);
    },
    normaliseRowsGradient(out, gradient, saved) {
      if (!areRuns(gradient)) return referenceKernels.normaliseRowsGradient(out, gradient, saved);
      const [to, from, normalised, inverse] = [out, gradient, saved.normalised, saved.inverse].map(addressOf);
      const [rows, columns] = out.shape;
      const rowBytes = gradient.strides[0] * bytesPerSingle;
      const run = functions.normaliseRowsGradient;
      return () => run(to, from, normalised, inverse, rows, columns, rowBytes);
    },
  };
}
