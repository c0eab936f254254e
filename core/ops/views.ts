import * as v from 'valibot';
import { sequence } from '../kernels/kernels';
import { type Shape, unravelIndex } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { diagonal, inferShape, permute, squeeze, unsqueeze, withoutNumbers } from '../tensor/views';
import { dimAttributes, reductionAttributes, shapeAttributes, whole, wholes } from './attributes';
import { defineOp, type Op, passOn, type Recorded, type VjpContext } from './op';
import { ravelIndex } from './reads';

/** Two dimensions, counted from the end where negative. */
const transposeAttributes = v.strictObject({ dim0: whole, dim1: whole });

const permuteAttributes = v.strictObject({
  /** For each dimension of the output, which of the input's it is. */
  dims: wholes,
});

const squeezeAttributes = v.strictObject({
  /** The dimensions to leave out where they are 1; null for every dimension that is 1. */
  dim: reductionAttributes.entries.dim,
});

const diagonalAttributes = v.strictObject({
  /** 0 is the main diagonal, 1 the one above it. */
  offset: whole,
  dim1: whole,
  dim2: whole,
});

/** The same numbers, seen otherwise: outputs share the input's storage. */
export const viewOps = {
  /** Refuses, of a strided tensor, what only a copy can give; `reshape` copies then. */
  view: defineView(shapeAttributes, (x, { shape }) => x.view(inferShape('view', shape, x.elements))),
  /** One size may be −1, and follows from the others. */
  reshape: defineOp(shapeAttributes, {
    shape: ([x], { shape }) => inferShape('reshape', shape, withoutNumbers(x).elements),
    alias: (x, { shape }) => {
      const inferred = inferShape('reshape', shape, x.elements);
      return x.stridesAs(inferred) === null ? null : x.view(inferred);
    },
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('copy', output.view(x.shape), x),
    vjps: [(c) => c.kernels.unary('copy', c.target, c.gradient.view(c.target.shape))],
    reads: ({ inputs: [x], output }, index) => [[x, unravelIndex(ravelIndex(index, output.shape), x.shape)]],
  }),
  transpose: defineView(transposeAttributes, (x, { dim0, dim1 }) => x.transpose(dim0, dim1)),
  permute: defineView(permuteAttributes, (x, { dims }) => permute(x, dims)),
  squeeze: defineView(squeezeAttributes, (x, { dim }) => squeeze(x, typeof dim === 'number' ? [dim] : dim)),
  /** `dim` is which dimension of the output is the new one. */
  unsqueeze: defineView(dimAttributes, (x, { dim }) => unsqueeze(x, dim)),
  diagonal: defineView(diagonalAttributes, (x, { offset, dim1, dim2 }) => diagonal(x, offset, dim1, dim2)),
  /** A size of −1 is the input's. */
  expand: defineOp(shapeAttributes, {
    shape: ([x], { shape }) => withoutNumbers(x).expand(expandedShape(x, shape)).shape,
    alias: (x, { shape }) => x.expand(expandedShape(x.shape, shape)),
    vjps: [passOn],
  }),
};

function expandedShape(x: Shape, shape: Shape): Shape {
  return shape.map((size, dim) => (size === -1 ? (x[dim - shape.length + x.length] ?? size) : size));
}

/** An op whose output is a view of its input in which no element stands twice. */
function defineView<Attributes>(
  attributes: v.GenericSchema<unknown, Attributes>,
  see: (x: Tensor, attributes: Attributes) => Tensor,
): Op<Attributes> {
  return defineOp(attributes, {
    shape: ([x], attributes) => see(withoutNumbers(x), attributes).shape,
    alias: see,
    vjps: [(c) => intoView(c, see(c.target, c.attributes))],
    reads: (use, index) => readsView(use, see(withoutNumbers(use.inputs[0].shape), use.attributes), index),
  });
}

/** The gradient into a view of the target; 0 into what the view leaves out. */
export function intoView<Attributes>({ kernels, target, gradient }: VjpContext<Attributes>, view: Tensor) {
  const copy = kernels.unary('copy', view, gradient);
  return view.elements === target.elements ? copy : sequence(kernels.fill(target, 0), copy);
}

/** @param view As it would be of a contiguous tensor of the input's shape. */
export function readsView<Attributes>({ inputs: [x] }: Recorded<Attributes>, view: Tensor, index: readonly number[]) {
  const position = index.reduce((sum, at, dim) => sum + at * view.strides[dim], view.offset);
  return [[x, unravelIndex(position, x.shape)] as const];
}
