import { elementCount, formatShape, ShapeError } from '../tensor/shape';
import { requireSameShape } from '../tensor/tensor';
import { defineOp, type None, type ShapeAttributes } from './op';
import { ravelIndex, readsNothing } from './reads';
import { requireMatrix, requireRows } from './shapes';

export interface PutAttributes extends ShapeAttributes {
  /** Whether rows put at the same place add up; else the last one stays. */
  readonly accumulate: boolean;
}

/** What is picked by whole numbers, and put where they say. */
export const indexingOps = {
  index: defineOp<None>({
    shape: ([table, indices]) => requireMatrix('index', table) && [...indices, table[1]],
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [table, indices] }) => kernels.gatherRows(output, table, indices),
    // index_backward: zeros.index_put_(indices, grad, accumulate=True)
    vjps: [(c) => c.kernels.putRows(c.target, c.gradient, c.saved[0], true), null],
    reads: ({ inputs: [table, indices] }, index) => {
      const at = index.slice(0, -1);
      const row = indices.values()[ravelIndex(at, indices.shape)];
      return [
        [indices, at],
        [table, [row, index[index.length - 1]]],
      ];
    },
  }),
  pick: defineOp<None>({
    shape: ([x, indices]) => requireMatrix('pick', x) && requireRows('pick', x, indices) && indices,
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [x, indices] }) => kernels.pick(output, x, indices),
    vjps: [(c) => c.kernels.scatterPick(c.target, c.gradient, c.saved[0]), null],
    reads: ({ inputs: [x, indices] }, index) => [
      [indices, index],
      [x, [index[0], indices.values()[index[0]]]],
    ],
  }),
  scatterPick: defineOp<ShapeAttributes>({
    shape: ([values, indices], { shape }) => {
      requireMatrix('scatterPick', shape);
      requireRows('scatterPick', shape, indices);
      if (elementCount(values) !== shape[0]) {
        throw new ShapeError(
          `scatterPick: values of shape ${formatShape(values)} are not one a row of ${formatShape(shape)}.`,
        );
      }
      return shape;
    },
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [values, indices] }) => kernels.scatterPick(output, values, indices),
    vjps: [(c) => c.kernels.pick(c.target, c.gradient, c.saved[0]), null],
    reads: readsNothing,
  }),
  putRows: defineOp<PutAttributes>({
    shape: ([x, indices], { shape }) => {
      requireMatrix('putRows', shape);
      requireSameShape('putRows', x, [...indices, shape[1]]);
      return shape;
    },
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [x, indices], attributes }) =>
      kernels.putRows(output, x, indices, attributes.accumulate),
    vjps: [
      (c) => {
        if (!c.attributes.accumulate) throw new Error('putRows: without accumulate it has no gradient here.');
        return c.kernels.gatherRows(c.target, c.gradient, c.saved[0]);
      },
      null,
    ],
    reads: readsNothing,
  }),
};
