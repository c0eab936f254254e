import * as v from 'valibot';
import { type Activation, type Kernel, sequence } from '../kernels/kernels';
import { ShapeError } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { finite, noAttributes, number } from './attributes';
import { addRest } from './magnitudes';
import { defineOp, type OpDefinition, type VjpContext } from './op';

const clampAttributes = v.strictObject({
  /** Bounds, which pass themselves; null for none. */
  min: v.nullable(number),
  max: v.nullable(number),
});

/**
 * An activation, one pass forward and one back.
 * @param saves What its backward reads.
 * @param firstTerm Where the derivative is two terms that may cancel, plans the first, which has no sign, onto `out`.
 */
function activation<Attributes>(
  saves: 'input' | 'result',
  of: (attributes: Attributes) => Activation,
  firstTerm?: (context: VjpContext<Attributes>, out: Tensor) => Kernel,
): OpDefinition<Attributes> {
  return {
    shape: ([x]) => x,
    saved: ({ inputs, output }) => (saves === 'input' ? inputs : [output]),
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.activation(of(attributes), output, x),
    vjps: [
      (c) => {
        const { kernels, target, gradient, saved, isMagnitude } = c;
        const whole = kernels.activationGradient(of(c.attributes), target, gradient, saved[0]);
        if (!isMagnitude || firstTerm === undefined) return whole;
        const first = c.temporary(target.shape);
        return sequence(
          whole,
          firstTerm(c, first),
          kernels.binary('multiply', first, gradient, first),
          addRest(kernels, target, first),
        );
      },
    ],
  };
}

/** Φ(x): how likely a standard normal number is less. */
function normalProbability<Attributes>({ kernels, saved: [x] }: VjpContext<Attributes>, out: Tensor): Kernel {
  return sequence(
    kernels.scalar('multiply', out, x, -Math.SQRT1_2),
    kernels.unary('erfc', out, out),
    kernels.scalar('multiply', out, out, 0.5),
  );
}

/** Activations: what torch.nn.functional has of one number. */
export const activationOps = {
  // threshold_backward: result <= 0 ? 0 : grad
  relu: defineOp(
    noAttributes,
    activation('result', () => ({ kind: 'relu' })),
  ),
  // leaky_relu_backward: self > 0 ? grad : grad * negative_slope
  leakyRelu: defineOp(
    v.strictObject({ negativeSlope: finite }),
    activation('input', ({ negativeSlope }) => ({ kind: 'leakyRelu', first: negativeSlope })),
  ),
  // gelu_backward: grad * (cdf + self * pdf), or of the approximation by tanh
  gelu: defineOp(
    v.strictObject({ approximate: v.picklist(['none', 'tanh']) }),
    activation(
      'input',
      ({ approximate }) => ({ kind: approximate === 'tanh' ? 'geluTanh' : 'gelu' }),
      normalProbability,
    ),
  ),
  // sigmoid_backward: grad * (1 - result) * result
  sigmoid: defineOp(
    noAttributes,
    activation(
      'result',
      () => ({ kind: 'sigmoid' }),
      ({ kernels, saved: [result] }, out) => kernels.unary('copy', out, result),
    ),
  ),
  // silu_backward: grad * sigmoid(self) * (1 + self * (1 - sigmoid(self)))
  silu: defineOp(
    noAttributes,
    activation(
      'input',
      () => ({ kind: 'silu' }),
      ({ kernels, saved: [x] }, out) => kernels.activation({ kind: 'sigmoid' }, out, x),
    ),
  ),
  // softplus_backward: self * beta > threshold ? grad : grad * z / (z + 1), where z = exp(self * beta)
  softplus: defineOp(
    v.strictObject({ beta: finite, threshold: finite }),
    activation('input', ({ beta, threshold }) => ({ kind: 'softplus', first: beta, second: threshold })),
  ),
  // elu_backward: self > 0 ? grad : grad * alpha * exp(self)
  elu: defineOp(
    v.strictObject({ alpha: finite }),
    activation('input', ({ alpha }) => ({ kind: 'elu', first: alpha })),
  ),
  // clamp_backward: where(self >= min and self <= max, grad, 0)
  clamp: defineOp(clampAttributes, {
    ...activation('input', ({ min, max }) => ({
      kind: 'clamp',
      first: min ?? Number.NEGATIVE_INFINITY,
      second: max ?? Number.POSITIVE_INFINITY,
    })),
    shape: ([x], { min, max }) => {
      if (min === null && max === null) throw new ShapeError('clamp: give min, max or both, not neither.');
      return x;
    },
  }),
};
