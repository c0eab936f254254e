import * as v from 'valibot';
import { type Kernel, nothing, sequence } from '../kernels/kernels';
import { type Shape, ShapeError, sameShape } from '../tensor/shape';
import { requireSameShape, type Tensor } from '../tensor/tensor';
import { type AttributesOf, finite } from './attributes';
import { classDim, classLossAttributes, keptShape, perClass, requireTargets, targetShape } from './class-targets';
import { addRest } from './magnitudes';
import { count, nllBackward, nllForward, reduceCounted, shareOf } from './nll';
import { defineOp, type Element, type ForwardContext, summing, type VjpContext } from './op';
import { readsAlong, readsWhole } from './reads';
import { alongDim } from './rows';

const crossEntropyAttributes = v.strictObject({
  ...classLossAttributes.entries,
  /** The part of each target that is spread over all classes alike, from 0 to 1. */
  labelSmoothing: finite,
});
type CrossEntropyAttributes = AttributesOf<typeof crossEntropyAttributes>;

type Forward = ForwardContext<CrossEntropyAttributes>;
type Backward = VjpContext<CrossEntropyAttributes>;

/** Whether targets are a probability for each class, rather than classes. */
const areProbabilities = (logits: Shape, target: Shape) => sameShape(logits, target);

/** Log-softmax and the loss of classes in one. */
export const crossEntropyOps = {
  /**
   * Logits, target, and a weight a class, which may be absent. Targets are classes, one for each place, or a probability for
   * each class, then of the shape of the logits and with nothing ignored.
   */
  crossEntropy: defineOp(crossEntropyAttributes, {
    shape: ([logits, target, weight], { reduction, labelSmoothing }) => {
      const each = targetShape('crossEntropy', logits);
      if (!areProbabilities(logits, target)) requireTargets('crossEntropy', logits, target, weight);
      else if (weight !== undefined) requireSameShape('crossEntropy: weight', weight, [logits[classDim(logits)]]);
      if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
        throw new ShapeError(`crossEntropy: labelSmoothing is ${labelSmoothing} and must be from 0 to 1.`);
      }
      return reduction === 'none' ? each : [];
    },
    // Log-probabilities, target, weights that counted and their sum, and the weight a class.
    saved: ({ inputs: [logits, target, weight], newTensor }) => {
      const each = targetShape('crossEntropy', logits.shape);
      const saved = [newTensor(logits.shape), target, newTensor(each), newTensor([])];
      return weight === undefined ? saved : [...saved, perClass(weight, logits.shape)];
    },
    forward: (c) => {
      const [logits, target] = c.inputs;
      const logs = alongDim(c, classDim(logits.shape), c.saved[0], [logits], c.kernels.logSoftmax);
      const isOfClasses = !areProbabilities(logits.shape, target.shape);
      return sequence(logs, isOfClasses ? ofClasses(c) : ofProbabilities(c));
    },
    vjps: [
      (c) => {
        const [logs, target] = c.saved;
        const gradient = c.temporary(logs.shape);
        const isOfClasses = !areProbabilities(logs.shape, target.shape);
        const { kernels, isMagnitude } = c;
        return sequence(
          isOfClasses ? classesBackward(c, gradient) : probabilitiesBackward(c, gradient, smoothed(c, target)),
          isMagnitude ? kernels.unary('abs', gradient, gradient) : nothing,
          alongDim(c, classDim(logs.shape), c.target, [gradient, logs], kernels.logSoftmaxGradient),
          isMagnitude ? addRest(kernels, c.target, gradient) : nothing,
        );
      },
      (c) => {
        const [logs, target] = c.saved;
        if (!areProbabilities(logs.shape, target.shape)) {
          throw new Error('crossEntropy: targets that are classes have no gradient.');
        }
        const { labelSmoothing } = c.attributes;
        return sequence(
          probabilitiesBackward(c, c.target, { kernel: nothing, probabilities: logs }),
          labelSmoothing === 0 ? nothing : c.kernels.scalar('multiply', c.target, c.target, 1 - labelSmoothing),
        );
      },
      null,
    ],
    roundings: ({ inputs: [logits] }) => summing(Math.max(...logits.shape)),
    reads: ({ inputs, attributes }, index) => {
      const [logits, target, weight] = inputs;
      if (attributes.reduction !== 'none') return inputs.flatMap((input) => readsWhole(input));
      const dims = [classDim(logits.shape)];
      const isOfClasses = !areProbabilities(logits.shape, target.shape);
      return [
        ...readsAlong(logits, index, dims),
        ...(isOfClasses ? [[target, index] satisfies Element] : readsAlong(target, index, dims)),
        ...(weight === undefined ? [] : readsWhole(weight)),
      ];
    },
  }),
};

