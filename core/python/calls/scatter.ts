import { selectAlong } from '../../tensor/selection';
import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, done, listShape, type Parameter, tensorOf } from './call';
import { computed } from './computed';
import { apart, put, requireSameType } from './put';
import { selecting } from './selection';
import { expanded, operandOf, requireDistinct, viewed } from './types';

/** @throws PythonException in PyTorch's words for indices that do not fit `x`, or what is put there. */
function requireAlong(name: string, x: Shape, along: number, index: TypedTensor, source: Shape): void {
  const { shape } = index.tensor;
  for (const [other, rank] of [
    [name === 'gather' ? 'input' : 'self', x.length],
    ['src', source.length],
  ]) {
    if (shape.length === rank) continue;
    throw new PythonException(
      'RuntimeError',
      `Index tensor must have the same number of dimensions as ${other} tensor (the index has ${shape.length}, ${other} ${rank})`,
    );
  }
  const isTooLarge = shape.some((size, dim) => size > (source[dim] ?? 0) || (dim !== along && size > x[dim]));
  if (isTooLarge) {
    throw new PythonException(
      'RuntimeError',
      name === 'gather'
        ? `Size does not match at dimension ${shape.findIndex((size, dim) => dim !== along && size > x[dim])} expected index ${listShape(shape)} to be smaller than self ${listShape(x)} apart from dimension ${along}`
        : `Expected index ${listShape(shape)} to be smaller than self ${listShape(x)} apart from dimension ${along} and to be smaller size than src ${listShape(source)}`,
    );
  }
  if (index.type !== 'int64') throw new PythonException('RuntimeError', `${name}(): Expected dtype int64 for index`);
}

/** `x.scatter_(dim, index, source)`, or adding. */
function scatter(accumulate: boolean) {
  const name = accumulate ? 'scatter_add' : 'scatter';
  return (table: TensorTable, handle: Parameter, dim: Parameter, indexHandle: Parameter, given: Parameter): number => {
    const x = tensorOf(table, handle);
    requireDistinct(x);
    const index = tensorOf(table, indexHandle);
    const { shape } = index.tensor;
    const along = dimensionOf(Number(dim), x.tensor.shape.length);
    const value = requireSameType(name, x, operandOf(table, given).typed, table);
    const source = typeof given === 'string' ? expanded(value, shape) : value;
    requireAlong(name, x.tensor.shape, along, index, source.tensor.shape);
    const selection = selectAlong(x.tensor, along, apart(table, x, index).tensor);
    selecting('RuntimeError', () => put(table, x, selection, viewed(source, shape, source.tensor.strides), accumulate));
    return done;
  };
}

/** `x.gather(dim, index)`. */
function gather(table: TensorTable, handle: Parameter, dim: Parameter, indexHandle: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const index = tensorOf(table, indexHandle);
  const along = dimensionOf(Number(dim), x.tensor.shape.length);
  requireAlong('gather', x.tensor.shape, along, index, index.tensor.shape);
  return selecting('RuntimeError', () => computed(table, 'gather', [x, index], { dim: along }, x));
}

export const scatterCalls: Calls = {
  scatter_: scatter(false),
  scatter_add_: scatter(true),
  gather,
};
