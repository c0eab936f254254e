import * as v from 'valibot';
import { type Kernel, sequence } from '../kernels/kernels';
import { elementCount, type Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type AttributesOf, finite, type ReductionAttributes, reductionAttributes } from './attributes';
import { ofUnsigned } from './magnitudes';
import { defineOp, type Op, type Recorded, summing, type VjpContext } from './op';
import { readsReduced } from './reads';
import { keptShape, reducedShape } from './shapes';

const varianceAttributes = v.strictObject({
  ...reductionAttributes.entries,
  /** What is taken off the count: 1 for the unbiased variance. */
  correction: finite,
});
type VarianceAttributes = AttributesOf<typeof varianceAttributes>;

/** Sums, means, products and the like over some dimensions or all. */
export const reduceOps = {
  sum: defineOp(reductionAttributes, {
    shape: ([x], attributes) => reducedShape('sum', x, attributes),
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.sum(output.view(keptShape('sum', x.shape, attributes)), x),
    // grad.expand(sizes)
    vjps: [(c) => c.kernels.unary('copy', c.target, gradientKept(c))],
    reads: readsReduced,
  }),
  mean: defineOp(reductionAttributes, {
    shape: ([x], attributes) => reducedShape('mean', x, attributes),
    forward: ({ kernels, output, inputs: [x], attributes }) => {
      const kept = output.view(keptShape('mean', x.shape, attributes));
      return sequence(kernels.sum(kept, x), kernels.scalar('divide', kept, kept, countOf(x.shape, kept.shape)));
    },
    // grad.expand(sizes) / numel
    vjps: [
      (c) => {
        const kept = gradientKept(c);
        const share = c.temporary(kept.shape);
        return sequence(
          c.kernels.scalar('divide', share, kept, countOf(c.target.shape, kept.shape)),
          c.kernels.unary('copy', c.target, share),
        );
      },
    ],
    reads: readsReduced,
  }),
  variance: defineOp(varianceAttributes, {
    shape: ([x], attributes) => reducedShape('variance', x, attributes),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.variance(output.view(keptShape('variance', x.shape, attributes)), x, attributes.correction),
    vjps: [ofUnsigned((c) => varianceGradient(c, gradientKept(c)))],
    roundings: reducedRoundings,
    reads: readsReduced,
  }),
  standardDeviation: defineOp(varianceAttributes, {
    shape: ([x], attributes) => reducedShape('standardDeviation', x, attributes),
    saved: ({ inputs: [x], output }) => [x, output],
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      sequence(
        kernels.variance(output.view(keptShape('standardDeviation', x.shape, attributes)), x, attributes.correction),
        kernels.unary('sqrt', output, output),
      ),
    // std_backward: grad_var = (grad / (result * 2)).masked_fill_(result == 0, 0), then var_backward
    vjps: [
      ofUnsigned((c) => {
        const kept = gradientKept(c);
        const share = c.temporary(kept.shape);
        return sequence(
          c.kernels.scalar('multiply', share, c.saved[1].view(kept.shape), 2),
          c.kernels.divideOrZero(share, kept, share),
          varianceGradient(c, share),
        );
      }),
    ],
    roundings: reducedRoundings,
    reads: readsReduced,
  }),
  /** The product. */
  prod: defineOp(reductionAttributes, {
    shape: ([x], attributes) => reducedShape('prod', x, attributes),
    saved: ({ inputs: [x], output }) => [x, output],
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.reduce('product', output.view(keptShape('prod', x.shape, attributes)), x),
    // prod_backward: grad * (result / self), by way of the others' product where self has a 0
    vjps: [
      (c) => {
        const kept = gradientKept(c);
        return c.kernels.productGradient(c.target, kept, c.saved[0], c.saved[1].view(kept.shape));
      },
    ],
    roundings: reducedRoundings,
    reads: readsReduced,
  }),
  /** √Σ x², as torch.norm has it with p = 2. Other norms are made of abs, power, sum, amax and amin. */
  norm: defineOp(reductionAttributes, {
    shape: ([x], attributes) => reducedShape('norm', x, attributes),
    saved: ({ inputs: [x], output }) => [x, output],
    forward: ({ kernels, output, inputs: [x], attributes, temporary }) =>
      sequence(
        kernels.sumOfProducts(output.view(keptShape('norm', x.shape, attributes)), x, x, temporary(x.shape)),
        kernels.unary('sqrt', output, output),
      ),
    // norm_backward: grad * (self / norm).masked_fill_(norm == 0, 0)
    vjps: [
      (c) => {
        const kept = gradientKept(c);
        const [x, norm] = c.saved;
        return sequence(
          c.kernels.divideOrZero(c.target, x, norm.view(kept.shape)),
          c.kernels.binary('multiply', c.target, kept, c.target),
        );
      },
    ],
    roundings: reducedRoundings,
    reads: readsReduced,
  }),
  /** log Σ exp x, stable for large numbers. */
  logSumExp: defineOp(reductionAttributes, {
    shape: ([x], attributes) => reducedShape('logSumExp', x, attributes),
    saved: ({ inputs: [x], output }) => [x, output],
    forward: ({ kernels, output, inputs: [x], attributes, temporary }) => {
      const kept = output.view(keptShape('logSumExp', x.shape, attributes));
      if (x.elements === 0) return sequence(kernels.sum(kept, x), kernels.unary('log', kept, kept));
      const largest = temporary(kept.shape);
      const shifted = temporary(x.shape);
      return sequence(
        kernels.extreme('max', largest, null, x),
        // An infinite one would take itself away.
        kernels.infiniteToZero(largest, largest),
        kernels.binary('subtract', shifted, x, largest),
        kernels.unary('exp', shifted, shifted),
        kernels.sum(kept, shifted),
        kernels.unary('log', kept, kept),
        kernels.binary('add', kept, kept, largest),
      );
    },
    // logsumexp_backward: grad * (self - result).exp()
    vjps: [
      (c) => {
        const kept = gradientKept(c);
        const [x, result] = c.saved;
        return sequence(
          c.kernels.binary('subtract', c.target, x, result.view(kept.shape)),
          c.kernels.unary('exp', c.target, c.target),
          c.kernels.binary('multiply', c.target, kept, c.target),
        );
      },
    ],
    roundings: reducedRoundings,
    reads: readsReduced,
  }),
  all: truth('all'),
  any: truth('any'),
};

