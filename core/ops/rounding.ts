import { sequence } from '../kernels/kernels';
import { unaryOp } from './functions';

/** A function of steps: its slope is 0 everywhere. PyTorch: zeros_like(grad). */
const steps = (kind: 'sign' | 'floor' | 'ceil' | 'trunc' | 'round') =>
  unaryOp(kind, 'input', (k, target) => k.fill(target, 0));

/** Magnitude, sign, and the whole numbers near a number. */
export const roundingOps = {
  // grad * self.sgn(), which is 0 at 0
  abs: unaryOp('abs', 'input', (k, target, gradient, x) =>
    sequence(k.unary('sign', target, x), k.binary('multiply', target, gradient, target)),
  ),
  sign: steps('sign'),
  floor: steps('floor'),
  ceil: steps('ceil'),
  trunc: steps('trunc'),
  /** To the nearest, halves to the even. */
  round: steps('round'),
};
