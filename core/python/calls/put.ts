import type { Selection } from '../../tensor/selection';
import type { Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { listShape } from './call';
import { computed } from './computed';
import { converted, isFloat, viewed } from './types';

/** A value may have more dimensions than what it is assigned to, where they are 1. */
export function withoutLeadingOnes(x: TypedTensor, rank: number): TypedTensor {
  let { shape, strides } = x.tensor;
  while (shape.length > rank && shape[0] === 1) {
    shape = shape.slice(1);
    strides = strides.slice(1);
  }
  return viewed(x, shape, strides);
}

/** The value as it broadcasts to the shape of what is selected. @throws PythonException in PyTorch's words where it does not. */
function broadcastValue(value: TypedTensor, shape: Shape): Tensor {
  const { tensor } = withoutLeadingOnes(value, shape.length);
  const lead = shape.length - tensor.shape.length;
  if (lead < 0 || tensor.shape.some((size, dim) => size !== 1 && size !== shape[dim + lead])) {
    throw new PythonException(
      'RuntimeError',
      `shape mismatch: value tensor of shape ${listShape(value.tensor.shape)} cannot be broadcast to indexing result of shape ${listShape(shape)}`,
    );
  }
  return tensor.expand(shape);
}

/**
 * Writes a value of its type over what is selected of `x`, or adds it, one by one in order, each sum rounded.
 * @param selection Of `x`, by positions that are `apart` from it.
 */
export function put(
  table: TensorTable,
  x: TypedTensor,
  selection: Selection,
  value: TypedTensor,
  accumulate: boolean,
): void {
  const values = broadcastValue(apart(table, x, value), selection.base.shape);
  table.kernels.scatter(selection, values, accumulate)();
}

/** The tensor, or a copy where it shares numbers with `x`, which is about to be written to. */
export function apart(table: TensorTable, x: TypedTensor, other: TypedTensor): TypedTensor {
  return other.block === x.block ? computed(table, 'clone', [other], {}, other) : other;
}

/** A value in the type of what it is written to. @throws PythonException where that would lose its fractions. */
export function requireSameType(name: string, x: TypedTensor, value: TypedTensor, table: TensorTable): TypedTensor {
  if (isFloat(value.type) && !isFloat(x.type)) {
    throw new PythonException('RuntimeError', `${name}: the tensors must have the same dtype`);
  }
  return converted(table, value, x.type);
}
