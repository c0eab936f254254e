import * as v from 'valibot';
import { nothing, sequence } from '../kernels/kernels';
import { elementCount, formatShape, type Shape, ShapeError, sameShape, unravelIndex } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { type AttributesOf, whole } from './attributes';
import { transposed } from './linear';
import { ofUnsigned } from './magnitudes';
import { defineOp, type Element, type Op, type Recorded } from './op';
import { asImages, imageOf, inOrder, placesOf, requireImages, seenAt, windowAttributes, windowOf } from './windows';

const convolutionAttributes = v.strictObject({
  ...windowAttributes.entries,
  /** In how many parts the channels are, each with a weight of its own. */
  groups: whole,
});
type ConvolutionAttributes = AttributesOf<typeof convolutionAttributes>;

/**
 * Convolutions of images with channels, (batch, channels, …) or one without batch, by a weight (out channels, channels of
 * a group, …), with or without a bias a channel: what the window sees at each place, unfolded to a column, and a product of
 * matrices. The columns are kept for the backward.
 */
export const convolutionOps = {
  conv1d: convolution('conv1d', 1),
  conv2d: convolution('conv2d', 2),
};

function convolution(op: string, dims: 1 | 2): Op<ConvolutionAttributes> {
  return defineOp(convolutionAttributes, {
    shape: ([x, weight, bias], attributes) => {
      requireImages(op, x, dims);
      const { groups } = attributes;
      const channels = x[x.length - dims - 1];
      const fits =
        Number.isInteger(groups) && groups >= 1 && weight[0] % groups === 0 && weight[1] * groups === channels;
      if (weight.length !== dims + 2 || !fits || (bias !== undefined && !sameShape(bias, weight.slice(0, 1)))) {
        throw new ShapeError(
          `${op}: x ${formatShape(x)}, weight ${formatShape(weight)}${bias === undefined ? '' : `, bias ${formatShape(bias)}`} and groups ${groups} do not fit: the weight must be (out channels, channels / groups, window), both channels divide by groups, and the bias be one number for each out channel.`,
        );
      }
      const places = placesOf(op, x.slice(-dims), weight.slice(2), attributes);
      return [...x.slice(0, -dims - 1), weight[0], ...places];
    },
    saved: ({ inputs: [x, weight], output, newTensor }) => {
      const images = elementCount(x.shape.slice(0, -dims));
      const size = weight.shape.slice(2);
      const columns = [images, ...imageOf(size, dims), ...imageOf(output.shape, dims)];
      return [newTensor(columns), weight];
    },
    forward: (c) => {
      const [x, weight, bias] = c.inputs;
      const [columns] = c.saved;
      const images = inOrder(c, x);
      const filters = inOrder(c, weight);
      const window = windowOf(weight.shape.slice(2), c.attributes);
      const { samples, groups, filter, element, place } = sizesOf(c.output.shape, weight.shape, c.attributes, dims);
      const channels = groups * filter;
      const added =
        bias === undefined
          ? []
          : Array.from({ length: samples }, (_, sample) => {
              const at = c.output.offset + sample * channels * place;
              const out = new Tensor(c.output.storage, [channels, place], [place, 1], at);
              return c.kernels.binary(
                'add',
                out,
                out,
                new Tensor(bias.storage, [channels, 1], [bias.strides[0], 0], bias.offset),
              );
            });
      return sequence(
        images.copy,
        filters.copy,
        c.kernels.unfold(columns, asImages(images.ordered, dims), window),
        c.kernels.matmul(
          c.output.view([samples, groups, filter, place]),
          filters.ordered.view([groups, filter, element]),
          columns.view([samples, groups, element, place]),
        ),
        ...added,
      );
    },
    // convolution_backward, as col2im(weight.t() @ grad), grad @ columns.t() summed over the batch, and grad summed
    vjps: [
      ofUnsigned((c) => {
        const [columns, weight] = c.saved;
        const filters = inOrder(c, weight);
        const { samples, groups, filter, element, place } = sizesOf(c.gradient.shape, weight.shape, c.attributes, dims);
        const passed = c.temporary(columns.shape);
        return sequence(
          filters.copy,
          c.kernels.matmul(
            passed.view([samples, groups, element, place]),
            transposed(filters.ordered.view([groups, filter, element])),
            c.gradient.view([samples, groups, filter, place]),
          ),
          c.kernels.fold(asImages(c.target, dims), passed, windowOf(weight.shape.slice(2), c.attributes)),
        );
      }),
      ofUnsigned((c) => {
        const { samples, groups, filter, element, place } = sizesOf(
          c.gradient.shape,
          c.target.shape,
          c.attributes,
          dims,
        );
        const products = samples === 1 ? c.target : c.temporary([samples, c.target.elements]);
        return sequence(
          c.kernels.matmul(
            products.view([samples, groups, filter, element]),
            c.gradient.view([samples, groups, filter, place]),
            transposed(c.saved[0].view([samples, groups, element, place])),
          ),
          samples === 1 ? nothing : c.kernels.sum(c.target.view([c.target.elements]), products),
        );
      }),
      (c) => {
        const channels = c.target.elements;
        const places = elementCount(c.gradient.shape.slice(-dims));
        const samples = elementCount(c.gradient.shape.slice(0, -dims - 1));
        return c.kernels.sum(c.target.view([channels, 1]), c.gradient.view([samples, channels, places]));
      },
    ],
    // Of an image every filter's every element, of the weight and the bias every place of every image.
    roundings: ({ inputs: [, { shape, elements }], output }, input) =>
      input === 0 ? elements / Math.max(1, shape[1]) : output.elements / Math.max(1, shape[0]),
    reads: (use, index) => readsWindow(use, index, dims),
  });
}

/** What the products are of: for each sample and group, filters of so many elements, at so many places. */
function sizesOf(output: Shape, weight: Shape, { groups }: ConvolutionAttributes, dims: number) {
  return {
    samples: elementCount(output.slice(0, -dims - 1)),
    groups,
    filter: weight[0] / groups,
    element: elementCount(weight.slice(1)),
    place: elementCount(output.slice(-dims)),
  };
}

/** What the window sees of the channels of one group, the filter, and the bias. */
function readsWindow(
  { inputs: [x, weight, bias], attributes }: Recorded<ConvolutionAttributes>,
  index: readonly number[],
  dims: number,
): Element[] {
  const batch = index.slice(0, -dims - 1);
  const [channel, ...place] = index.slice(-dims - 1);
  const [filters, channels] = weight.shape;
  const firstChannel = Math.floor(channel / (filters / attributes.groups)) * channels;
  const image = x.shape.slice(-dims);
  const elements = Array.from({ length: elementCount(weight.shape.slice(1)) }, (_, position) => {
    const [own, ...at] = unravelIndex(position, weight.shape.slice(1));
    const seen = seenAt(place, at, image, attributes);
    if (seen === null) return [];
    return [
      [x, [...batch, firstChannel + own, ...seen]],
      [weight, [channel, own, ...at]],
    ] satisfies Element[];
  });
  return [...elements.flat(), ...(bias === undefined ? [] : [[bias, [channel]] satisfies Element])];
}
