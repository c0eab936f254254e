import * as v from 'valibot';
import { sequence } from '../kernels/kernels';
import { type IndexItem, type Selection, select } from '../tensor/selection';
import { formatShape, ShapeError } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { indexAttributes, whole } from './attributes';
import { defineOp, formulaRoundings, summing } from './op';
import {
  readsPut,
  readsSelected,
  selectedShape,
  timesSelected,
  withoutLeadingOnes,
  withoutStrides,
  zeroed,
} from './selected';
import { requireMatrix } from './shapes';
import { intoView, readsView } from './views';

const indexPutAttributes = v.strictObject({
  ...indexAttributes.entries,
  /** Whether values put at the same place add up, in order, with what is there; else the last one stays. */
  accumulate: v.boolean(),
});

const embeddingAttributes = v.strictObject({
  /** A row that no gradient reaches, counted from the end where negative; null for none. */
  paddingIndex: v.nullable(whole),
});

/** What an index selects, and what is put there. */
export const indexingOps = {
  /**
   * `x[…]`, of x and of one tensor of positions for each item that is one. Without positions it is a view: so `select`,
   * `narrow`, `split` and `chunk` are this op with a position or a slice of their dimension, one use for each part, and
   * `index_select` is it with one tensor. What truth values select has a shape that depends on them, which no plan can have:
   * where the numbers are at hand, their positions are found first (`trueElements` in core/tensor).
   */
  index: defineOp(indexAttributes, {
    shape: ([x, ...tensors], { index }) => selectedShape('index', x, index, tensors),
    alias: (x, { index }) => (index.some(isPicked) ? null : select(x, index, []).base),
    saved: ({ inputs: [, ...tensors] }) => tensors,
    forward: ({ kernels, output, inputs: [x, ...tensors], attributes: { index } }) =>
      kernels.gather(output, select(x, index, tensors)),
    // index_backward: zeros.index_put_(indices, grad, accumulate=True); select_backward, slice_backward: zeros, grad into them
    vjps: [
      (c) => {
        const selection = select(c.target, c.attributes.index, c.saved);
        if (selection.isView) return intoView(c, selection.base);
        return sequence(c.kernels.fill(c.target, 0), c.kernels.scatter(selection, c.gradient, true));
      },
    ],
    roundings: (use) => formulaRoundings + timesSelected(use),
    reads: (use, at) => {
      const [x, ...tensors] = use.inputs;
      const { index } = use.attributes;
      const selection = select(withoutStrides(x), index, tensors.map(withoutStrides));
      return selection.isView ? readsView(use, selection.base, at) : readsSelected(x, selection, tensors, at);
    },
  }),
  /** `x` with values put where an index says: `x.index_put(indices, values, accumulate)`, and with slices, too. */
  indexPut: defineOp(indexPutAttributes, {
    shape: ([x, values, ...tensors], { index }) => {
      const shape = selectedShape('indexPut', x, index, tensors);
      const own = withoutLeadingOnes(values, shape.length);
      const lead = shape.length - own.length;
      if (lead < 0 || own.some((size, dim) => size !== 1 && size !== shape[dim + lead])) {
        throw new ShapeError(
          `indexPut: values of shape ${formatShape(values)} do not broadcast to the ${formatShape(shape)} that the index selects.`,
        );
      }
      return x;
    },
    saved: ({ inputs: [, , ...tensors] }) => tensors,
    forward: ({ kernels, output, inputs: [x, values, ...tensors], attributes: { index, accumulate } }) => {
      const selection = select(output, index, tensors);
      const { shape } = selection.base;
      const own = values.view(withoutLeadingOnes(values.shape, shape.length));
      return sequence(kernels.unary('copy', output, x), kernels.scatter(selection, own.expand(shape), accumulate));
    },
    vjps: [
      // self: accumulate ? grad : grad.index_put(indices, zeros_like(values), false)
      (c) => {
        const copy = c.kernels.unary('copy', c.target, c.gradient);
        return c.attributes.accumulate
          ? copy
          : sequence(copy, zeroed(c, select(c.target, c.attributes.index, c.saved)));
      },
      // values: grad.index(indices)
      (c) => {
        const selection = select(c.gradient, c.attributes.index, c.saved);
        const { shape } = selection.base;
        if (c.target.elements === selection.base.elements) return c.kernels.gather(c.target.view(shape), selection);
        const full = c.temporary(shape);
        const own = c.target.view(withoutLeadingOnes(c.target.shape, shape.length));
        return sequence(c.kernels.gather(full, selection), c.kernels.sum(own, full));
      },
    ],
    // Values that were broadcast get what they were put into summed.
    roundings: ({ inputs: [x, values, ...tensors], attributes: { index } }, input) => {
      const selected = select(withoutStrides(x), index, tensors.map(withoutStrides)).base.elements;
      return summing(input === 0 ? 1 : selected / Math.max(1, values.elements));
    },
    reads: ({ inputs: [x, values, ...tensors], attributes: { index, accumulate } }, at) => {
      const selection = select(withoutStrides(x), index, tensors.map(withoutStrides));
      const own = withoutLeadingOnes(values.shape, selection.base.shape.length);
      return readsPut({ x, values, own, selection, tensors, accumulate }, at);
    },
  }),
  /** `F.embedding(indices, weight, padding_idx)`, of the weight and the indices: `weight[indices]` without negative ones. */
  embedding: defineOp(embeddingAttributes, {
    shape: ([weight, indices], { paddingIndex }) => {
      requireMatrix('embedding', weight);
      const [rows, width] = weight;
      if (paddingIndex !== null && (paddingIndex < -rows || paddingIndex >= rows)) {
        throw new ShapeError(
          `embedding: paddingIndex ${paddingIndex} must be a row of the table, which is ${formatShape(weight)}.`,
        );
      }
      return [...indices, width];
    },
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [weight, indices] }) => kernels.gather(output, rowsOf(weight, indices)),
    // embedding_dense_backward: zeros, then grad's rows added in order but for those at padding_idx
    vjps: [
      ({ kernels, target, gradient, saved: [indices], attributes: { paddingIndex } }) => {
        const added = [kernels.fill(target, 0), kernels.scatter(rowsOf(target, indices), gradient, true)];
        if (paddingIndex === null) return sequence(...added);
        const row = select(target, [{ kind: 'position', position: paddingIndex }], []).base;
        return sequence(...added, kernels.fill(row, 0));
      },
    ],
    roundings: ({ inputs: [, indices] }) => summing(indices.elements),
    reads: ({ inputs: [weight, indices] }, at) =>
      readsSelected(weight, rowsOf(withoutStrides(weight), withoutStrides(indices)), [indices], at),
  }),
};

const isPicked = ({ kind }: IndexItem) => kind === 'range' || kind === 'tensor';

function rowsOf(weight: Tensor, indices: Tensor): Selection {
  const selection = select(weight, [{ kind: 'tensor', tensor: 0 }], [indices]);
  return { ...selection, places: selection.places.map((place) => ({ ...place, wraps: false })) };
}
