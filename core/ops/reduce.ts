import { type Kernel, sequence } from '../kernels/kernels';
import { elementCount } from '../tensor/shape';
import { defineOp, type None, type Recorded, type VjpContext } from './op';
import { readsAlong, readsNothing } from './reads';
import { keptShape, type ReductionAttributes, reducedDims, reducedShape, requireMatrix } from './shapes';

export interface VarianceAttributes extends ReductionAttributes {
  /** What is taken off the count: 1 for the unbiased variance. */
  readonly correction: number;
}

/** Reductions over some dimensions or all. */
export const reduceOps = {
  sum: defineOp<ReductionAttributes>({
    shape: ([x], attributes) => reducedShape('sum', x, attributes),
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.sum(output.view(keptShape('sum', x.shape, attributes)), x),
    vjps: [spreadOut],
    reads: readsReduced,
  }),
  mean: defineOp<ReductionAttributes>({
    shape: ([x], attributes) => reducedShape('mean', x, attributes),
    forward: ({ kernels, output, inputs: [x], attributes }) => {
      const kept = output.view(keptShape('mean', x.shape, attributes));
      return sequence(kernels.sum(kept, x), kernels.scalar('divide', kept, kept, x.elements / kept.elements));
    },
    // grad.expand(sizes) / numel
    vjps: [
      (c) => {
        const kept = c.gradient.view(keptShape('mean', c.target.shape, c.attributes));
        const share = c.temporary(kept.shape);
        return sequence(
          c.kernels.scalar('divide', share, kept, c.target.elements / kept.elements),
          c.kernels.unary('copy', c.target, share),
        );
      },
    ],
    reads: readsReduced,
  }),
  variance: defineOp<VarianceAttributes>({
    shape: ([x], attributes) => reducedShape('variance', x, attributes),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.variance(output.view(keptShape('variance', x.shape, attributes)), x, attributes.correction),
    // var_backward: (2 / (N - correction)) * grad * (self - self.mean(dim, true))
    vjps: [
      (c) => {
        const [x] = c.saved;
        const kept = keptShape('variance', x.shape, c.attributes);
        const count = x.elements / elementCount(kept);
        const mean = c.temporary(kept);
        const scaled = c.temporary(kept);
        return sequence(
          c.kernels.sum(mean, x),
          c.kernels.scalar('divide', mean, mean, count),
          c.kernels.binary('subtract', c.target, x, mean),
          c.kernels.scalar('multiply', scaled, c.gradient.view(kept), 2 / (count - c.attributes.correction)),
          c.kernels.binary('multiply', c.target, scaled, c.target),
        );
      },
    ],
    reads: readsReduced,
  }),
  rowMaximum: defineOp<None>({
    shape: ([x]) => requireMatrix('rowMaximum', x) && [x[0], 1],
    saved: ({ inputs: [x], newIndices }) => [newIndices([x.shape[0]])],
    forward: ({ kernels, output, inputs: [x], saved: [indices] }) =>
      sequence(kernels.rowArgmax(indices, x), kernels.pick(output, x, indices)),
    // value_selecting_reduction_backward: the gradient goes to the element that was selected
    vjps: [(c) => c.kernels.scatterPick(c.target, c.gradient, c.saved[0])],
    reads: ({ inputs: [x], saved: [columns] }, [row]) => [[x, [row, columns.values()[row]]]],
  }),
  rowArgmax: defineOp<None>({
    shape: ([x]) => requireMatrix('rowArgmax', x) && [x[0]],
    result: 'int64',
    forward: ({ kernels, output, inputs: [x] }) => kernels.rowArgmax(output, x),
    vjps: [null],
    reads: readsNothing,
  }),
};

/** The gradient of a sum: the reduced gradient at every element that was summed. */
function spreadOut(c: VjpContext<ReductionAttributes>): Kernel {
  const kept = c.gradient.view(keptShape('sum', c.target.shape, c.attributes));
  return c.kernels.unary('copy', c.target, kept);
}

/** The elements that are reduced to one. */
function readsReduced({ inputs: [x], attributes }: Recorded<ReductionAttributes>, index: readonly number[]) {
  const dims = reducedDims('reduction', x.shape, attributes);
  const kept = attributes.keepdim ? index.filter((_, dim) => !dims.includes(dim)) : index;
  return readsAlong(x, kept, dims);
}
