import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementOffsets, elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, type Parameter, tensorOf } from './call';
import { viewed } from './types';

/** Of each number while it is sorted by a comparison: itself, and what the sort takes on the way. */
const bytesOfSorted = 32;

/** By size; what is not a number comes last, as if it were the largest. */
function order(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b || 0;
}

/** The positions along `dim` that sort each line of it, equal numbers in their order. */
function argsort(table: TensorTable, handle: Parameter, dim: Parameter, descending: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { shape } = x.tensor;
  const along = dimensionOf(Number(dim), shape.length);
  const out = table.allocate('int64', shape);
  const size = shape[along] ?? 1;
  const sign = descending === 1 ? -1 : 1;
  const [step, outStep] = [x.tensor.strides[along] ?? 0, out.tensor.strides[along] ?? 0];
  const [from, to] = [x.tensor.storage.data, out.tensor.storage.data];
  const starts = lineStarts(x, along);
  const targets = lineStarts(out, along);
  x.block.memory.take(size * bytesOfSorted);
  for (const [line, start] of starts.entries()) {
    const positions = Array.from({ length: size }, (_, position) => position);
    positions.sort((a, b) => sign * order(from[start + a * step], from[start + b * step]));
    for (const [rank, position] of positions.entries()) to[targets[line] + rank * outStep] = position;
  }
  return out;
}

/** Where each line along a dimension begins. */
function lineStarts(x: TypedTensor, along: number): Int32Array {
  const { shape, strides } = x.tensor;
  const isOther = (_: number, dim: number) => dim !== along;
  return elementOffsets(viewed(x, shape.filter(isOther), strides.filter(isOther)));
}

/** Each number once, in ascending order. */
function unique(table: TensorTable, handle: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const sorted = elementsOf(x).sort();
  let count = 0;
  for (let index = 0; index < sorted.length; index++) {
    // −0, which is sorted before 0, is the same number.
    if (index === 0 || sorted[index] !== sorted[index - 1]) sorted[count++] = sorted[index] + 0;
  }
  const out = table.allocate(x.type, [count]);
  out.tensor.values().set(sorted.subarray(0, count));
  return out;
}

/**
 * For each value, before which position of an ascending vector it belongs: the first such position, or with `right` the
 * last.
 */
function searchSorted(table: TensorTable, sorted: Parameter, values: Parameter, right: Parameter): TypedTensor {
  const [edges, x] = [tensorOf(table, sorted), tensorOf(table, values)];
  requireVector(edges.tensor.shape);
  const out = table.allocate('int64', x.tensor.shape);
  const ascending = elementsOf(edges);
  const { data } = out.tensor.storage;
  for (const [index, at] of elementOffsets(x).entries()) {
    const value = x.tensor.storage.data[at];
    let [low, high] = [0, ascending.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const compared = order(ascending[middle], value);
      if (compared < 0 || (compared === 0 && right === 1)) low = middle + 1;
      else high = middle;
    }
    data[index] = low;
  }
  return out;
}

function requireVector(shape: Shape): void {
  if (shape.length === 1) return;
  throw new PythonException(
    'RuntimeError',
    `searchsorted: the boundaries must be a tensor of one dimension here, not of ${shape.length}`,
  );
}

export const sortingCalls: Calls = { argsort, unique, search_sorted: searchSorted };
