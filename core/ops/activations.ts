import * as v from 'valibot';
import type { Activation } from '../kernels/kernels';
import { ShapeError } from '../tensor/shape';
import { finite, noAttributes, number } from './attributes';
import { defineOp, type OpDefinition } from './op';

const clampAttributes = v.strictObject({
  /** Bounds, which pass themselves; null for none. */
  min: v.nullable(number),
  max: v.nullable(number),
});

/** An activation, one pass forward and one back. @param saves What its backward reads. */
function activation<Attributes>(
  saves: 'input' | 'result',
  of: (attributes: Attributes) => Activation,
): OpDefinition<Attributes> {
  return {
    shape: ([x]) => x,
    saved: ({ inputs, output }) => (saves === 'input' ? inputs : [output]),
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.activation(of(attributes), output, x),
    vjps: [(c) => c.kernels.activationGradient(of(c.attributes), c.target, c.gradient, c.saved[0])],
  };
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
    activation('input', ({ approximate }) => ({ kind: approximate === 'tanh' ? 'geluTanh' : 'gelu' })),
  ),
  // sigmoid_backward: grad * (1 - result) * result
  sigmoid: defineOp(
    noAttributes,
    activation('result', () => ({ kind: 'sigmoid' })),
  ),
  // silu_backward: grad * sigmoid(self) * (1 + self * (1 - sigmoid(self)))
  silu: defineOp(
    noAttributes,
    activation('input', () => ({ kind: 'silu' })),
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
