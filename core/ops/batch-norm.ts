import * as v from 'valibot';
import { type Kernel, nothing, sequence } from '../kernels/kernels';
import { elementCount, formatShape, type Shape, ShapeError } from '../tensor/shape';
import { requireSameShape, type Tensor } from '../tensor/tensor';
import { type AttributesOf, finite, noAttributes } from './attributes';
import { normRoundings, perChannel, scaleAndShift, sumOfChannelProducts, sumOfChannels } from './channels';
import { addRest, ofUnsigned } from './magnitudes';
import {
  defineOp,
  type Element,
  type ForwardContext,
  passOn,
  type SavingContext,
  summing,
  type VjpContext,
} from './op';
import { readsAlong, readsNothing } from './reads';
import { requireColumns, requireMatrix } from './shapes';

const batchNormAttributes = v.strictObject({
  /** Added to the variance. */
  epsilon: finite,
});
type BatchNormAttributes = AttributesOf<typeof batchNormAttributes>;

/**
 * Norms of each channel over a batch. Training and evaluation are F.batch_norm's, of tensors of any number of dimensions;
 * weight and bias may be left out, the bias first. Unbiased is the lecture's, which takes mean and unbiased variance as inputs.
 */
export const batchNormOps = {
  /** x, weight, bias: by the mean and the biased variance of the batch. */
  batchNormTraining: defineOp(batchNormAttributes, {
    shape: ([x, ...others]) => {
      requireChannels('batchNormTraining', x, others);
      if (elementCount(x) === x[1]) {
        throw new ShapeError(
          `batchNormTraining: ${formatShape(x)} has one number a channel; a variance needs at least two.`,
        );
      }
      return x;
    },
    saved: (c) => savedOf(c, c.inputs[1]),
    forward: (c) => {
      const { kernels, output, inputs, saved, temporary } = c;
      const [x, weight, bias] = inputs;
      const [mean, variance] = [0, 1].map(() => temporary(saved[1].shape));
      return sequence(
        kernels.sum(mean, x),
        kernels.scalar('divide', mean, mean, x.elements / mean.elements),
        kernels.variance(variance, x, 0),
        normalise(c, mean, variance),
        scaleAndShift(c, output, perChannel(weight, x.shape), perChannel(bias, x.shape)),
      );
    },
    // batch_norm_backward: input: (grad - grad.mean() - (x - mean) * k) * invstd * weight, where
    // k = (grad * (x - mean)).sum() * invstd * invstd / N; weight: (grad * (x - mean)).sum() * invstd; bias: grad.sum()
    vjps: [
      ofUnsigned(({ kernels, target, gradient, isMagnitude, saved: [centred, inverse, weight], temporary }) => {
        const subtract = isMagnitude ? 'add' : 'subtract';
        const [mean, slope] = [0, 1].map(() => temporary(inverse.shape));
        const rest = temporary(gradient.shape);
        const count = gradient.elements / inverse.elements;
        return sequence(
          kernels.sum(mean, gradient),
          kernels.scalar('divide', mean, mean, count),
          kernels.sumOfProducts(slope, gradient, centred, rest),
          kernels.binary('multiply', slope, slope, inverse),
          kernels.binary('multiply', slope, slope, inverse),
          kernels.scalar('divide', slope, slope, count),
          kernels.binary('multiply', target, centred, slope),
          kernels.binary(subtract, rest, gradient, mean),
          kernels.binary(subtract, target, rest, target),
          kernels.binary('multiply', target, target, inverse),
          weight === undefined ? nothing : kernels.binary('multiply', target, target, weight),
        );
      }),
      ofUnsigned(passToWeight),
      sumOfChannels,
    ],
    roundings: normRoundings,
    reads: ({ inputs: [x, ...others] }, index) => {
      const dims = x.shape.flatMap((_, dim) => (dim === 1 ? [] : [dim]));
      return [...readsAlong(x, [index[1]], dims), ...others.map((other): Element => [other, [index[1]]])];
    },
  }),
  /** x, mean, variance, weight, bias: by the mean and variance given, to which no gradient passes. */
  batchNormEvaluation: defineOp(batchNormAttributes, {
    shape: ([x, mean, variance, ...others]) => {
      requireChannels('batchNormEvaluation', x, [mean, variance, ...others]);
      return x;
    },
    saved: (c) => savedOf(c, c.inputs[3]),
    forward: (c) => {
      const [, mean, variance, weight, bias] = c.inputs.map((one, index) =>
        index === 0 ? one : perChannel(one, c.output.shape),
      );
      return sequence(normalise(c, mean, variance), scaleAndShift(c, c.output, weight, bias));
    },
    // batch_norm_backward: input: grad * invstd * weight
    vjps: [
      ({ kernels, target, gradient, saved: [, inverse, weight] }) =>
        sequence(
          kernels.binary('multiply', target, gradient, inverse),
          weight === undefined ? nothing : kernels.binary('multiply', target, target, weight),
        ),
      null,
      null,
      ofUnsigned(passToWeight),
      sumOfChannels,
    ],
    reads: ({ inputs: [x, ...others] }, index) => [[x, index], ...others.map((other): Element => [other, [index[1]]])],
  }),
  /** A matrix, gamma, beta, and what it is normalised by: its own mean and unbiased variance, a number a column. */
  batchNormUnbiased: defineOp(batchNormAttributes, {
    shape: ([x, gamma, beta, mean, variance]) => {
      requireMatrix('batchNormUnbiased', x);
      for (const other of [gamma, beta, mean, variance]) requireColumns('batchNormUnbiased', other, x);
      return x;
    },
    saved: ({ inputs: [x, gamma], newTensor }) => [gamma, newTensor(x.shape), newTensor([1, x.shape[1]])],
    forward: ({
      kernels,
      output,
      inputs: [x, gamma, beta, mean, variance],
      saved: [, normalised, inverse],
      attributes,
    }) => kernels.batchNorm(output, { normalised, inverse }, x, { mean, variance, ...attributes }, gamma, beta),
    // native_batch_norm_backward, of the unbiased variance: what goes by way of mean and variance is in the gradient to x.
    vjps: [
      ofUnsigned(({ kernels, target, gradient, isMagnitude, saved: [gamma, normalised, inverse], temporary }) => {
        const whole = kernels.batchNormGradient(target, gradient, { normalised, inverse }, gamma);
        if (!isMagnitude) return whole;
        const first = temporary(gradient.shape);
        return sequence(
          whole,
          kernels.binary('multiply', first, gradient, inverse),
          kernels.binary('multiply', first, first, gamma),
          addRest(kernels, target, first),
        );
      }),
      ofUnsigned(({ kernels, target, gradient, saved: [, normalised], temporary }) =>
        kernels.sumOfProducts(target, gradient, normalised, temporary(gradient.shape)),
      ),
      passOn,
      null,
      null,
    ],
    roundings: ({ inputs: [x] }) => summing(Math.max(...x.shape)),
  }),
  /** The gradient of `batchNormUnbiased` to the matrix, in one formula; no gradient passes. */
  batchNormUnbiasedBackward: defineOp(noAttributes, {
    shape: ([gradient, normalised, gamma, inverse]) => {
      requireMatrix('batchNormUnbiasedBackward', gradient);
      requireSameShape('batchNormUnbiasedBackward', normalised, gradient);
      for (const other of [gamma, inverse]) requireColumns('batchNormUnbiasedBackward', other, gradient);
      return gradient;
    },
    forward: ({ kernels, output, inputs: [gradient, normalised, gamma, inverse] }) =>
      kernels.batchNormGradient(output, gradient, { normalised, inverse }, gamma),
    vjps: [null, null, null, null],
    reads: readsNothing,
  }),
};

