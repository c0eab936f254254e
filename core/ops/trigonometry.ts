import { type Kernel, type Kernels, sequence, type UnaryKind } from '../kernels/kernels';
import type { Tensor } from '../tensor/tensor';
import { unaryOp } from './functions';

/** grad * f(self) of another function of the table. */
const times = (kind: UnaryKind) => (k: Kernels, target: Tensor, gradient: Tensor, x: Tensor) =>
  sequence(k.unary(kind, target, x), k.binary('multiply', target, gradient, target));

/** ±self² + summand, which PyTorch writes `-self * self + 1` or `self.pow(2) - 1`. */
function squarePlus(k: Kernels, target: Tensor, x: Tensor, sign: 1 | -1, summand: number): Kernel {
  const square = k.scalar('power', target, x, 2);
  return sign === 1
    ? sequence(square, k.scalar('add', target, target, summand))
    : sequence(square, k.scalar('subtractFrom', target, target, summand));
}

/** grad * (±self² + summand).rsqrt(). */
const timesInverseRoot = (sign: 1 | -1, summand: number) => (k: Kernels, target: Tensor, gradient: Tensor, x: Tensor) =>
  sequence(
    squarePlus(k, target, x, sign, summand),
    k.scalar('power', target, target, -0.5),
    k.binary('multiply', target, gradient, target),
  );

/** grad / (±self² + 1). */
const overSquare = (sign: 1 | -1) => (k: Kernels, target: Tensor, gradient: Tensor, x: Tensor) =>
  sequence(squarePlus(k, target, x, sign, 1), k.binary('divide', target, gradient, target));

/** Trigonometric and hyperbolic functions and their inverses; tanh is among the functions. */
export const trigonometryOps = {
  // grad * self.cos()
  sin: unaryOp('sin', 'input', times('cos')),
  // grad * -self.sin()
  cos: unaryOp('cos', 'input', (k, target, gradient, x) =>
    sequence(times('sin')(k, target, gradient, x), k.unary('negate', target, target)),
  ),
  // grad * (1 + result.pow(2))
  tan: unaryOp('tan', 'result', (k, target, gradient, result) =>
    sequence(squarePlus(k, target, result, 1, 1), k.binary('multiply', target, gradient, target)),
  ),
  // grad * (-self * self + 1).rsqrt()
  asin: unaryOp('asin', 'input', timesInverseRoot(-1, 1)),
  // grad * -((-self * self + 1).rsqrt())
  acos: unaryOp('acos', 'input', (k, target, gradient, x) =>
    sequence(timesInverseRoot(-1, 1)(k, target, gradient, x), k.unary('negate', target, target)),
  ),
  // grad / (self * self + 1)
  atan: unaryOp('atan', 'input', overSquare(1)),
  // grad * self.cosh()
  sinh: unaryOp('sinh', 'input', times('cosh')),
  // grad * self.sinh()
  cosh: unaryOp('cosh', 'input', times('sinh')),
  // grad * (self.pow(2) + 1).rsqrt()
  asinh: unaryOp('asinh', 'input', timesInverseRoot(1, 1)),
  // grad * (self.pow(2) - 1).rsqrt()
  acosh: unaryOp('acosh', 'input', timesInverseRoot(1, -1)),
  // grad * 1 / (1 - self.pow(2))
  atanh: unaryOp('atanh', 'input', overSquare(-1)),
};
