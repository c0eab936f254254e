import * as v from 'valibot';
import { sequence } from '../kernels/kernels';
import { selectAlong } from '../tensor/selection';
import { formatShape, type Shape, ShapeError } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { narrow, unsqueeze } from '../tensor/views';
import { type DimAttributes, dimAttributes, whole } from './attributes';
import { defineOp, type Op, summing } from './op';
import { readsPut, readsSelected, withoutStrides, zeroed } from './selected';
import { dimensionIn } from './shapes';

const oneHotAttributes = v.strictObject({ classes: whole });

/** What indices along one dimension pick, and where they put: `dim` is whose positions the indices are. */
export const scatterOps = {
  /** `x.gather(dim, index)`: for each index the element that it names, its own place being kept in the other dimensions. */
  gather: defineOp(dimAttributes, {
    shape: ([x, index], { dim }) => requireAlong('gather', x, dim, index),
    saved: ({ inputs: [, index] }) => [index],
    forward: ({ kernels, output, inputs: [x, index], attributes }) =>
      kernels.gather(output, along(x, attributes, index)),
    // gather_backward: zeros.scatter_add_(dim, index, grad)
    vjps: [
      ({ kernels, target, gradient, saved: [index], attributes }) =>
        sequence(kernels.fill(target, 0), kernels.scatter(along(target, attributes, index), gradient, true)),
    ],
    roundings: ({ inputs: [, index] }) => summing(index.elements),
    reads: ({ inputs: [x, index], attributes }, at) =>
      readsSelected(x, along(withoutStrides(x), attributes, withoutStrides(index)), [index], at),
  }),
  /** `x.scatter(dim, index, source)`: the last one stays of what is put at the same place. */
  scatter: scattering('scatter', false),
  /** `x.scatter_add(dim, index, source)`: added one by one, in order. */
  scatterAdd: scattering('scatterAdd', true),
  /** `F.one_hot(indices, classes)`. */
  oneHot: defineOp(oneHotAttributes, {
    shape: ([indices], { classes }) => {
      if (classes > 0 && Number.isInteger(classes)) return [...indices, classes];
      throw new ShapeError(
        `oneHot: classes must be a whole number from 1 on, not ${classes}, for indices of shape ${formatShape(indices)}.`,
      );
    },
    result: 'int64',
    forward: ({ kernels, output, inputs: [indices], temporary }) => {
      const one = temporary([]);
      const selection = selectAlong(output, indices.shape.length, unsqueeze(indices, -1));
      return sequence(
        kernels.fill(output, 0),
        kernels.fill(one, 1),
        kernels.scatter(selection, one.expand(selection.base.shape), false),
      );
    },
    vjps: [null],
    reads: ({ inputs: [indices] }, at) => [[indices, at.slice(0, -1)]],
  }),
};

function along(x: Tensor, { dim }: DimAttributes, index: Tensor) {
  return selectAlong(x, dimensionIn('gather', dim, x.shape), index);
}

function scattering(op: string, accumulate: boolean): Op<DimAttributes> {
  return defineOp(dimAttributes, {
    shape: ([x, index, source], { dim }) => {
      requireAlong(op, x, dim, index);
      if (source.length !== index.length || index.some((size, at) => size > source[at])) {
        throw new ShapeError(
          `${op}: a source of shape ${formatShape(source)} has not a number for each index of ${formatShape(index)}.`,
        );
      }
      return x;
    },
    saved: ({ inputs: [, index] }) => [index],
    forward: ({ kernels, output, inputs: [x, index, source], attributes }) =>
      sequence(
        kernels.unary('copy', output, x),
        kernels.scatter(along(output, attributes, index), firstOf(source, index.shape), accumulate),
      ),
    vjps: [
      // scatter: self: grad.scatter(dim, index, 0); scatter_add: self: grad
      (c) => {
        const copy = c.kernels.unary('copy', c.target, c.gradient);
        return accumulate ? copy : sequence(copy, zeroed(c, along(c.target, c.attributes, c.saved[0])));
      },
      null,
      // src: grad.gather(dim, index); what has no index is not put anywhere
      ({ kernels, target, gradient, saved: [index], attributes }) => {
        const part = firstOf(target, index.shape);
        const gather = kernels.gather(part, along(gradient, attributes, index));
        return part.elements === target.elements ? gather : sequence(kernels.fill(target, 0), gather);
      },
    ],
    reads: ({ inputs: [x, index, source], attributes }, at) => {
      const selection = along(withoutStrides(x), attributes, withoutStrides(index));
      return readsPut({ x, values: source, own: index.shape, selection, tensors: [index], accumulate }, at);
    },
  });
}

/** The part of a tensor that is no larger than `shape` in any dimension. */
function firstOf(x: Tensor, shape: Shape): Tensor {
  return shape.reduce((part, size, dim) => narrow(part, dim, 0, size), x);
}

/** @throws ShapeError for indices of other dimensions than `x`, or of more of them than it has beside `dim`. */
function requireAlong(op: string, x: Shape, dim: number, index: Shape): Shape {
  const own = dimensionIn(op, dim, x);
  if (index.length === x.length && index.every((size, at) => at === own || size <= x[at])) return index;
  throw new ShapeError(
    `${op}: indices of shape ${formatShape(index)} do not fit ${formatShape(x)}: as many dimensions, and none but dim ${own} larger.`,
  );
}