/** cross_entropy_loss, and cross_entropy_loss_label_smoothing: (1 - s) * nll + s / classes * smooth. */
function ofClasses(c: Forward): Kernel {
  const { kernels, output, temporary, attributes } = c;
  const [logs, target, weights, total, weight] = c.saved;
  const counted = { target, weights, total };
  const counting = count(c, counted, logs, c.inputs[2]);
  const plain = nllForward(c, output, logs, counted);
  const { labelSmoothing, ignoreIndex } = attributes;
  if (labelSmoothing === 0) return sequence(counting, plain);
  // smooth: -(input * weight).sum(class_dim), 0 where ignored, reduced as the rest
  const kept = temporary(keptShape(logs.shape));
  const losses = kept.view(target.shape);
  const smooth = attributes.reduction === 'none' ? losses : temporary([]);
  return sequence(
    counting,
    plain,
    weight === undefined ? kernels.sum(kept, logs) : kernels.sumOfProducts(kept, logs, weight, temporary(logs.shape)),
    kernels.unary('negate', losses, losses),
    kernels.maskIgnored(losses, losses, target, ignoreIndex),
    reduceCounted(kernels, attributes, smooth, losses, total),
    kernels.scalar('multiply', output, output, 1 - labelSmoothing),
    kernels.scalar('multiply', smooth, smooth, labelSmoothing / logs.shape[classDim(logs.shape)]),
    kernels.binary('add', output, output, smooth),
  );
}

/** Writes the gradient to the log-probabilities. */
function classesBackward(c: Backward, out: Tensor): Kernel {
  const { kernels, gradient, temporary, attributes } = c;
  const [logs, target, weights, total, weight] = c.saved;
  const counted = { target, weights, total };
  const { labelSmoothing, ignoreIndex } = attributes;
  if (labelSmoothing === 0) return nllBackward(c, out, gradient, counted);
  const plain = temporary(gradient.shape);
  const smooth = temporary(gradient.shape);
  const { divide, share } = shareOf(c, smooth, total);
  const kept = temporary(keptShape(logs.shape));
  const places = kept.view(target.shape);
  const weighted = weight === undefined ? null : temporary(logs.shape);
  return sequence(
    kernels.scalar('multiply', plain, gradient, 1 - labelSmoothing),
    nllBackward(c, out, plain, counted),
    kernels.scalar('multiply', smooth, gradient, labelSmoothing / logs.shape[classDim(logs.shape)]),
    divide,
    kernels.maskIgnored(places, share, target, ignoreIndex),
    weight === undefined || weighted === null
      ? kernels.binary('subtract', out, out, kept)
      : sequence(kernels.binary('multiply', weighted, kept, weight), kernels.binary('subtract', out, out, weighted)),
  );
}

/** Targets as they count: target * (1 - s) + s / classes. */
function smoothed(c: Forward | Backward, target: Tensor): { readonly kernel: Kernel; readonly probabilities: Tensor } {
  const { labelSmoothing } = c.attributes;
  if (labelSmoothing === 0) return { kernel: nothing, probabilities: target };
  const probabilities = c.temporary(target.shape);
  const share = labelSmoothing / target.shape[classDim(target.shape)];
  return {
    kernel: sequence(
      c.kernels.scalar('multiply', probabilities, target, 1 - labelSmoothing),
      c.kernels.scalar('add', probabilities, probabilities, share),
    ),
    probabilities,
  };
}

/** cross_entropy_loss_prob_target: -(input * target * weight).sum(class_dim), its mean over all places. */
function ofProbabilities(c: Forward): Kernel {
  const { kernels, output, temporary, attributes } = c;
  const [logs, target, , , weight] = c.saved;
  const { kernel, probabilities } = smoothed(c, target);
  const terms = temporary(logs.shape);
  const kept = temporary(keptShape(logs.shape));
  const losses = attributes.reduction === 'none' ? output : kept;
  return sequence(
    kernel,
    kernels.binary('multiply', terms, logs, probabilities),
    weight === undefined ? nothing : kernels.binary('multiply', terms, terms, weight),
    kernels.sum(losses.view(kept.shape), terms),
    kernels.unary('negate', losses, losses),
    attributes.reduction === 'none' ? nothing : kernels.sum(output, losses),
    attributes.reduction === 'mean' ? kernels.scalar('divide', output, output, losses.elements) : nothing,
  );
}

/** Writes −gradient · weight · factor: the gradient to the log-probabilities, or to the probabilities. */
function probabilitiesBackward(
  { kernels, gradient, temporary, attributes, saved }: Backward,
  out: Tensor,
  { kernel, probabilities }: ReturnType<typeof smoothed>,
): Kernel {
  const weight = saved[4];
  const isEach = attributes.reduction === 'none';
  const kept = keptShape(out.shape);
  const share = temporary(isEach ? kept : []);
  const places = kept.reduce((product, size) => product * size, 1);
  const given = gradient.view(share.shape);
  return sequence(
    kernel,
    attributes.reduction === 'mean'
      ? kernels.scalar('divide', share, given, places)
      : kernels.unary('copy', share, given),
    kernels.unary('negate', share, share),
    weight === undefined
      ? kernels.binary('multiply', out, share, probabilities)
      : sequence(kernels.binary('multiply', out, share, weight), kernels.binary('multiply', out, out, probabilities)),
  );
}
