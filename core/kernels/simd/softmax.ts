import type { Tensor } from '../../tensor/tensor';
import type { Kernels } from '../kernels';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf, bytesPerSingle } from './rows';

type Softmax = Pick<Kernels, 'softmax' | 'logSoftmax' | 'softmaxGradient' | 'logSoftmaxGradient'>;

/** The kernels of softmax, for rows that are runs of numbers. */
export function simdSoftmax(functions: SimdFunctions): Softmax {
  const forward =
    (name: 'softmax' | 'logSoftmax'): Kernels['softmax'] =>
    (out, x) => {
      if (!areRuns(x)) return referenceKernels[name](out, x);
      const [to, from] = [out, x].map(addressOf);
      const [rows, columns] = x.shape;
      const rowBytes = x.strides[0] * bytesPerSingle;
      const run = functions[name];
      return () => run(to, from, rows, columns, rowBytes);
    };
  const backward =
    (name: 'softmaxGradient' | 'logSoftmaxGradient'): Kernels['softmaxGradient'] =>
    (out, gradient, result) => {
      if (!areRuns(gradient, result)) return referenceKernels[name](out, gradient, result);
      const [to, from, y] = [out, gradient, result].map(addressOf);
      const [rows, columns] = out.shape;
      const [gradientRow, resultRow] = [gradient, result].map(({ strides }) => strides[0] * bytesPerSingle);
      const run = functions[name];
      return () => run(to, from, y, rows, columns, gradientRow, resultRow);
    };
  return {
    softmax: forward('softmax'),
    logSoftmax: forward('logSoftmax'),
    softmaxGradient: backward('softmaxGradient'),
    logSoftmaxGradient: backward('logSoftmaxGradient'),
  };
}

/** Whether the matrices are of float32, each row a run of numbers. */
export function areRuns(...matrices: readonly Tensor[]): boolean {
  return matrices.every(({ dtype, shape, strides }) => dtype === 'float32' && (strides[1] === 1 || shape[1] === 1));
}
