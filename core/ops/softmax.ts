import { sequence } from '../kernels/kernels';
import { normalizeDim, type Shape } from '../tensor/shape';
import { type DimAttributes, dimAttributes } from './attributes';
import { addRest } from './magnitudes';
import { defineOp, type Op, summing } from './op';
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
        const { kernels, target, gradient, saved } = c;
        const dim = dimOf(target.shape, c.attributes);
        const whole = alongDim(c, dim, target, [gradient, saved[0]], kernels[`${op}Gradient`]);
        if (!c.isMagnitude) return whole;
        if (op === 'logSoftmax') return sequence(whole, addRest(kernels, target, gradient));
        const first = c.temporary(target.shape);
        return sequence(whole, kernels.binary('multiply', first, gradient, saved[0]), addRest(kernels, target, first));
      },
    ],
    roundings: ({ inputs: [x] }) => summing(Math.max(...x.shape)),
    reads: ({ inputs: [x], attributes }, index) => {
      const dim = dimOf(x.shape, attributes);
      return x.shape.length === 0 ? [[x, index]] : readsAlong(x, index.toSpliced(dim, 1), [dim]);
    },
  });
}
