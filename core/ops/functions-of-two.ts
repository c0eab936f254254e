import { type BinaryKind, nothing, sequence } from '../kernels/kernels';
import { broadcastShapes } from '../tensor/broadcasting';
import { type None, noAttributes, scalarAttributes } from './attributes';
import { constant } from './choice';
import { defineOp, type Op, passOn, throughBroadcast, type Vjp } from './op';

/** A function of two tensors, by its kernel. @param saves What its backward reads: the inputs, or the result as a third. */
function binaryOp(kind: BinaryKind, saves: 'inputs' | 'inputs and result', vjps: Op<None>['vjps']): Op<None> {
  return defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes(kind, a, b),
    saved: ({ inputs, output }) => (saves === 'inputs' ? inputs : [...inputs, output]),
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary(kind, output, a, b),
    vjps,
  });
}

/** grad * other / (self² + other²), of `factor` for other: the reciprocal first, as PyTorch's atan2_backward. */
function throughAngle(factor: 'other' | 'minus self'): Vjp<None> {
  return (c) =>
    throughBroadcast(c, (full) => {
      const { kernels, gradient, saved } = c;
      const [y, x] = saved;
      const square = c.temporary(gradient.shape);
      return sequence(
        kernels.binary('multiply', square, y, y),
        kernels.binary('multiply', full, x, x),
        kernels.binary('add', square, square, full),
        kernels.unary('reciprocal', square, square),
        factor === 'other' ? kernels.unary('copy', full, x) : kernels.unary('negate', full, y),
        kernels.binary('multiply', full, gradient, full),
        kernels.binary('multiply', full, full, square),
      );
    });
}

/** grad * (own / result). */
const throughHypotenuse =
  (input: 0 | 1): Vjp<None> =>
  (c) =>
    throughBroadcast(c, (full) =>
      sequence(
        c.kernels.binary('divide', full, c.saved[input], c.saved[2]),
        c.kernels.binary('multiply', full, c.gradient, full),
      ),
    );

/** grad / (1 + exp(other - own)). */
const throughLogOfSum =
  (input: 0 | 1): Vjp<None> =>
  (c) =>
    throughBroadcast(c, (full) =>
      sequence(
        c.kernels.binary('subtract', full, c.saved[1 - input], c.saved[input]),
        c.kernels.unary('exp', full, full),
        c.kernels.scalar('add', full, full, 1),
        c.kernels.binary('divide', full, c.gradient, full),
      ),
    );

/** -grad * the whole quotient, rounded down or towards 0: what passes back to a divisor of which the rest is taken. */
const throughQuotient =
  (rounding: 'floor' | 'trunc'): Vjp<None> =>
  (c) =>
    throughBroadcast(c, (full) => {
      const { kernels, gradient, saved } = c;
      const quotient =
        rounding === 'floor'
          ? kernels.binary('floorDivide', full, saved[0], saved[1])
          : sequence(kernels.binary('divide', full, saved[0], saved[1]), kernels.unary('trunc', full, full));
      return sequence(quotient, kernels.binary('multiply', full, gradient, full), kernels.unary('negate', full, full));
    });

