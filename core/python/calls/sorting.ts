import { elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, type Parameter, tensorOf } from './call';
import { computed } from './computed';

/** Of each number of a line while it is sorted: its position, as sorted so far and as merged next. */
const bytesOfSorted = 8;

/** The positions along `dim` that sort each line of it, equal numbers in their order. */
function argsort(table: TensorTable, handle: Parameter, dim: Parameter, descending: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { shape } = x.tensor;
  const along = dimensionOf(Number(dim), shape.length);
  table.memory.take((shape[along] ?? 1) * bytesOfSorted);
  return computed(table, 'argsort', [x], { dim: along, descending: descending === 1 }, { type: 'int64' });
}

/** Each number once, in ascending order: how many there are, no op can tell beforehand. */
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

/** For each value, before which position of ascending numbers it belongs: the first such position, or with `right` the last. */
function searchSorted(table: TensorTable, sorted: Parameter, values: Parameter, right: Parameter): TypedTensor {
  const inputs = [tensorOf(table, sorted), tensorOf(table, values)];
  return computed(table, 'searchSorted', inputs, { right: right === 1 }, { type: 'int64' });
}

export const sortingCalls: Calls = { argsort, unique, search_sorted: searchSorted };
