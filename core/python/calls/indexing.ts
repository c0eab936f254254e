import { unravelIndex } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementOffsets, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, done, listShape, type Parameter, tensorOf } from './call';
import { putElements, requireSameType, valuesFor, withoutLeadingOnes } from './put';
import { scatterCalls } from './scatter';
import { readIndex, select } from './selection';
import { converted, operandOf, requireDistinct, writeElements } from './types';
import { expandedTo } from './views';

function getItem(table: TensorTable, handle: Parameter, index: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const selection = select(x, readIndex(table, index));
  if (selection.kind === 'view') return selection.view;
  const out = table.allocate(x.type, selection.shape);
  const { data } = out.tensor.storage;
  const from = x.tensor.storage.data;
  for (let i = 0; i < selection.offsets.length; i++) data[i] = from[selection.offsets[i]];
  return out;
}

function setItem(table: TensorTable, handle: Parameter, index: Parameter, given: Parameter): number {
  const x = tensorOf(table, handle);
  requireDistinct(x);
  const value = operandOf(table, given).typed;
  const selection = select(x, readIndex(table, index));
  if (selection.kind === 'view') {
    writeElements(
      selection.view,
      expandedTo(withoutLeadingOnes(value, selection.view.tensor.shape.length), selection.view.tensor.shape),
    );
    return done;
  }
  const source = converted(table, value, x.type);
  putElements(x, selection.offsets, valuesFor(source, selection.shape), false);
  return done;
}

/** `x.index_put_(indices, values, accumulate)`. */
function indexPut(
  table: TensorTable,
  handle: Parameter,
  index: Parameter,
  given: Parameter,
  accumulate: Parameter,
): number {
  const x = tensorOf(table, handle);
  requireDistinct(x);
  const value = requireSameType('index_put_', x, operandOf(table, given).typed, table);
  const selection = select(x, readIndex(table, index));
  const { shape, offsets } =
    selection.kind === 'elements'
      ? selection
      : { shape: selection.view.tensor.shape, offsets: elementOffsets(selection.view) };
  putElements(x, offsets, valuesFor(value, shape), accumulate === 1);
  return done;
}

/** `x.index_add_(dim, index, source, alpha)`: adds each slice of `source` to the slice of `x` that `index` names. */
function indexAdd(
  table: TensorTable,
  handle: Parameter,
  dim: Parameter,
  indexHandle: Parameter,
  sourceHandle: Parameter,
): number {
  const x = tensorOf(table, handle);
  requireDistinct(x);
  const along = dimensionOf(Number(dim), x.tensor.shape.length);
  const { shape } = tensorOf(table, indexHandle).tensor;
  const source = requireSameType('index_add_', x, tensorOf(table, sourceHandle), table);
  if (shape.length !== 1) throw new PythonException('IndexError', 'index_add_(): Index is supposed to be a vector');
  const [count] = shape;
  if (source.tensor.shape[along] !== count) {
    throw new PythonException(
      'RuntimeError',
      `index_add_(): Number of indices (${count}) should be equal to source.size(dim): (${source.tensor.shape[along]}), for dim: ${along}`,
    );
  }
  const selection = select(x, readIndex(table, [...new Array<string>(along).fill(':'), `t${indexHandle}`].join(',')));
  const sourceShape = source.tensor.shape;
  if (selection.kind !== 'elements' || listShape(selection.shape) !== listShape(sourceShape)) {
    throw new PythonException(
      'RuntimeError',
      `index_add_(): source of shape ${listShape(sourceShape)} must have the shape of what it is added to, ${listShape(x.tensor.shape.with(along, count))}`,
    );
  }
  putElements(x, selection.offsets, valuesFor(source, selection.shape), true);
  return done;
}

/** `x.nonzero()`: a row for each element that is not 0. */
function nonzero(table: TensorTable, handle: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { data } = x.tensor.storage;
  const offsets = elementOffsets(x);
  const count = offsets.reduce((sum, at) => (data[at] === 0 ? sum : sum + 1), 0);
  const rank = x.tensor.shape.length;
  const out = table.allocate('int64', [count, rank]);
  const values = out.tensor.values();
  let row = 0;
  for (let index = 0; index < offsets.length; index++) {
    if (data[offsets[index]] !== 0) values.set(unravelIndex(index, x.tensor.shape), rank * row++);
  }
  return out;
}

export const indexingCalls: Calls = {
  get_item: getItem,
  set_item: setItem,
  index_put_: indexPut,
  index_add_: indexAdd,
  nonzero,
  ...scatterCalls,
};