/** The result, or the mean, that the vjp reads is made of all the numbers that were reduced to one. */
function reducedRoundings({ inputs: [x], output }: Recorded<ReductionAttributes>): number {
  return summing(x.elements / Math.max(1, output.elements));
}

/** Whether all elements, or any, are other than 0. */
function truth(op: 'all' | 'any'): Op<ReductionAttributes> {
  return defineOp(reductionAttributes, {
    shape: ([x], attributes) => reducedShape(op, x, attributes),
    result: 'bool',
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.reduce(op, output.view(keptShape(op, x.shape, attributes)), x),
    vjps: [null],
    reads: readsReduced,
  });
}

/** The gradient with every reduced dimension kept as 1. */
function gradientKept(c: VjpContext<ReductionAttributes>): Tensor {
  return c.gradient.view(keptShape('reduction', c.target.shape, c.attributes));
}

/** How many elements are reduced to one. */
function countOf(shape: Shape, kept: Shape): number {
  return elementCount(shape.filter((size, dim) => size !== kept[dim]));
}

/** var_backward: (2 / (N - correction)) * grad * (self - self.mean(dim, true)) */
function varianceGradient(c: VjpContext<VarianceAttributes>, gradient: Tensor): Kernel {
  const [x] = c.saved;
  const kept = gradient.shape;
  const count = countOf(x.shape, kept);
  const mean = c.temporary(kept);
  const scaled = c.temporary(kept);
  return sequence(
    c.kernels.sum(mean, x),
    c.kernels.scalar('divide', mean, mean, count),
    c.kernels.binary(c.isMagnitude ? 'add' : 'subtract', c.target, x, mean),
    c.kernels.scalar('multiply', scaled, gradient, 2 / (count - c.attributes.correction)),
    c.kernels.binary('multiply', c.target, scaled, c.target),
  );
}
