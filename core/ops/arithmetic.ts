import { nothing, sequence } from '../kernels/kernels';
import { broadcastShapes } from '../tensor/broadcasting';
import { noAttributes, scalarAttributes } from './attributes';
import { defineOp, passOn, throughBroadcast, timesOther } from './op';

/** Sums, differences, products, quotients and powers, of tensors and with a number. */
export const arithmeticOps = {
  add: defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes('add', a, b),
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('add', output, a, b),
    vjps: [passOn, passOn],
  }),
  subtract: defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes('subtract', a, b),
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('subtract', output, a, b),
    // other: -grad
    vjps: [passOn, (c) => sequence(passOn(c), c.kernels.unary('negate', c.target, c.target))],
  }),
  multiply: defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes('multiply', a, b),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('multiply', output, a, b),
    // self: grad * other; other: grad * self
    vjps: [(c) => timesOther(c, c.saved[1]), (c) => timesOther(c, c.saved[0])],
  }),
  divide: defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes('divide', a, b),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('divide', output, a, b),
    // self: grad / other; other: -grad * ((self / other) / other)
    vjps: [
      (c) => throughBroadcast(c, (full) => c.kernels.binary('divide', full, c.gradient, c.saved[1])),
      (c) => throughBroadcast(c, (full) => c.kernels.divisorGradient(full, c.gradient, c.saved[0], c.saved[1])),
    ],
  }),
  addScalar: defineOp(scalarAttributes, {
    shape: ([x]) => x,
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('add', output, x, attributes.scalar),
    vjps: [passOn],
  }),
  /** The number minus the tensor: torch.rsub. */
  subtractFromScalar: defineOp(scalarAttributes, {
    shape: ([x]) => x,
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.scalar('subtractFrom', output, x, attributes.scalar),
    // -grad
    vjps: [(c) => c.kernels.unary('negate', c.target, c.gradient)],
  }),
  multiplyScalar: defineOp(scalarAttributes, {
    shape: ([x]) => x,
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('multiply', output, x, attributes.scalar),
    vjps: [(c) => c.kernels.scalar('multiply', c.target, c.gradient, c.attributes.scalar)],
  }),
  divideScalar: defineOp(scalarAttributes, {
    shape: ([x]) => x,
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('divide', output, x, attributes.scalar),
    vjps: [(c) => c.kernels.scalar('divide', c.target, c.gradient, c.attributes.scalar)],
  }),
  power: defineOp(scalarAttributes, {
    shape: ([x]) => x,
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('power', output, x, attributes.scalar),
    // exponent == 0 ? zeros : grad * (exponent * self.pow(exponent - 1))
    vjps: [
      (c) => {
        const exponent = c.attributes.scalar;
        if (exponent === 0) return c.kernels.fill(c.target, 0);
        // x ** 1 is x.
        const isSquare = exponent === 2;
        return sequence(
          isSquare ? nothing : c.kernels.scalar('power', c.target, c.saved[0], exponent - 1),
          c.kernels.scalar('multiply', c.target, isSquare ? c.saved[0] : c.target, exponent),
          c.kernels.binary('multiply', c.target, c.gradient, c.target),
        );
      },
    ],
  }),
  negate: defineOp(noAttributes, {
    shape: ([x]) => x,
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('negate', output, x),
    vjps: [(c) => c.kernels.unary('negate', c.target, c.gradient)],
  }),
};
