import * as v from 'valibot';
import { type Kernel, sequence } from '../kernels/kernels';
import { broadcastShapes } from '../tensor/broadcasting';
import type { Tensor } from '../tensor/tensor';
import { type None, noAttributes, number } from './attributes';
import { defineOp, type ForwardContext, throughBroadcast, type VjpContext } from './op';

/** A number as a tensor, and what fills it. */
export function constant(
  { kernels, temporary }: Pick<VjpContext<unknown> | ForwardContext<unknown>, 'kernels' | 'temporary'>,
  value: number,
): readonly [Tensor, Kernel] {
  const tensor = temporary([]);
  return [tensor, kernels.fill(tensor, value)];
}

/** The gradient where the condition has chosen the input, else 0. */
function whereChosen<Attributes>(context: VjpContext<Attributes>, condition: Tensor, whenTrue: boolean): Kernel {
  const { kernels, gradient } = context;
  return throughBroadcast(context, (full) => {
    const [zero, fill] = constant(context, 0);
    const choose = whenTrue
      ? kernels.where(full, condition, gradient, zero)
      : kernels.where(full, condition, zero, gradient);
    return sequence(fill, choose);
  });
}

/** What passes back to `own` of max(own, other). */
const toLarger = (context: VjpContext<None>, own: Tensor, other: Tensor) =>
  throughBroadcast(context, (full) => context.kernels.maximumGradient(full, context.gradient, own, other));

/** One of two numbers, by their size or by a condition. */
export const choiceOps = {
  maximum: defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes('maximum', a, b),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('maximum', output, a, b),
    // self: where(self == other, grad / 2, grad).masked_fill_(self < other, 0); other: the same with >
    vjps: [(c) => toLarger(c, c.saved[0], c.saved[1]), (c) => toLarger(c, c.saved[1], c.saved[0])],
  }),
  minimum: defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes('minimum', a, b),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('minimum', output, a, b),
    // self: where(self == other, grad / 2, grad).masked_fill_(self > other, 0): where the other would be the larger
    vjps: [(c) => toLarger(c, c.saved[1], c.saved[0]), (c) => toLarger(c, c.saved[0], c.saved[1])],
  }),
  /** Inputs: condition, and what is taken where it is not 0, and where it is. */
  where: defineOp(noAttributes, {
    shape: ([condition, a, b]) => broadcastShapes('where', condition, broadcastShapes('where', a, b)),
    saved: ({ inputs: [condition] }) => [condition],
    forward: ({ kernels, output, inputs: [condition, a, b] }) => kernels.where(output, condition, a, b),
    // self: where(condition, grad, 0); other: where(condition, 0, grad)
    vjps: [null, (c) => whereChosen(c, c.saved[0], true), (c) => whereChosen(c, c.saved[0], false)],
  }),
  /** Inputs: x and a mask, where which is not 0 the value stands. */
  maskedFill: defineOp(v.strictObject({ value: number }), {
    shape: ([x, mask]) => broadcastShapes('maskedFill', x, mask),
    saved: ({ inputs: [, mask] }) => [mask],
    forward: (c) => {
      const [value, fill] = constant(c, c.attributes.value);
      const [x, mask] = c.inputs;
      return sequence(fill, c.kernels.where(c.output, mask, value, x));
    },
    // grad.masked_fill(mask, 0)
    vjps: [(c) => whereChosen(c, c.saved[0], false), null],
  }),
};
