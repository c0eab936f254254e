import { unravelIndex } from '../tensor/shape';
import { defineOp, type None, passOn, type ScalarAttributes, type ShapeAttributes } from './op';
import { ravelIndex, readsNothing } from './reads';
import { requireMatrix } from './shapes';

/** The same numbers, seen or laid out otherwise; and those of attributes alone. */
export const shapeOps = {
  clone: defineOp<None>({
    shape: ([x]) => x,
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('copy', output, x),
    vjps: [passOn],
  }),
  expand: defineOp<ShapeAttributes>({
    shape: (_, { shape }) => shape,
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('copy', output, x),
    vjps: [passOn],
  }),
  view: defineOp<ShapeAttributes>({
    shape: (_, { shape }) => shape,
    alias: (x, { shape }) => x.view(shape),
    vjps: [(c) => c.kernels.unary('copy', c.target, c.gradient.view(c.target.shape))],
    reads: ({ inputs: [x], output }, index) => [[x, unravelIndex(ravelIndex(index, output.shape), x.shape)]],
  }),
  transpose: defineOp<None>({
    shape: ([x]) => requireMatrix('transpose', x) && [x[1], x[0]],
    alias: (x) => x.transpose(),
    vjps: [(c) => c.kernels.unary('copy', c.target, c.gradient.transpose())],
    reads: ({ inputs: [x] }, index) => [[x, index.toReversed()]],
  }),
  full: defineOp<ScalarAttributes & ShapeAttributes>({
    shape: (_, { shape }) => shape,
    forward: ({ kernels, output, attributes }) => kernels.fill(output, attributes.scalar),
    vjps: [],
    reads: readsNothing,
  }),
};
