import * as v from 'valibot';
import { type Kernel, nothing, sequence } from '../kernels/kernels';
import type { LossKind } from '../kernels/losses';
import { broadcastShapes } from '../tensor/broadcasting';
import { elementCount, ShapeError } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type AttributesOf, finite } from './attributes';
import { constant } from './choice';
import { addRest } from './magnitudes';
import { defineOp, type ForwardContext, type Op, throughBroadcast, type VjpContext } from './op';
import { readsBroadcast, readsWhole } from './reads';

export const lossAttributes = v.strictObject({
  /** Of the elements' losses the mean, the sum, or each by itself. */
  reduction: v.picklist(['mean', 'sum', 'none']),
});
export type LossAttributes = AttributesOf<typeof lossAttributes>;

const smoothL1Attributes = v.strictObject({
  ...lossAttributes.entries,
  /** The distance from which on it is linear, above 0. */
  beta: finite,
});
type SmoothL1Attributes = AttributesOf<typeof smoothL1Attributes>;

/** A loss of an input and a target, element by element. */
interface ElementwiseLoss<Attributes> {
  readonly op: string;
  readonly attributes: v.GenericSchema<unknown, Attributes>;
  /** Refuses attributes. */
  readonly check?: (attributes: Attributes) => void;
  readonly forward: (context: ForwardContext<Attributes>, out: Tensor) => Kernel;
  /** Writes gradient · ∂loss/∂input into `out`, and gradient · ∂loss/∂target; `norm` is 1 / count for a mean, else 1. */
  readonly backward: readonly Backward<Attributes>[];
  /** Whether a mean divides the gradient before it is multiplied, or after, or `backward` does it by `norm`. */
  readonly divides: 'before' | 'after' | 'byNorm';
}

type Backward<Attributes> = (context: VjpContext<Attributes>, out: Tensor, gradient: Tensor, norm: number) => Kernel;

const mse: ElementwiseLoss<LossAttributes> = {
  op: 'mseLoss',
  attributes: lossAttributes,
  forward: ({ kernels, inputs: [input, target] }, out) =>
    sequence(kernels.binary('subtract', out, input, target), kernels.scalar('power', out, out, 2)),
  // mse_loss_backward: norm * (self - target) * grad, where norm is 2 or 2 / numel
  backward: [
    (c, ...rest) => mseGradient(c, c.saved[0], c.saved[1], ...rest),
    (c, ...rest) => mseGradient(c, c.saved[1], c.saved[0], ...rest),
  ],
  divides: 'byNorm',
};

function mseGradient(
  c: VjpContext<LossAttributes>,
  from: Tensor,
  to: Tensor,
  out: Tensor,
  gradient: Tensor,
  norm: number,
): Kernel {
  const { kernels, isMagnitude } = c;
  return sequence(
    isMagnitude ? sumOfMagnitudes(c, out, from, to) : kernels.binary('subtract', out, from, to),
    kernels.scalar('multiply', out, out, 2 * norm),
    kernels.binary('multiply', out, out, gradient),
  );
}

/** |a| + |b|: the terms of a difference. */
function sumOfMagnitudes({ kernels, temporary }: VjpContext<LossAttributes>, out: Tensor, a: Tensor, b: Tensor) {
  const [own, other] = [a, b].map((x) => temporary(x.shape));
  return sequence(kernels.unary('abs', own, a), kernels.unary('abs', other, b), kernels.binary('add', out, own, other));
}

/** The forward of a loss that has a kernel. */
const byKernel =
  <Attributes>(kind: LossKind, betaOf: (attributes: Attributes) => number): ElementwiseLoss<Attributes>['forward'] =>
  ({ kernels, inputs: [input, target], attributes }, out) =>
    kernels.loss(kind, out, input, target, betaOf(attributes));

const withoutBeta = () => 1;

/** Its gradient to input 0 or, where the loss is the same of both exchanged, to input 1. */
const gradientByKernel =
  <Attributes>(
    kind: LossKind,
    betaOf: (attributes: Attributes) => number,
    [from, to]: readonly [0, 1] | readonly [1, 0],
  ): Backward<Attributes> =>
  ({ kernels, saved, attributes }, out, gradient, norm) =>
    kernels.lossGradient(kind, out, gradient, saved[from], saved[to], { beta: betaOf(attributes), norm });

/** Its gradient to input 0, of a loss whose gradient is what it is of a target of 0, less a part that the target has in it. */
const gradientLessTarget =
  (kind: LossKind): Backward<LossAttributes> =>
  (c, out, gradient, norm) => {
    const { kernels, saved, isMagnitude, temporary } = c;
    const factors = { beta: 1, norm };
    const whole = kernels.lossGradient(kind, out, gradient, saved[0], saved[1], factors);
    if (!isMagnitude) return whole;
    const [zero, fill] = constant(c, 0);
    const first = temporary(out.shape);
    return sequence(
      whole,
      fill,
      kernels.lossGradient(kind, first, gradient, saved[0], zero, factors),
      addRest(kernels, out, first),
    );
  };

const l1: ElementwiseLoss<LossAttributes> = {
  op: 'l1Loss',
  attributes: lossAttributes,
  forward: byKernel('l1', withoutBeta),
  // (self - target).abs(): grad * sgn(self - target)
  backward: [gradientByKernel('l1', withoutBeta, [0, 1]), gradientByKernel('l1', withoutBeta, [1, 0])],
  divides: 'before',
};

const betaOf = ({ beta }: SmoothL1Attributes) => beta;

