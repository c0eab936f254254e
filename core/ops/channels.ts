import { type Kernel, nothing, sequence } from '../kernels/kernels';
import type { Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { type ForwardContext, type Recorded, summing, type VjpContext } from './op';

// What the norms have in common: a scale and a shift, one number a channel (dimension 1), each of which may be absent.

/** A number a channel, seen so that it broadcasts to `shape`. */
export function perChannel<Vector extends Tensor | undefined>(vector: Vector, shape: Shape): Vector;
export function perChannel(vector: Tensor | undefined, shape: Shape): Tensor | undefined {
  if (vector === undefined) return undefined;
  const { storage, strides, offset } = vector;
  const spatial = shape.slice(2);
  return new Tensor(storage, [shape[1], ...spatial.map(() => 1)], [strides[0], ...spatial.map(() => 0)], offset);
}

/** Of the input all that is normalised together is summed: what was saved second has a number for each such part. */
export function normRoundings<Attributes>({ inputs, output, saved }: Recorded<Attributes>, input: number): number {
  const sums = input === 0 ? saved[1] : inputs[input];
  return summing(output.elements / Math.max(1, sums.elements));
}

/** out = normalised · weight + bias, of which both may be absent. Without a weight `normalised` is the output. */
export function scaleAndShift<Attributes>(
  { kernels, output }: ForwardContext<Attributes>,
  normalised: Tensor,
  weight: Tensor | undefined,
  bias: Tensor | undefined,
): Kernel {
  return sequence(
    weight === undefined ? nothing : kernels.binary('multiply', output, normalised, weight),
    bias === undefined ? nothing : kernels.binary('add', output, output, bias),
  );
}

/** The gradient to a shift: Σ gradient of each channel. */
export function sumOfChannels<Attributes>({ kernels, target, gradient }: VjpContext<Attributes>): Kernel {
  return kernels.sum(perChannel(target, gradient.shape), gradient);
}

/** The gradient to a scale of what was saved first: Σ gradient · saved of each channel. */
export function sumOfChannelProducts<Attributes>(c: VjpContext<Attributes>): Kernel {
  const { kernels, target, gradient, saved, temporary } = c;
  return kernels.sumOfProducts(perChannel(target, gradient.shape), gradient, saved[0], temporary(gradient.shape));
}
