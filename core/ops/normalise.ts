import { sequence } from '../kernels/kernels';
import { requireSameShape } from '../tensor/tensor';
import { defineOp, type None, passOn } from './op';
import { readsAlong, readsNothing } from './reads';
import { requireColumns, requireMatrix } from './shapes';

export interface BatchNormAttributes {
  /** Added to the variance. */
  readonly epsilon: number;
}

/** What is made of a whole row or column: softmax, batch norm. */
export const normaliseOps = {
  batchNorm: defineOp<BatchNormAttributes>({
    shape: ([x, ...others]) => {
      requireMatrix('batchNorm', x);
      for (const other of others) requireColumns('batchNorm', other, x);
      return x;
    },
    saved: ({ inputs: [x, gamma], newTensor }) => [gamma, newTensor(x.shape), newTensor([1, x.shape[1]])],
    forward: ({
      kernels,
      output,
      inputs: [x, gamma, beta, mean, variance],
      saved: [, normalised, inverse],
      attributes,
    }) => kernels.batchNorm(output, { normalised, inverse }, x, { mean, variance, ...attributes }, gamma, beta),
    // native_batch_norm_backward, of the unbiased variance: what goes by way of mean and variance is in the gradient to x.
    vjps: [
      ({ kernels, target, gradient, saved: [gamma, normalised, inverse] }) =>
        kernels.batchNormGradient(target, gradient, { normalised, inverse }, gamma),
      ({ kernels, target, gradient, saved: [, normalised], temporary }) =>
        kernels.sumOfProducts(target, gradient, normalised, temporary(gradient.shape)),
      passOn,
      null,
      null,
    ],
  }),
  batchNormBackward: defineOp<None>({
    shape: ([gradient, normalised, ...others]) => {
      requireMatrix('batchNormBackward', gradient);
      requireSameShape('batchNormBackward', normalised, gradient);
      for (const other of others) requireColumns('batchNormBackward', other, gradient);
      return gradient;
    },
    forward: ({ kernels, output, inputs: [gradient, normalised, gamma, inverse] }) =>
      kernels.batchNormGradient(output, gradient, { normalised, inverse }, gamma),
    vjps: [null, null, null, null],
    reads: readsNothing,
  }),
  logSoftmax: defineOp<None>({
    shape: ([x]) => requireMatrix('logSoftmax', x) && x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.logSoftmax(output, x),
    // _log_softmax_backward_data: grad - exp(result) * grad.sum(dim, true)
    vjps: [
      (c) => {
        const total = c.temporary([c.gradient.shape[0], 1]);
        return sequence(
          c.kernels.sum(total, c.gradient),
          c.kernels.unary('exp', c.target, c.saved[0]),
          c.kernels.binary('multiply', c.target, c.target, total),
          c.kernels.binary('subtract', c.target, c.gradient, c.target),
        );
      },
    ],
    reads: ({ inputs: [x] }, index) => readsAlong(x, index.slice(0, -1), [x.shape.length - 1]),
  }),
};