/** Where it is linear, (|self| + |target|) / beta is more than 1: one magnitude does for both parts. */
const smoothL1Gradient =
  (inputs: readonly [0, 1] | readonly [1, 0]): Backward<SmoothL1Attributes> =>
  (c, out, gradient, norm) => {
    const { kernels, saved, attributes } = c;
    if (!c.isMagnitude) return gradientByKernel('smoothL1', betaOf, inputs)(c, out, gradient, norm);
    return sequence(
      sumOfMagnitudes(c, out, saved[0], saved[1]),
      kernels.scalar('multiply', out, out, norm / attributes.beta),
      kernels.binary('multiply', out, out, gradient),
    );
  };

const smoothL1: ElementwiseLoss<SmoothL1Attributes> = {
  op: 'smoothL1Loss',
  attributes: smoothL1Attributes,
  check: ({ beta }) => {
    if (!(beta > 0)) throw new ShapeError(`smoothL1Loss: beta is ${beta} and must be above 0; l1Loss is that of 0.`);
  },
  forward: byKernel('smoothL1', betaOf),
  // smooth_l1_loss_backward: -norm * grad below -beta, norm * grad above beta, else norm * (self - target) * grad / beta
  backward: [smoothL1Gradient([0, 1]), smoothL1Gradient([1, 0])],
  divides: 'byNorm',
};

const binaryCrossEntropy: ElementwiseLoss<LossAttributes> = {
  op: 'binaryCrossEntropy',
  attributes: lossAttributes,
  forward: byKernel('binaryCrossEntropy', withoutBeta),
  backward: [
    // binary_cross_entropy_backward: grad * (self - target) / max((1 - self) * self, 1e-12)
    gradientLessTarget('binaryCrossEntropy'),
    // binary_cross_entropy_target_backward: grad * (log(1 - self) - log(self))
    ({ kernels, isMagnitude, saved: [input], temporary }, out, gradient) => {
      const [complement, logarithm] = [0, 1].map(() => temporary(input.shape));
      return sequence(
        kernels.scalar('subtractFrom', complement, input, 1),
        kernels.unary('log', complement, complement),
        kernels.unary('log', logarithm, input),
        // Neither logarithm is above 0: of magnitudes their sum.
        kernels.binary(isMagnitude ? 'add' : 'subtract', complement, complement, logarithm),
        kernels.binary('multiply', out, complement, gradient),
      );
    },
  ],
  divides: 'after',
};

const binaryCrossEntropyWithLogits: ElementwiseLoss<LossAttributes> = {
  op: 'binaryCrossEntropyWithLogits',
  attributes: lossAttributes,
  forward: byKernel('binaryCrossEntropyWithLogits', withoutBeta),
  backward: [
    // (sigmoid(self) - target) * grad
    gradientLessTarget('binaryCrossEntropyWithLogits'),
    // grad * -self
    ({ kernels, saved: [input] }, out, gradient) =>
      sequence(kernels.binary('multiply', out, gradient, input), kernels.unary('negate', out, out)),
  ],
  divides: 'after',
};

/** Losses of an input and a target, element by element, which broadcast to each other. */
export const lossOps = {
  mseLoss: lossOp(mse),
  l1Loss: lossOp(l1),
  smoothL1Loss: lossOp(smoothL1),
  binaryCrossEntropy: lossOp(binaryCrossEntropy),
  binaryCrossEntropyWithLogits: lossOp(binaryCrossEntropyWithLogits),
};

function lossOp<Attributes extends LossAttributes>(loss: ElementwiseLoss<Attributes>): Op<Attributes> {
  const { op, attributes: schema, check, forward, backward } = loss;
  return defineOp(schema, {
    shape: ([input, target], attributes) => {
      check?.(attributes);
      const shape = broadcastShapes(op, input, target);
      return attributes.reduction === 'none' ? shape : [];
    },
    saved: ({ inputs }) => inputs,
    forward: (c) => {
      const shape = broadcastShapes(op, c.inputs[0].shape, c.inputs[1].shape);
      const losses = c.attributes.reduction === 'none' ? c.output : c.temporary(shape);
      return sequence(forward(c, losses), reduced(c, losses));
    },
    vjps: backward.map((write) => (c) => passBack(c, loss, write)),
    reads: (recorded, index) =>
      recorded.attributes.reduction === 'none'
        ? readsBroadcast(recorded, index)
        : recorded.inputs.flatMap((input) => readsWhole(input)),
  });
}

/** output = the sum or the mean of the losses; nothing where each stands by itself. */
function reduced(
  { kernels, output, attributes: { reduction } }: ForwardContext<LossAttributes>,
  losses: Tensor,
): Kernel {
  if (reduction === 'none') return nothing;
  return sequence(
    kernels.sum(output, losses),
    reduction === 'mean' ? kernels.scalar('divide', output, output, losses.elements) : nothing,
  );
}

function passBack<Attributes extends LossAttributes>(
  c: VjpContext<Attributes>,
  { op, divides }: ElementwiseLoss<Attributes>,
  write: Backward<Attributes>,
): Kernel {
  const { kernels, temporary, saved } = c;
  const shape = broadcastShapes(op, saved[0].shape, saved[1].shape);
  const count = elementCount(shape);
  const isMean = c.attributes.reduction === 'mean';
  const divided = isMean && divides === 'before' ? temporary(c.gradient.shape) : c.gradient;
  const gradient = divided.expand(shape);
  const before = divided === c.gradient ? nothing : kernels.scalar('divide', divided, c.gradient, count);
  return throughBroadcast({ ...c, gradient }, (full) =>
    sequence(
      before,
      write(c, full, gradient, isMean ? 1 / count : 1),
      isMean && divides === 'after' ? kernels.scalar('divide', full, full, count) : nothing,
    ),
  );
}
