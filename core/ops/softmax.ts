import { normalizeDim, type Shape } from '../tensor/shape';
import { type DimAttributes, dimAttributes } from './attributes';
import { defineOp, type Op } from './op';
import { readsAlong } from './reads';
import { alongDim } from './rows';

/**
 * Exponentials that sum to 1 along `dim`, and their logarithms.
 *
 * softmax: _softmax_backward_data: grad_output * output - output * (grad_output * output).sum(dim, true)
 * logSoftmax: _log_softmax_backward_data: grad_output - exp(output) * grad_output.sum(dim, true)
 */
export const softmaxOps = { softmax: overRows('softmax'), logSoftmax: overRows('logSoftmax') };

function overRows(op: 'softmax' | 'logSoftmax'): Op<DimAttributes> {
  // A number by itself counts as one dimension, as in PyTorch.
  const dimOf = (shape: Shape, { dim }: DimAttributes) => normalizeDim(op, dim, Math.max(shape.length, 1));
  return defineOp(dimAttributes, {
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