function requireChannels(op: string, x: Shape, others: readonly Shape[]): void {
  if (x.length < 2) throw new ShapeError(`${op}: an input of shape ${formatShape(x)} has no dimension 1, of channels.`);
  for (const other of others) requireSameShape(op, other, [x[1]]);
}

/** x − mean, 1 / √(variance + ε) a channel, and the weight. */
function savedOf({ output, newTensor }: SavingContext<BatchNormAttributes>, weight: Tensor | undefined): Tensor[] {
  const { shape } = output;
  const saved = [newTensor(shape), newTensor([shape[1], ...shape.slice(2).map(() => 1)])];
  return weight === undefined ? saved : [...saved, perChannel(weight, shape)];
}

/** out = (x − mean) / √(variance + ε), with what is saved of it. */
function normalise(c: ForwardContext<BatchNormAttributes>, mean: Tensor, variance: Tensor): Kernel {
  const { kernels, output, inputs, attributes, temporary } = c;
  const [centred, inverse] = c.saved;
  const deviation = temporary(inverse.shape);
  return sequence(
    kernels.scalar('add', deviation, variance, attributes.epsilon),
    kernels.scalar('power', inverse, deviation, -0.5),
    kernels.unary('sqrt', deviation, deviation),
    kernels.binary('subtract', centred, inputs[0], mean),
    kernels.binary('divide', output, centred, deviation),
  );
}

/** The gradient to the weight, of what `savedOf` says. */
function passToWeight(c: VjpContext<BatchNormAttributes>): Kernel {
  const sum = perChannel(c.target, c.gradient.shape);
  return sequence(sumOfChannelProducts(c), c.kernels.binary('multiply', sum, sum, c.saved[1]));
}
