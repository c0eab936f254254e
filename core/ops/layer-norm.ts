import * as v from 'valibot';
import { type Kernel, nothing, sequence } from '../kernels/kernels';
import { elementCount, formatShape, type Shape, ShapeError, sameShape, unravelIndex } from '../tensor/shape';
import { requireSameShape, type Tensor } from '../tensor/tensor';
import { type AttributesOf, finite, whole, wholes } from './attributes';
import { normRoundings, perChannel, scaleAndShift, sumOfChannelProducts, sumOfChannels } from './channels';
import { addRest, ofUnsigned } from './magnitudes';
import { defineOp, type Element, type ForwardContext, type SavingContext, type VjpContext } from './op';
import { readsAlong } from './reads';
import { type MatrixSize, matrixOf } from './rows';

const layerNormAttributes = v.strictObject({
  /** The last dimensions, which are normalised together. */
  normalizedShape: wholes,
  /** Added to the variance. */
  epsilon: finite,
});
type LayerNormAttributes = AttributesOf<typeof layerNormAttributes>;

const groupNormAttributes = v.strictObject({
  /** Into how many groups the channels (dimension 1) fall. */
  groups: whole,
  /** Added to the variance. */
  epsilon: finite,
});
type GroupNormAttributes = AttributesOf<typeof groupNormAttributes>;

/**
 * Norms of each example by itself, by its own mean and biased variance: of x; of x and weight; or of x, weight and bias.
 */
export const layerNormOps = {
  layerNorm: defineOp(layerNormAttributes, {
    shape: ([x, ...others], { normalizedShape }) => {
      const dims = normalizedShape.length;
      if (dims === 0 || dims > x.length || !sameShape(x.slice(-dims), normalizedShape)) {
        throw new ShapeError(
          `layerNorm: normalizedShape ${formatShape(normalizedShape)} must be the last dimensions of the input, which is ${formatShape(x)}.`,
        );
      }
      for (const other of others) requireSameShape('layerNorm', other, normalizedShape);
      return x;
    },
    saved: (c) => savedOf(c, layerSize(c.output.shape, c.attributes), c.inputs[1]),
    forward: (c) => normalise(c, layerSize(c.output.shape, c.attributes), c.inputs[1], c.inputs[2]),
    vjps: [
      ofUnsigned((c) => passBack(c, layerSize(c.target.shape, c.attributes))),
      ofUnsigned(({ kernels, target, gradient, saved: [normalised], temporary, attributes }) => {
        const size = layerSize(gradient.shape, attributes);
        const sum = target.view([size[1]]);
        return kernels.sumOfProducts(sum, gradient.view(size), normalised.view(size), temporary(size));
      }),
      ({ kernels, target, gradient, attributes }) => {
        const size = layerSize(gradient.shape, attributes);
        return kernels.sum(target.view([size[1]]), gradient.view(size));
      },
    ],
    roundings: normRoundings,
    reads: ({ inputs: [x, ...others], attributes }, index) => {
      const split = x.shape.length - attributes.normalizedShape.length;
      const dims = attributes.normalizedShape.map((_, dim) => split + dim);
      return [
        ...readsAlong(x, index.slice(0, split), dims),
        ...others.map((other): Element => [other, index.slice(split)]),
      ];
    },
  }),
  groupNorm: defineOp(groupNormAttributes, {
    shape: ([x, ...others], { groups }) => {
      if (x.length < 2 || !Number.isInteger(groups) || groups < 1 || x[1] % groups !== 0) {
        throw new ShapeError(
          `groupNorm: dimension 1 of the input, which is ${formatShape(x)}, must fall into ${groups} groups of one size.`,
        );
      }
      for (const other of others) requireSameShape('groupNorm', other, [x[1]]);
      return x;
    },
    saved: (c) => savedOf(c, groupSize(c.output.shape, c.attributes), perChannel(c.inputs[1], c.output.shape)),
    forward: (c) => {
      const [weight, bias] = [c.inputs[1], c.inputs[2]].map((one) => perChannel(one, c.output.shape));
      return normalise(c, groupSize(c.output.shape, c.attributes), weight, bias);
    },
    vjps: [
      ofUnsigned((c) => passBack(c, groupSize(c.target.shape, c.attributes))),
      ofUnsigned(sumOfChannelProducts),
      sumOfChannels,
    ],
    roundings: normRoundings,
    reads: ({ inputs: [x, ...others], attributes: { groups } }, index) => {
      const size = x.shape[1] / groups;
      const first = index[1] - (index[1] % size);
      const spatial = x.shape.slice(2);
      const group = Array.from({ length: size * elementCount(spatial) }, (_, position): Element => {
        const [channel, ...place] = unravelIndex(position, [size, ...spatial]);
        return [x, [index[0], first + channel, ...place]];
      });
      return [...group, ...others.map((other): Element => [other, [index[1]]])];
    },
  }),
};

/** What is normalised together is a row. */
function layerSize(shape: Shape, { normalizedShape }: LayerNormAttributes): MatrixSize {
  return [elementCount(shape.slice(0, shape.length - normalizedShape.length)), elementCount(normalizedShape)];
}

function groupSize([examples, channels, ...spatial]: Shape, { groups }: GroupNormAttributes): MatrixSize {
  return [examples * groups, (channels / groups) * elementCount(spatial)];
}

/** x̂, 1 / √(variance + ε) of each row, and the weight. */
function savedOf<Attributes>(
  { output, newTensor }: SavingContext<Attributes>,
  [rows]: MatrixSize,
  weight: Tensor | undefined,
): Tensor[] {
  return weight === undefined ? [output, newTensor([rows])] : [newTensor(output.shape), newTensor([rows]), weight];
}

function normalise(
  c: ForwardContext<{ readonly epsilon: number }>,
  size: MatrixSize,
  weight: Tensor | undefined,
  bias: Tensor | undefined,
): Kernel {
  const [normalised, inverse] = c.saved;
  const { copy, matrix } = matrixOf(c, c.inputs[0], size);
  return sequence(
    copy,
    c.kernels.normaliseRows({ normalised: normalised.view(size), inverse }, matrix, c.attributes.epsilon),
    scaleAndShift(c, normalised, weight, bias),
  );
}

/**
 * native_layer_norm_backward, and native_group_norm_backward likewise, with grad_x_hat = grad * weight:
 * rstd / N * (N * grad_x_hat - grad_x_hat.sum() - x_hat * (grad_x_hat * x_hat).sum())
 */
function passBack<Attributes>(
  { kernels, target, gradient, isMagnitude, saved: [normalised, inverse, weight], temporary }: VjpContext<Attributes>,
  size: MatrixSize,
): Kernel {
  const scaled = weight === undefined ? gradient : temporary(gradient.shape);
  const [out, rows] = [target, scaled].map((x) => x.view(size));
  const whole = sequence(
    weight === undefined ? nothing : kernels.binary('multiply', scaled, gradient, weight),
    kernels.normaliseRowsGradient(out, rows, { normalised: normalised.view(size), inverse }),
  );
  if (!isMagnitude) return whole;
  const first = temporary(size);
  const times = kernels.binary('multiply', first, rows, inverse.view([size[0], 1]));
  return sequence(whole, times, addRest(kernels, out, first));
}
