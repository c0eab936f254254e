import * as v from 'valibot';
import { sequence } from '../kernels/kernels';
import { ShapeError } from '../tensor/shape';
import { requireSameShape, type Tensor } from '../tensor/tensor';
import { type AttributesOf, finite } from './attributes';
import { defineOp, type ForwardContext, type VjpContext } from './op';
import { readsBroadcast } from './reads';

const dropoutAttributes = v.strictObject({
  /** How likely an element is left out, from 0 to 1. */
  p: finite,
  /** Otherwise the output is the input, and there is no mask. */
  training: v.boolean(),
});
type DropoutAttributes = AttributesOf<typeof dropoutAttributes>;

/** What depends on chance. What was drawn is an input, so that a computation can be repeated. */
export const randomOps = {
  /** x, mask: 1 where an element stays, 0 where not, as `TorchGenerator.dropoutMask` draws it. */
  dropout: defineOp(dropoutAttributes, {
    shape: ([x, mask], { p, training }) => {
      if (!(p >= 0 && p <= 1)) throw new ShapeError(`dropout: p is ${p}, not a probability from 0 to 1.`);
      if (training !== (mask !== undefined)) {
        throw new ShapeError(`dropout: ${training ? 'training needs a mask' : 'evaluation takes no mask'}.`);
      }
      if (mask !== undefined) requireSameShape('dropout', mask, x);
      return x;
    },
    saved: ({ inputs: [, mask] }) => (mask === undefined ? [] : [mask]),
    forward: (c) => scaleKept(c, c.output, c.inputs[0]),
    // grad * noise
    vjps: [(c) => scaleKept(c, c.target, c.gradient), null],
    reads: readsBroadcast,
  }),
};

/** x · (mask / (1 − p)), as PyTorch's dropout: noise.bernoulli_(1 - p).div_(1 - p). */
function scaleKept(
  {
    kernels,
    attributes: { p },
    saved: [mask],
    temporary,
  }: ForwardContext<DropoutAttributes> | VjpContext<DropoutAttributes>,
  out: Tensor,
  x: Tensor,
) {
  if (mask === undefined) return kernels.unary('copy', out, x);
  // Nothing is left: 0 / 0 must not come of it.
  if (p === 1) return kernels.scalar('multiply', out, x, 0);
  const noise = temporary(out.shape);
  return sequence(kernels.scalar('divide', noise, mask, 1 - p), kernels.binary('multiply', out, x, noise));
}
