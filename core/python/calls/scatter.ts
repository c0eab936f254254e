import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementOffsets, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, done, listShape, type Parameter, tensorOf } from './call';
import { putElements, requireSameType, valuesFor } from './put';
import { expanded, operandOf, requireDistinct, viewed } from './types';

/** For each element of `index`: where it points in `x`, its own position in all dimensions but `dim`. */
function pointedOffsets(name: string, x: TypedTensor, along: number, index: TypedTensor, source: Shape): Int32Array {
  const { shape } = index.tensor;
  for (const [other, rank] of [
    [name === 'gather' ? 'input' : 'self', x.tensor.shape.length],
    ['src', source.length],
  ]) {
    if (shape.length === rank) continue;
    throw new PythonException(
      'RuntimeError',
      `Index tensor must have the same number of dimensions as ${other} tensor (the index has ${shape.length}, ${other} ${rank})`,
    );
  }
  const isTooLarge = shape.some(
    (size, dim) => size > (source[dim] ?? 0) || (dim !== along && size > x.tensor.shape[dim]),
  );
  if (isTooLarge) {
    throw new PythonException(
      'RuntimeError',
      name === 'gather'
        ? `Size does not match at dimension ${shape.findIndex((size, dim) => dim !== along && size > x.tensor.shape[dim])} expected index ${listShape(shape)} to be smaller than self ${listShape(x.tensor.shape)} apart from dimension ${along}`
        : `Expected index ${listShape(shape)} to be smaller than self ${listShape(x.tensor.shape)} apart from dimension ${along} and to be smaller size than src ${listShape(source)}`,
    );
  }
  if (index.type !== 'int64') throw new PythonException('RuntimeError', `${name}(): Expected dtype int64 for index`);
  const strides = x.tensor.strides.map((stride, dim) => (dim === along ? 0 : stride));
  const starts = elementOffsets(viewed(x, shape, strides));
  const pointers = elementOffsets(index);
  const { data } = index.tensor.storage;
  x.block.memory.take(starts.length * 4);
  return starts.map((start, i) => {
    const pointed = data[pointers[i]];
    if (pointed < 0 || pointed >= x.tensor.shape[along]) {
      throw new PythonException(
        'RuntimeError',
        `index ${pointed} is out of bounds for dimension ${along} with size ${x.tensor.shape[along]}`,
      );
    }
    return start + pointed * x.tensor.strides[along];
  });
}

/** `x.scatter_(dim, index, source)`, or adding. */
function scatter(accumulate: boolean) {
  const name = accumulate ? 'scatter_add' : 'scatter';
  return (table: TensorTable, handle: Parameter, dim: Parameter, indexHandle: Parameter, given: Parameter): number => {
    const x = tensorOf(table, handle);
    requireDistinct(x);
    const index = tensorOf(table, indexHandle);
    const along = dimensionOf(Number(dim), x.tensor.shape.length);
    const value = requireSameType(name, x, operandOf(table, given).typed, table);
    const source = typeof given === 'string' ? expanded(value, index.tensor.shape) : value;
    const offsets = pointedOffsets(name, x, along, index, source.tensor.shape);
    const part = viewed(source, index.tensor.shape, source.tensor.strides);
    putElements(x, offsets, valuesFor(part, index.tensor.shape), accumulate);
    return done;
  };
}

/** `x.gather(dim, index)`. */
function gather(table: TensorTable, handle: Parameter, dim: Parameter, indexHandle: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const index = tensorOf(table, indexHandle);
  const along = dimensionOf(Number(dim), x.tensor.shape.length);
  const offsets = pointedOffsets('gather', x, along, index, index.tensor.shape);
  const out = table.allocate(x.type, index.tensor.shape);
  const { data } = out.tensor.storage;
  for (let i = 0; i < offsets.length; i++) data[i] = x.tensor.storage.data[offsets[i]];
  return out;
}

export const scatterCalls: Calls = {
  scatter_: scatter(false),
  scatter_add_: scatter(true),
  gather,
};
