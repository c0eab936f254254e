import { type Kernel, type Kernels, nothing, sequence, type UnaryKind } from '../kernels/kernels';
import type { Tensor } from '../tensor/tensor';
import { requireSameShape } from '../tensor/tensor';
import { type None, noAttributes } from './attributes';
import { addRest } from './magnitudes';
import { defineOp, type Op, type VjpContext } from './op';

/** Plans target = gradient · f′, of what was saved. */
type Backward = (
  kernels: Kernels,
  target: Tensor,
  gradient: Tensor,
  saved: Tensor,
  context: VjpContext<None>,
) => Kernel;

/** A function of one number, by its kernel. @param saves What its backward reads. */
export function unaryOp(kind: UnaryKind, saves: 'input' | 'result', backward: Backward): Op<None> {
  return defineOp(noAttributes, {
    shape: ([x]) => x,
    saved: ({ inputs, output }) => (saves === 'input' ? inputs : [output]),
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary(kind, output, x),
    vjps: [(c) => backward(c.kernels, c.target, c.gradient, c.saved[0], c)],
  });
}

/** grad / (self * factor): the logarithms. */
const overScaled =
  (factor: number): Backward =>
  (k, target, gradient, x) =>
    sequence(k.scalar('multiply', target, x, factor), k.binary('divide', target, gradient, target));

/** factor * exp(-(self.pow(2))) * grad: the error functions. */
const bell =
  (factor: number): Backward =>
  (k, target, gradient, x) =>
    sequence(
      k.scalar('power', target, x, 2),
      k.unary('negate', target, target),
      k.unary('exp', target, target),
      k.scalar('multiply', target, target, factor),
      k.binary('multiply', target, target, gradient),
    );

/** Exponentials, logarithms, roots and error functions. */
export const functionOps = {
  // grad * result
  exp: unaryOp('exp', 'result', (k, target, gradient, result) => k.binary('multiply', target, gradient, result)),
  // grad * result * ln 2
  exp2: unaryOp('exp2', 'result', (k, target, gradient, result) =>
    sequence(k.binary('multiply', target, gradient, result), k.scalar('multiply', target, target, Math.LN2)),
  ),
  // grad * (result + 1)
  expm1: unaryOp('expm1', 'result', (k, target, gradient, result, { isMagnitude }) =>
    sequence(
      k.scalar('add', target, result, 1),
      k.binary('multiply', target, gradient, target),
      isMagnitude ? addRest(k, target, gradient) : nothing,
    ),
  ),
  // grad.div(self)
  log: unaryOp('log', 'input', (k, target, gradient, x) => k.binary('divide', target, gradient, x)),
  // grad / (self * ln 2)
  log2: unaryOp('log2', 'input', overScaled(Math.LN2)),
  // grad / (self * ln 10)
  log10: unaryOp('log10', 'input', overScaled(Math.LN10)),
  // grad / (self + 1)
  log1p: unaryOp('log1p', 'input', (k, target, gradient, x) =>
    sequence(k.scalar('add', target, x, 1), k.binary('divide', target, gradient, target)),
  ),
  // grad / (2 * result)
  sqrt: unaryOp('sqrt', 'result', overScaled(2)),
  rsqrt: defineOp(noAttributes, {
    shape: ([x]) => x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.scalar('power', output, x, -0.5),
    // -0.5 * grad * result.pow(3)
    vjps: [
      ({ kernels, target, gradient, saved: [result], temporary }) => {
        const cube = temporary(result.shape);
        return sequence(
          kernels.scalar('power', cube, result, 3),
          kernels.scalar('multiply', target, gradient, -0.5),
          kernels.binary('multiply', target, target, cube),
        );
      },
    ],
  }),
  // -grad * (result * result)
  reciprocal: unaryOp('reciprocal', 'result', (k, target, gradient, result) =>
    sequence(
      k.binary('multiply', target, result, result),
      k.binary('multiply', target, gradient, target),
      k.unary('negate', target, target),
    ),
  ),
  // 2.0 / sqrt(M_PI) * exp(-(self.pow(2))) * grad
  erf: unaryOp('erf', 'input', bell(2 / Math.sqrt(Math.PI))),
  // -2.0 / sqrt(M_PI) * exp(-(self.pow(2))) * grad
  erfc: unaryOp('erfc', 'input', bell(-2 / Math.sqrt(Math.PI))),
  // tanh_backward: grad * (1 - result * result)
  tanh: unaryOp('tanh', 'result', (k, target, gradient, result, { isMagnitude }) =>
    sequence(k.tanhGradient(target, gradient, result), isMagnitude ? addRest(k, target, gradient) : nothing),
  ),
  tanhBackward: defineOp(noAttributes, {
    shape: ([gradient, result]) => {
      requireSameShape('tanhBackward', result, gradient);
      return gradient;
    },
    forward: ({ kernels, output, inputs: [gradient, result] }) => kernels.tanhGradient(output, gradient, result),
    vjps: [null, null],
  }),
};
