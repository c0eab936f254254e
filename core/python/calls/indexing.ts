import { type IndexItem, type Selection, select } from '../../tensor/selection';
import { sameShape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, done, listShape, type Parameter, tensorOf } from './call';
import { computed } from './computed';
import { apart, put, requireSameType, withoutLeadingOnes } from './put';
import { scatterCalls } from './scatter';
import { type Index, nonzero, readIndex, selecting } from './selection';
import { converted, operandOf, requireDistinct, viewed, writeElements } from './types';
import { expandedTo } from './views';

function getItem(table: TensorTable, handle: Parameter, given: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { items, tensors } = readIndex(table, x, given);
  return selecting('IndexError', () => computed(table, 'index', [x, ...tensors], { index: items }, x));
}

/** What an index selects of `x`, to write there. */
function selectionOf(table: TensorTable, x: TypedTensor, { items, tensors }: Index): Selection {
  const positions = tensors.map((tensor) => apart(table, x, tensor).tensor);
  return selecting('IndexError', () => select(x.tensor, items, positions));
}

function setItem(table: TensorTable, handle: Parameter, index: Parameter, given: Parameter): number {
  const x = tensorOf(table, handle);
  requireDistinct(x);
  const value = operandOf(table, given).typed;
  const selection = selectionOf(table, x, readIndex(table, x, index));
  if (selection.isView) {
    const { shape, strides, offset } = selection.base;
    writeElements(viewed(x, shape, strides, offset), expandedTo(withoutLeadingOnes(value, shape.length), shape));
  } else {
    selecting('IndexError', () => put(table, x, selection, converted(table, value, x.type), false));
  }
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
  const selection = selectionOf(table, x, readIndex(table, x, index));
  selecting('IndexError', () => put(table, x, selection, value, accumulate === 1));
  return done;
}

/** `x.index_add_(dim, index, source)`: adds each slice of `source` to the slice of `x` that `index` names. */
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
  const index = tensorOf(table, indexHandle);
  const source = requireSameType('index_add_', x, tensorOf(table, sourceHandle), table);
  const { shape } = source.tensor;
  if (index.tensor.shape.length !== 1) {
    throw new PythonException('IndexError', 'index_add_(): Index is supposed to be a vector');
  }
  if (index.type !== 'int64') throw new PythonException('IndexError', 'index_add_(): Expected dtype int64 for index');
  const [count] = index.tensor.shape;
  if (shape[along] !== count) {
    throw new PythonException(
      'RuntimeError',
      `index_add_(): Number of indices (${count}) should be equal to source.size(dim): (${shape[along]}), for dim: ${along}`,
    );
  }
  const items: IndexItem[] = [...new Array<IndexItem>(along).fill(whole), { kind: 'tensor', tensor: 0 }];
  const selection = selectionOf(table, x, { items, tensors: [index] });
  if (!sameShape(selection.base.shape, shape)) {
    throw new PythonException(
      'RuntimeError',
      `index_add_(): source of shape ${listShape(shape)} must have the shape of what it is added to, ${listShape(x.tensor.shape.with(along, count))}`,
    );
  }
  selecting('IndexError', () => put(table, x, selection, source, true));
  return done;
}

/** All of a dimension. */
const whole: IndexItem = { kind: 'slice', start: null, stop: null, step: null };

export const indexingCalls: Calls = {
  get_item: getItem,
  set_item: setItem,
  index_put_: indexPut,
  index_add_: indexAdd,
  nonzero: (table, x) => nonzero(table, tensorOf(table, x)),
  ...scatterCalls,
};
