import type { Kernels } from '../kernels/kernels';
import type { DataType, FloatType } from '../tensor/arena';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { Op } from './op';
import { type OpAttributes, type OpName, ops } from './table';

/** Where ops are computed as they are called. */
export interface EagerSpace {
  readonly kernels: Kernels;
  /** The type that is computed in. */
  readonly dtype: FloatType;
  /** A tensor whose contents are arbitrary, of memory that the kernels see. */
  allocate(dtype: DataType, shape: Shape): Tensor;
}

/** Computes an op of the table, now. @throws ShapeError where the inputs do not fit. */
export function runOp<Name extends OpName>(
  name: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
  { kernels, dtype, allocate }: EagerSpace,
): Tensor {
  const op: Op<OpAttributes[Name]> = ops[name];
  const shape = op.shape(
    inputs.map((input) => input.shape),
    attributes,
  );
  const output = op.alias?.(inputs[0], attributes) ?? allocate(op.result === undefined ? dtype : 'int32', shape);
  const newIndices = (size: Shape) => allocate('int32', size);
  const newTensor = (size: Shape) => allocate(dtype, size);
  const saved = op.saved?.({ inputs, output, attributes, newIndices, newTensor }) ?? [];
  op.forward?.({ kernels, inputs, output, attributes, saved, temporary: newTensor })();
  return output;
}
