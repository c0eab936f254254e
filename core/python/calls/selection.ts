import { elementOffsets } from '../../tensor/offsets';
import { type IndexItem, outOfBounds, type Place, SelectionError, select as selectOf } from '../../tensor/selection';
import type { Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { type Parameter, tensorOf } from './call';
import { viewed } from './types';

/** What stands between the brackets, read, and the tensors that stand there. */
export interface Index {
  readonly items: readonly IndexItem[];
  readonly tensors: readonly Tensor[];
}

/** What an index selects of a tensor. */
export type Selection =
  | { readonly kind: 'view'; readonly view: TypedTensor }
  | { readonly kind: 'elements'; readonly shape: Shape; readonly offsets: Int32Array };

/**
 * Reads an index as Python's side writes it, items between commas: `3`, `1:5:2` (parts may be missing), `None`, `...`,
 * `r0:32:1` for a range and `t17` for the tensor of that handle.
 */
export function readIndex(table: TensorTable, index: Parameter): Index {
  const text = String(index);
  const tensors: Tensor[] = [];
  const items = text === '' ? [] : text.split(',').map((item) => readItem(table, item, tensors));
  return { items, tensors };
}

function readItem(table: TensorTable, item: string, tensors: Tensor[]): IndexItem {
  if (item === 'None') return { kind: 'new' };
  if (item === '...') return { kind: 'rest' };
  if (item.startsWith('t')) return readTensor(tensorOf(table, item.slice(1)), tensors);
  if (item.startsWith('r')) {
    const [start, stop, step] = item.slice(1).split(':').map(Number);
    table.memory.take(Math.max(0, Math.ceil((stop - start) / step)) * 8);
    return { kind: 'range', start, stop, step };
  }
  if (item.includes(':')) {
    const [start, stop, step] = item.split(':').map((part) => (part === '' ? null : Number(part)));
    return { kind: 'slice', start, stop, step };
  }
  return { kind: 'position', position: Number(item) };
}

/** A tensor of one whole number counts as the number. */
function readTensor({ type, tensor }: TypedTensor, tensors: Tensor[]): IndexItem {
  const isMask = type === 'bool' && tensor.shape.length > 0;
  if (!isMask && type !== 'int64') {
    throw new PythonException('IndexError', 'tensors used as indices must be long, byte or bool tensors');
  }
  if (tensor.shape.length === 0) return { kind: 'position', position: tensor.storage.data[tensor.offset] };
  tensors.push(tensor);
  return { kind: isMask ? 'mask' : 'tensor', tensor: tensors.length - 1 };
}

/** @throws PythonException in PyTorch's words where the index does not fit the tensor. */
export function select(x: TypedTensor, { items, tensors }: Index): Selection {
  if (items.some((item) => item.kind === 'slice' && item.step !== null && item.step <= 0)) {
    throw new PythonException('ValueError', 'step must be greater than zero');
  }
  const { memory } = x.block;
  // Of a mask: its offsets, what is true, and the positions in each dimension.
  for (const [index, { elements, shape }] of tensors.entries()) {
    if (items.some((item) => item.kind === 'mask' && item.tensor === index))
      memory.take(elements * 4 * (2 + shape.length));
  }
  try {
    const { base, places, isView } = selectOf(x.tensor, items, tensors);
    const view = viewed(x, base.shape, base.strides, base.offset);
    if (isView) return { kind: 'view', view };
    memory.take(base.elements * 4 * (1 + places.length));
    const offsets = elementOffsets(base);
    for (const place of places) moveOn(offsets, place);
    return { kind: 'elements', shape: base.shape, offsets };
  } catch (error) {
    throw error instanceof SelectionError ? new PythonException('IndexError', error.message) : error;
  }
}

/** Adds what a place's positions, as they are now, come to. */
function moveOn(offsets: Int32Array, { positions, dim, size, stride }: Place): void {
  const { data } = positions.storage;
  for (const [i, at] of elementOffsets(positions).entries()) {
    const position = data[at];
    if (position < -size || position >= size) throw new SelectionError(outOfBounds(position, dim, size));
    offsets[i] += (position < 0 ? position + size : position) * stride;
  }
}
