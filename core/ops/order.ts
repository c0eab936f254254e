import * as v from 'valibot';
import type { CumulativeKind } from '../kernels/reductions';
import { broadcastShapes } from '../tensor/broadcasting';
import { formatShape, ShapeError, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { type DimAttributes, dimAttributes, finite } from './attributes';
import { ofUnsigned } from './magnitudes';
import { defineOp, type Op, summing, type Vjp } from './op';
import { ravelIndex, readsAlong } from './reads';
import { dimensionIn } from './shapes';

const orderAttributes = v.strictObject({ ...dimAttributes.entries, descending: v.boolean() });

const searchAttributes = v.strictObject({
  /** Whether a number belongs behind those that equal it; else before them. */
  right: v.boolean(),
});

/** A `Tolerance`. */
const toleranceAttributes = v.strictObject({ rtol: finite, atol: finite, equalNan: v.boolean() });

/** What goes along a dimension in order: running sums and products, the order of size, and where a number belongs in it. */
export const orderOps = {
  /** Running sums. */
  cumsum: cumulative('cumsum', 'sum', {
    saved: () => [],
    // cumsum_backward: grad.flip(dim).cumsum(dim).flip(dim)
    vjp: (c) => {
      const along = dimensionIn('cumsum', c.attributes.dim, c.target.shape);
      return c.kernels.cumulative('sum', flipped(c.target, along), flipped(c.gradient, along), along);
    },
  }),
  /** Running products. */
  cumprod: cumulative('cumprod', 'product', {
    saved: ({ inputs: [x], output }) => [x, output],
    vjp: ofUnsigned((c) => {
      const [x, result] = c.saved;
      const along = dimensionIn('cumprod', c.attributes.dim, x.shape);
      return c.kernels.cumulativeProductGradient(c.target, c.gradient, x, result, along);
    }),
  }),
  /**
   * The positions that sort along a dimension, equals in their order; not-a-number counts as the largest. Sorted values are
   * `gather` of them, the k largest the first k of these, and the median the one in the middle: so gradients go to what was
   * selected.
   */
  argsort: defineOp(orderAttributes, {
    shape: ([x], { dim }) => {
      dimensionIn('argsort', dim, x);
      return x;
    },
    result: 'int64',
    forward: ({ kernels, output, inputs: [x], attributes: { dim, descending } }) =>
      kernels.argsort(output, x, dimensionIn('argsort', dim, x.shape), descending),
    vjps: [null],
    reads: ({ inputs: [x], output, attributes: { dim } }, index) => {
      const at = output.values()[ravelIndex(index, output.shape)];
      const along = dimensionIn('argsort', dim, x.shape);
      return [[x, index.map((own, other) => (other === along ? at : own))]];
    },
  }),
  /** For each of the values (input 1), before which position of the ascending numbers (input 0) it belongs. */
  searchSorted: defineOp(searchAttributes, {
    shape: ([sorted, values]) => {
      const isOwnLine = sorted.length === values.length && sameShape(sorted.slice(0, -1), values.slice(0, -1));
      if (sorted.length === 0 || (sorted.length > 1 && !isOwnLine)) {
        throw new ShapeError(
          `searchSorted: ${formatShape(sorted)} is neither a vector nor a line for each line of ${formatShape(values)}.`,
        );
      }
      return values;
    },
    result: 'int64',
    forward: ({ kernels, output, inputs: [sorted, values], attributes }) =>
      values.shape.length === 0
        ? kernels.searchSorted(output.view([1]), sorted, values.expand([1]), attributes.right)
        : kernels.searchSorted(output, sorted, values, attributes.right),
    vjps: [null, null],
    reads: ({ inputs: [sorted, values] }, index) => [
      ...readsAlong(sorted, sorted.shape.length === 1 ? [] : index.slice(0, -1), [sorted.shape.length - 1]),
      [values, index],
    ],
  }),
  /** Whether two numbers are equal, or differ by no more than atol + rtol · |the second|, computed in float64. */
  isClose: defineOp(toleranceAttributes, {
    shape: ([a, b]) => broadcastShapes('isClose', a, b),
    result: 'bool',
    forward: ({ kernels, output, inputs: [a, b], attributes }) => kernels.isClose(output, a, b, attributes),
    vjps: [null, null],
  }),
};

function cumulative(
  op: 'cumsum' | 'cumprod',
  kind: CumulativeKind,
  { saved, vjp }: Pick<Required<Op<DimAttributes>>, 'saved'> & { readonly vjp: Vjp<DimAttributes> },
): Op<DimAttributes> {
  return defineOp(dimAttributes, {
    shape: ([x], { dim }) => {
      dimensionIn(op, dim, x);
      return x;
    },
    saved,
    forward: ({ kernels, output, inputs: [x], attributes: { dim } }) =>
      kernels.cumulative(kind, output, x, dimensionIn(op, dim, x.shape)),
    vjps: [vjp],
    roundings: ({ inputs: [x], attributes: { dim } }) => summing(x.shape[dimensionIn(op, dim, x.shape)] ?? 1),
    reads: ({ inputs: [x], attributes: { dim } }, index) => {
      const along = dimensionIn(op, dim, x.shape);
      if (x.shape.length === 0) return [[x, []]];
      return Array.from({ length: index[along] + 1 }, (_, at) => [x, index.with(along, at)] as const);
    },
  });
}

/** The tensor with its elements in the opposite order along a dimension. */
function flipped(x: Tensor, dim: number): Tensor {
  if (x.elements === 0 || x.shape.length === 0) return x;
  const strides = x.strides.with(dim, -x.strides[dim]);
  return new Tensor(x.storage, x.shape, strides, x.offset + (x.shape[dim] - 1) * x.strides[dim]);
}
