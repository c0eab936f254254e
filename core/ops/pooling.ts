import * as v from 'valibot';
import { sequence } from '../kernels/kernels';
import { elementCount, formatShape, type Shape, ShapeError, unravelIndex } from '../tensor/shape';
import { type AttributesOf, wholes } from './attributes';
import { defineOp, type Element, type Op, summing } from './op';
import { ravelIndex } from './reads';
import { asImages, inOrder, placesOf, requireImages, seenAt, windowAttributes, windowOf } from './windows';

const maxPoolAttributes = v.strictObject({
  ...windowAttributes.entries,
  /** Of the window; a number for every dimension of an image. */
  kernelSize: wholes,
});
type MaxPoolAttributes = AttributesOf<typeof maxPoolAttributes>;

const avgPoolAttributes = v.strictObject({
  ...v.omit(maxPoolAttributes, ['dilation']).entries,
  /** Whether a sum is over the window's size at the edges, too; else over how many numbers the window sees there. */
  countIncludePad: v.boolean(),
});
type AvgPoolAttributes = AttributesOf<typeof avgPoolAttributes>;

/** The largest, or the mean, of what a window sees at each of its places, for images with channels, with a batch or without. */
export const poolingOps = {
  maxPool1d: maxPool('maxPool1d', 1),
  maxPool2d: maxPool('maxPool2d', 2),
  avgPool1d: avgPool('avgPool1d', 1),
  avgPool2d: avgPool('avgPool2d', 2),
};

function pooledShape(op: string, x: Shape, dims: number, attributes: MaxPoolAttributes): Shape {
  const { kernelSize, padding } = attributes;
  requireImages(op, x, dims);
  const places = placesOf(op, x.slice(-dims), kernelSize, attributes);
  if (padding.some((width, dim) => width > kernelSize[dim] / 2)) {
    throw new ShapeError(
      `${op}: padding ${formatShape(padding)} must be at most half of the window, which is ${formatShape(kernelSize)}.`,
    );
  }
  return [...x.slice(0, -dims), ...places];
}

function maxPool(op: string, dims: 1 | 2): Op<MaxPoolAttributes> {
  return defineOp(maxPoolAttributes, {
    shape: ([x], attributes) => pooledShape(op, x, dims, attributes),
    // Where in its image each largest is.
    saved: ({ output, newIndices }) => [newIndices(output.shape)],
    forward: (c) => {
      const { copy, ordered } = inOrder(c, c.inputs[0]);
      const window = windowOf(c.attributes.kernelSize, c.attributes);
      const [out, indices, images] = [c.output, c.saved[0], ordered].map((x) => asImages(x, dims));
      return sequence(copy, c.kernels.maxPool(out, indices, images, window));
    },
    // max_pool2d_with_indices_backward: the gradient goes to the element that was selected
    vjps: [
      (c) => {
        const [target, gradient, indices] = [c.target, c.gradient, c.saved[0]].map((x) => asImages(x, dims));
        return c.kernels.maxPoolGradient(target, gradient, indices);
      },
    ],
    roundings: ({ attributes: { kernelSize } }) => summing(elementCount(kernelSize)),
    reads: ({ inputs: [x], saved: [indices] }, index) => {
      const at = indices.values()[ravelIndex(index, indices.shape)];
      return at < 0 ? [] : [[x, [...index.slice(0, -dims), ...unravelIndex(at, x.shape.slice(-dims))]]];
    },
  });
}

function avgPool(op: string, dims: 1 | 2): Op<AvgPoolAttributes> {
  const undilated = (attributes: AvgPoolAttributes): MaxPoolAttributes => ({
    ...attributes,
    dilation: attributes.kernelSize.map(() => 1),
  });
  return defineOp(avgPoolAttributes, {
    shape: ([x], attributes) => pooledShape(op, x, dims, undilated(attributes)),
    forward: (c) => {
      const { copy, ordered } = inOrder(c, c.inputs[0]);
      const window = windowOf(c.attributes.kernelSize, undilated(c.attributes));
      const [out, images] = [c.output, ordered].map((x) => asImages(x, dims));
      return sequence(copy, c.kernels.avgPool(out, images, window, c.attributes.countIncludePad));
    },
    // avg_pool2d_backward: grad / divide_factor at every element that was summed
    vjps: [
      (c) => {
        const window = windowOf(c.attributes.kernelSize, undilated(c.attributes));
        const [target, gradient] = [c.target, c.gradient].map((x) => asImages(x, dims));
        return c.kernels.avgPoolGradient(target, gradient, window, c.attributes.countIncludePad);
      },
    ],
    roundings: ({ attributes: { kernelSize } }) => summing(elementCount(kernelSize)),
    reads: ({ inputs: [x], attributes }, index) => {
      const { kernelSize } = attributes;
      return Array.from({ length: elementCount(kernelSize) }, (_, position) => {
        const at = unravelIndex(position, kernelSize);
        return seenAt(index.slice(-dims), at, x.shape.slice(-dims), undilated(attributes));
      }).flatMap((seen): Element[] => (seen === null ? [] : [[x, [...index.slice(0, -dims), ...seen]]]));
    },
  });
}
