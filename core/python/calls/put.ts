import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { listShape } from './call';
import { converted, expanded, isFloat, viewed } from './types';

/** A value may have more dimensions than what it is assigned to, where they are 1. */
export function withoutLeadingOnes(x: TypedTensor, rank: number): TypedTensor {
  let { shape, strides } = x.tensor;
  while (shape.length > rank && shape[0] === 1) {
    shape = shape.slice(1);
    strides = strides.slice(1);
  }
  return viewed(x, shape, strides);
}

/** The value's numbers, repeated to the shape of what an index with tensors selects. */
export function valuesFor(value: TypedTensor, shape: Shape): Float64Array {
  const fitting = withoutLeadingOnes(value, shape.length);
  const own = fitting.tensor.shape;
  const lead = shape.length - own.length;
  if (lead < 0 || own.some((size, dim) => size !== 1 && size !== shape[dim + lead])) {
    throw new PythonException(
      'RuntimeError',
      `shape mismatch: value tensor of shape ${listShape(value.tensor.shape)} cannot be broadcast to indexing result of shape ${listShape(shape)}`,
    );
  }
  return elementsOf(expanded(fitting, shape));
}

/** Writes, or adds, one by one in order, each sum rounded to the tensor's type. */
export function putElements(x: TypedTensor, offsets: Int32Array, values: Float64Array, accumulate: boolean): void {
  const { data } = x.tensor.storage;
  for (let i = 0; i < offsets.length; i++) {
    if (accumulate) data[offsets[i]] += values[i];
    else data[offsets[i]] = values[i];
  }
}

/** A value in the type of what it is written to. @throws PythonException where that would lose its fractions. */
export function requireSameType(name: string, x: TypedTensor, value: TypedTensor, table: TensorTable): TypedTensor {
  if (isFloat(value.type) && !isFloat(x.type)) {
    throw new PythonException('RuntimeError', `${name}: the tensors must have the same dtype`);
  }
  return converted(table, value, x.type);
}
