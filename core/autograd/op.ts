import { type Kernel, type Kernels, sequence } from '../kernels/kernels';
import { type Shape, sameShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** What an op's forward is planned from. */
export interface ForwardContext<Attributes> {
  readonly kernels: Kernels;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Attributes;
  /** What `saved` gave. */
  readonly saved: readonly Tensor[];
}

/** What an op may keep for its backward. */
export interface SavingContext<Attributes> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Attributes;
  /** A tensor of whole numbers of its own, e.g. for the position of a maximum. */
  newIndices(shape: Shape): Tensor;
  /** A tensor of the tape's type of its own. */
  newTensor(shape: Shape): Tensor;
}

/** What one vjp is planned from: it sees the upstream gradient and what was saved, nothing else. */
export interface VjpContext<Attributes> {
  readonly kernels: Kernels;
  readonly attributes: Attributes;
  readonly saved: readonly Tensor[];
  /** Gradient of the op's output; contiguous, of the output's shape. */
  readonly gradient: Tensor;
  /** Where this input's gradient goes; contiguous, of the input's shape. Overwritten. */
  readonly target: Tensor;
  /** A tensor to use while this vjp runs; contents arbitrary. */
  temporary(shape: Shape): Tensor;
}

/** Plans the vector-Jacobian product for one input: target = gradient · ∂output/∂input. */
export type Vjp<Attributes> = (context: VjpContext<Attributes>) => Kernel;

/** One differentiable operation. */
export interface Op<Attributes> {
  /** The output's shape. @throws ShapeError naming the op and the shapes where the inputs do not fit. */
  shape(inputs: readonly Shape[], attributes: Attributes): Shape;
  /** Where the output is only another view of input 0: that view, which then takes the place of new storage. */
  alias?(input: Tensor, attributes: Attributes): Tensor;
  /** For an op whose output are indices; otherwise it is of the tape's type. */
  readonly outputType?: 'int32';
  /** What backward reads, planned before forward. */
  saved(context: SavingContext<Attributes>): readonly Tensor[];
  forward(context: ForwardContext<Attributes>): Kernel;
  /** One an input; null for inputs without a gradient (indices). */
  readonly vjps: readonly (Vjp<Attributes> | null)[];
}

export const nothing: Kernel = () => {};

/**
 * For an op that broadcasts its inputs: computes the full-shaped gradient with `write` and, where the input was smaller,
 * sums it down to the input's shape (the vjp of broadcasting).
 */
export function throughBroadcast<Attributes>(context: VjpContext<Attributes>, write: (full: Tensor) => Kernel): Kernel {
  if (sameShape(context.target.shape, context.gradient.shape)) return write(context.target);
  const full = context.temporary(context.gradient.shape);
  return sequence(write(full), context.kernels.sum(context.target, full));
}