/** Quotients and rests of whole numbers, powers, and other functions of two numbers. */
export const functionOfTwoOps = {
  /** The quotient's floor. No gradient passes, as in PyTorch. */
  floorDivide: binaryOp('floorDivide', 'inputs', [null, null]),
  /** With the divisor's sign. self: grad; other: -grad * self.div(other, rounding_mode="floor") */
  remainder: binaryOp('remainder', 'inputs', [passOn, throughQuotient('floor')]),
  /** With the dividend's sign. self: grad; other: -grad * self.div(other, rounding_mode="trunc") */
  fmod: binaryOp('fmod', 'inputs', [passOn, throughQuotient('trunc')]),
  // self: grad * other * recip; other: grad * -self * recip, where recip = (self * self + other * other).reciprocal()
  atan2: binaryOp('atan2', 'inputs', [throughAngle('other'), throughAngle('minus self')]),
  // self: grad * (self / result); other: grad * (other / result)
  hypot: binaryOp('hypot', 'inputs and result', [throughHypotenuse(0), throughHypotenuse(1)]),
  // self: grad / (1 + exp(other - self)); other: grad / (1 + exp(self - other))
  logaddexp: binaryOp('logaddexp', 'inputs', [throughLogOfSum(0), throughLogOfSum(1)]),
  xlogy: binaryOp('xlogy', 'inputs', [
    // xlogy(grad, other).masked_fill(self == 0 and other <= 0, 0)
    (c) =>
      throughBroadcast(c, (full) => {
        const { kernels, gradient, saved } = c;
        const [x, y] = saved;
        const [zero, fill] = constant(c, 0);
        const isOutside = c.temporary(gradient.shape);
        const isZero = c.temporary(x.shape);
        return sequence(
          fill,
          kernels.binary('equal', isZero, x, zero),
          kernels.binary('lessEqual', isOutside, y, zero),
          kernels.binary('logicalAnd', isOutside, isOutside, isZero),
          kernels.binary('xlogy', full, gradient, y),
          kernels.where(full, isOutside, zero, full),
        );
      }),
    // grad * self / other
    (c) =>
      throughBroadcast(c, (full) =>
        sequence(
          c.kernels.binary('multiply', full, c.gradient, c.saved[0]),
          c.kernels.binary('divide', full, full, c.saved[1]),
        ),
      ),
  ]),
  /** A tensor to the power of a tensor. */
  powerTensor: defineOp(noAttributes, {
    shape: ([base, exponent]) => broadcastShapes('powerTensor', base, exponent),
    saved: ({ inputs, output }) => [...inputs, output],
    forward: ({ kernels, output, inputs: [base, exponent] }) => kernels.binary('power', output, base, exponent),
    vjps: [
      // where(exponent == 0, 0, grad * (exponent * self.pow(exponent - 1)))
      (c) =>
        throughBroadcast(c, (full) => {
          const { kernels, gradient, saved } = c;
          const [base, exponent] = saved;
          const [zero, fill] = constant(c, 0);
          const less = c.temporary(exponent.shape);
          return sequence(
            fill,
            kernels.scalar('add', less, exponent, -1),
            kernels.binary('power', full, base, less),
            kernels.binary('multiply', full, exponent, full),
            kernels.binary('multiply', full, gradient, full),
            kernels.where(full, exponent, full, zero),
          );
        }),
      // grad * where(self == 0 and exponent >= 0, 0, result * self.log())
      (c) =>
        throughBroadcast(c, (full) => {
          const { kernels, gradient, saved } = c;
          const [base, exponent, result] = saved;
          const [zero, fill] = constant(c, 0);
          const isFlat = c.temporary(gradient.shape);
          const ofBase = c.temporary(base.shape);
          return sequence(
            fill,
            kernels.binary('equal', ofBase, base, zero),
            kernels.binary('greaterEqual', isFlat, exponent, zero),
            kernels.binary('logicalAnd', isFlat, isFlat, ofBase),
            kernels.unary('log', ofBase, base),
            kernels.binary('multiply', full, result, ofBase),
            kernels.where(full, isFlat, zero, full),
            kernels.binary('multiply', full, gradient, full),
          );
        }),
    ],
  }),
  /** The number to the power of a tensor. */
  powerOfScalar: defineOp(scalarAttributes, {
    shape: ([exponent]) => exponent,
    saved: ({ inputs: [exponent], output }) => [exponent, output],
    forward: ({ kernels, output, inputs: [exponent], attributes }) =>
      kernels.scalar('powerOf', output, exponent, attributes.scalar),
    // grad * (result * base.log()), and where base == 0 and exponent >= 0 grad * 0
    vjps: [
      (c) => {
        const { kernels, target, gradient, saved, attributes } = c;
        const [exponent, result] = saved;
        const [zero, fill] = constant(c, 0);
        const isFlat = c.temporary(exponent.shape);
        const whereFlat = sequence(
          fill,
          kernels.binary('greaterEqual', isFlat, exponent, zero),
          kernels.where(target, isFlat, zero, target),
        );
        return sequence(
          kernels.scalar('multiply', target, result, Math.log(attributes.scalar)),
          attributes.scalar === 0 ? whereFlat : nothing,
          kernels.binary('multiply', target, gradient, target),
        );
      },
    ],
  }),
};
