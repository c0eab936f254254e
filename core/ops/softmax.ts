import { normalizeDim, type Shape } from '../tensor/shape';
import { defineOp, type Op } from './op';
import { readsAlong } from './reads';
import { alongDim } from './rows';

export interface SoftmaxAttributes {
  /** The dimension whose numbers become probabilities, counted from the end where negative. */
  readonly dim: number;
}

/**
 * Exponentials that sum to 1, and their logarithms.
 *
 * softmax: _softmax_backward_data: grad_output * output - output * (grad_output * output).sum(dim, true)
 * logSoftmax: _log_softmax_backward_data: grad_output - exp(output) * grad_output.sum(dim, true)
 */
export const softmaxOps = { softmax: overRows('softmax'), logSoftmax: overRows('logSoftmax') };

function overRows(op: 'softmax' | 'logSoftmax'): Op<SoftmaxAttributes> {
  // A number by itself counts as one dimension, as in PyTorch.
  const dimOf = (shape: Shape, { dim }: SoftmaxAttributes) => normalizeDim(op, dim, Math.max(shape.length, 1));
  return defineOp({
    shape: ([x], attributes) => {
      dimOf(x, attributes);
      return x;
    },
    saved: ({ output }) => [output],
    forward: (c) => alongDim(c, dimOf(c.output.shape, c.attributes), c.output, c.inputs, c.kernels[op]),
    vjps: [
      (c) => {
        const dim = dimOf(c.target.shape, c.attributes);
        return alongDim(c, dim, c.target, [c.gradient, c.saved[0]], c.kernels[`${op}Gradient`]);
      },
    ],
    reads: ({ inputs: [x], attributes }, index) => {
      const dim = dimOf(x.shape, attributes);
      return x.shape.length === 0 ? [[x, index]] : readsAlong(x, index.toSpliced(dim, 1), [dim]);
    },
  });
}
