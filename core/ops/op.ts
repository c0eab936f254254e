import type * as v from 'valibot';
import { type Kernel, type Kernels, nothing, sequence } from '../kernels/kernels';
import { type Shape, sameShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** What an op's forward is planned from. */
export interface ForwardContext<Attributes> {
  readonly kernels: Kernels;
  readonly inputs: readonly Tensor[];
  /** Contiguous. */
  readonly output: Tensor;
  readonly attributes: Attributes;
  /** What `saved` gave. */
  readonly saved: readonly Tensor[];
  /** A tensor to use while this forward runs; contents arbitrary. */
  temporary(shape: Shape): Tensor;
}

/** What an op may keep for its backward. */
export interface SavingContext<Attributes> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Attributes;
  /** A tensor of whole numbers of its own, e.g. for the position of a maximum. */
  newIndices(shape: Shape): Tensor;
  /** A tensor of the type that is computed in, of its own. */
  newTensor(shape: Shape): Tensor;
}

/** What one vjp is planned from: it sees the upstream gradient and what was saved, nothing else. */
export interface VjpContext<Attributes> {
  readonly kernels: Kernels;
  readonly attributes: Attributes;
  readonly saved: readonly Tensor[];
  /** Which input's gradient is wanted. */
  readonly input: number;
  /** The shapes of all inputs. */
  readonly inputShapes: readonly Shape[];
  /** Gradient of the op's output; contiguous, of the output's shape. */
  readonly gradient: Tensor;
  /** Where this input's gradient goes; contiguous, of the input's shape. Overwritten. */
  readonly target: Tensor;
  /**
   * Whether magnitudes are wanted: the gradient has no signs then, and each element of the target is to be Σ |term| of what it
   * sums, or more, never less. What signs the target has are dropped afterwards. See magnitudes.ts.
   */
  readonly isMagnitude: boolean;
  /** A tensor to use while this vjp runs; contents arbitrary. */
  temporary(shape: Shape): Tensor;
}

/** Plans the vector-Jacobian product for one input: target = gradient · ∂output/∂input. */
export type Vjp<Attributes> = (context: VjpContext<Attributes>) => Kernel;

/** An element of an op's input, by its index. */
export type Element = readonly [input: Tensor, index: readonly number[]];

/** An op as it was recorded: what tells which elements it reads. */
export interface Recorded<Attributes> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Attributes;
  readonly saved: readonly Tensor[];
}

/** What a result's numbers are, where they are not of the type that is computed in. */
export type ResultType = 'int64' | 'bool';

/** One operation. */
export interface Op<Attributes> {
  /** What it takes besides tensors. */
  readonly attributes: v.GenericSchema<unknown, Attributes>;
  /** The output's shape. @throws ShapeError naming the op and the shapes where the inputs do not fit. */
  shape(inputs: readonly Shape[], attributes: Attributes): Shape;
  /**
   * Where the output is only another view of input 0: that view, which then takes the place of new storage, and no forward is
   * planned. Null where the numbers have to be copied.
   */
  alias?(input: Tensor, attributes: Attributes): Tensor | null;
  /** For an op whose output are indices or truth values; otherwise it is of the type that is computed in. */
  readonly result?: ResultType;
  /** What backward reads, planned before forward; nothing where it is left out. */
  saved?(context: SavingContext<Attributes>): readonly Tensor[];
  /** Needed but where every use is an alias. */
  forward?(context: ForwardContext<Attributes>): Kernel;
  /** One an input, null for inputs without a gradient (indices); or one for however many inputs it has. */
  readonly vjps: readonly (Vjp<Attributes> | null)[] | Vjp<Attributes>;
  /**
   * The roundings of one element of what passes back to an input: those of the vjp's formula, and of what is summed into the
   * element. By default those of an elementwise op, which sums over what was broadcast.
   */
  roundings?(recorded: Recorded<Attributes>, input: number): number;
  /** The elements of its inputs that one element of its output is computed from; those of a broadcast input by default. */
  reads?(recorded: Recorded<Attributes>, index: readonly number[]): readonly Element[];
}

/** What an op is besides its attributes. */
export type OpDefinition<Attributes> = Omit<Op<Attributes>, 'attributes'>;

/** An entry of the table. @param attributes The schema of what it takes besides tensors. */
export function defineOp<Attributes>(
  attributes: v.GenericSchema<unknown, Attributes>,
  op: OpDefinition<NoInfer<Attributes>>,
): Op<Attributes> {
  return { attributes, ...op };
}

/** Roundings of one element of a vjp that sums nothing: the longest formulas of the table of ops have four operations. */
export const formulaRoundings = 4;

/** The roundings of a vjp that sums so many numbers into each element. */
export const summing = (numbers: number): number => formulaRoundings + Math.max(1, numbers);

/** Plans the gradient of one input; null where it has none. */
export function vjpOf<Attributes>(op: Op<Attributes>, input: number): Vjp<Attributes> | null {
  return typeof op.vjps === 'function' ? op.vjps : (op.vjps[input] ?? null);
}

/**
 * For an op that broadcasts its inputs: computes the full-shaped gradient with `write` and, where the input was smaller,
 * sums it down to the input's shape (the vjp of broadcasting).
 */
export function throughBroadcast<Attributes>(context: VjpContext<Attributes>, write: (full: Tensor) => Kernel): Kernel {
  if (sameShape(context.target.shape, context.gradient.shape)) return write(context.target);
  const { kernels, isMagnitude, target } = context;
  const full = context.temporary(context.gradient.shape);
  const unsign = isMagnitude ? kernels.unary('abs', full, full) : nothing;
  return sequence(write(full), unsign, kernels.sum(target, full));
}

/** The gradient unchanged, summed down where the input was broadcast. */
export function passOn<Attributes>({ kernels, target, gradient }: VjpContext<Attributes>): Kernel {
  return sameShape(target.shape, gradient.shape)
    ? kernels.unary('copy', target, gradient)
    : kernels.sum(target, gradient);
}

/** The gradient times what the input was multiplied by, summed down where the input was broadcast. */
export function timesOther<Attributes>(context: VjpContext<Attributes>, other: Tensor): Kernel {
  const { kernels, target, gradient, isMagnitude, temporary } = context;
  return isMagnitude || sameShape(target.shape, gradient.shape)
    ? throughBroadcast(context, (full) => kernels.binary('multiply', full, gradient, other))
    : kernels.sumOfProducts(target, gradient, other, temporary(gradient.shape));
}
