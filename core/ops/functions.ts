import { sequence } from '../kernels/kernels';
import { requireSameShape } from '../tensor/tensor';
import { defineOp, type None } from './op';

/** Functions of one number. */
export const functionOps = {
  exp: defineOp<None>({
    shape: ([x]) => x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('exp', output, x),
    // grad * result
    vjps: [(c) => c.kernels.binary('multiply', c.target, c.gradient, c.saved[0])],
  }),
  log: defineOp<None>({
    shape: ([x]) => x,
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('log', output, x),
    // grad.div(self)
    vjps: [(c) => c.kernels.binary('divide', c.target, c.gradient, c.saved[0])],
  }),
  tanh: defineOp<None>({
    shape: ([x]) => x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('tanh', output, x),
    // tanh_backward: grad * (1 - result * result)
    vjps: [(c) => c.kernels.tanhGradient(c.target, c.gradient, c.saved[0])],
  }),
  sqrt: defineOp<None>({
    shape: ([x]) => x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('sqrt', output, x),
    // grad / (2 * result)
    vjps: [
      (c) =>
        sequence(
          c.kernels.scalar('multiply', c.target, c.saved[0], 2),
          c.kernels.binary('divide', c.target, c.gradient, c.target),
        ),
    ],
  }),
  tanhBackward: defineOp<None>({
    shape: ([gradient, result]) => {
      requireSameShape('tanhBackward', result, gradient);
      return gradient;
    },
    forward: ({ kernels, output, inputs: [gradient, result] }) => kernels.tanhGradient(output, gradient, result),
    vjps: [null, null],
  }),
};
