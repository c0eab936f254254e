import { type Kernel, type Kernels, nothing, sequence } from '../kernels/kernels';
import { unravelIndex } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type ClassLossAttributes, classDim, classLossAttributes, requireTargets } from './class-targets';
import type { LossAttributes } from './losses';
import { defineOp, type Element, type ForwardContext, type Recorded, type VjpContext } from './op';

/** How much each place counts: the weight of its class, or 1; 0 where it is ignored. And the sum of it. */
export interface Counted {
  readonly target: Tensor;
  readonly weights: Tensor;
  readonly total: Tensor;
}

/** The loss of classes by their log-probabilities. */
export const nllOps = {
  /** x, target, and a weight a class, which may be absent. The mean divides by the weights that counted. */
  nllLoss: defineOp(classLossAttributes, {
    shape: ([x, target, weight], { reduction }) => {
      requireTargets('nllLoss', x, target, weight);
      return reduction === 'none' ? target : [];
    },
    saved: ({ inputs: [, target], newTensor }) => [target, newTensor(target.shape), newTensor([])],
    forward: (c) => {
      const [target, weights, total] = c.saved;
      const counted = { target, weights, total };
      return sequence(count(c, counted, c.inputs[0], c.inputs[2]), nllForward(c, c.output, c.inputs[0], counted));
    },
    vjps: [
      (c) => {
        const [target, weights, total] = c.saved;
        return nllBackward(c, c.target, c.gradient, { target, weights, total });
      },
      null,
      null,
    ],
    reads: readsPicked,
  }),
};

/** Computes how much each place counts. @param x the scores that there are targets for. */
export function count<Attributes extends ClassLossAttributes>(
  { kernels, attributes }: ForwardContext<Attributes>,
  { target, weights, total }: Counted,
  x: Tensor,
  weight: Tensor | undefined,
): Kernel {
  const classes = x.shape[classDim(x.shape)];
  return sequence(
    kernels.classWeights(weights, target, classes, weight ?? null, attributes.ignoreIndex),
    kernels.sum(total, weights),
  );
}

/** nll_loss_forward: −weight · x at the target, reduced. */
export function nllForward<Attributes extends ClassLossAttributes>(
  { kernels, temporary, attributes }: ForwardContext<Attributes>,
  out: Tensor,
  x: Tensor,
  { target, weights, total }: Counted,
): Kernel {
  const losses = attributes.reduction === 'none' ? out : temporary(target.shape);
  return sequence(
    kernels.nllLoss(losses, x, classDim(x.shape), target, weights, attributes.ignoreIndex),
    reduceCounted(kernels, attributes, out, losses, total),
  );
}

/** The sum of the losses, or their mean by what counted; nothing where each stands by itself. */
export function reduceCounted(
  kernels: Kernels,
  { reduction }: LossAttributes,
  out: Tensor,
  losses: Tensor,
  total: Tensor,
): Kernel {
  if (reduction === 'none') return nothing;
  return sequence(kernels.sum(out, losses), reduction === 'mean' ? kernels.binary('divide', out, out, total) : nothing);
}

/** nll_loss_backward: -weight * grad at the target, where a mean's grad is first divided by total_weight; else 0. */
export function nllBackward<Attributes extends ClassLossAttributes>(
  c: VjpContext<Attributes>,
  out: Tensor,
  gradient: Tensor,
  { target, weights, total }: Counted,
): Kernel {
  const { kernels, attributes } = c;
  const { divide, share } = shareOf(c, gradient, total);
  const upstream = share.expand(target.shape);
  return sequence(
    divide,
    kernels.nllLossGradient(out, classDim(out.shape), upstream, target, weights, attributes.ignoreIndex),
  );
}

/** The gradient that each place shares in: divided by `total` for a mean. */
export function shareOf<Attributes extends LossAttributes>(
  { kernels, temporary, attributes }: VjpContext<Attributes>,
  gradient: Tensor,
  total: Tensor,
): { readonly divide: Kernel; readonly share: Tensor } {
  if (attributes.reduction !== 'mean') return { divide: nothing, share: gradient };
  const share = temporary([]);
  return { divide: kernels.binary('divide', share, gradient, total), share };
}

/** Of each place that a loss is made of, the target and what it picks, with its weight. */
function readsPicked({ inputs, attributes }: Recorded<ClassLossAttributes>, index: readonly number[]): Element[] {
  const [x, target, weight] = inputs;
  const places =
    attributes.reduction === 'none'
      ? [index]
      : Array.from({ length: target.elements }, (_, position) => unravelIndex(position, target.shape));
  return places.flatMap((place): Element[] => {
    const at = place.reduce((offset, step, dim) => offset + step * target.strides[dim], target.offset);
    const picked = target.storage.data[at];
    if (picked === attributes.ignoreIndex) return [[target, place]];
    const element: Element = [x, place.toSpliced(classDim(x.shape), 0, picked)];
    return [[target, place], element, ...(weight === undefined ? [] : [[weight, [picked]] as const])];
  });
}
