import { type Kernel, type Kernels, nothing } from '../kernels/kernels';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { Op, ResultType } from './op';
import { type OpAttributes, type OpName, ops } from './table';

/** Where an op's tensors come from: of memory that the kernels see, contiguous, their contents arbitrary. */
export interface OpSpace {
  readonly kernels: Kernels;
  /** For the result; `type` is the op's own, undefined for the type that is computed in. */
  output(type: ResultType | undefined, shape: Shape): Tensor;
  /** Of the type that is computed in, for what is kept. */
  newTensor(shape: Shape): Tensor;
  /** Of whole numbers, for what is kept. */
  newIndices(shape: Shape): Tensor;
  /** Of the type that is computed in, to use while the op runs. */
  temporary(shape: Shape): Tensor;
}

/** One use of an op, planned. */
export interface PlannedOp {
  readonly output: Tensor;
  /** What its backward reads. */
  readonly saved: readonly Tensor[];
  /** Computes the output; does nothing where it is only another view of the first input. */
  readonly forward: Kernel;
}

/** Plans a use of an op of the table. @throws ShapeError where the inputs do not fit. */
export function planOp<Name extends OpName>(
  name: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
  space: OpSpace,
): PlannedOp {
  const op: Op<OpAttributes[Name]> = ops[name];
  const { kernels, newIndices, newTensor, temporary } = space;
  const shape = op.shape(
    inputs.map((input) => input.shape),
    attributes,
  );
  const alias = op.alias?.(inputs[0], attributes) ?? null;
  const output = alias ?? space.output(op.result, shape);
  const saved = op.saved?.({ inputs, output, attributes, newIndices, newTensor }) ?? [];
  const plan = alias === null ? op.forward : undefined;
  const forward = plan?.({ kernels, inputs, output, attributes, saved, temporary }) ?? nothing;
  return { output, saved, forward };
}

/** Computes an op of the table, now. @throws ShapeError where the inputs do not fit. */
export function runOp<Name extends OpName>(
  name: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
  space: OpSpace,
): Tensor {
  const { output, forward } = planOp(name, inputs, attributes, space);
  forward();
  return output;
}
