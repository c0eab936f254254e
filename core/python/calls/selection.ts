import { type IndexItem, SelectionError, takesDimension, trueElements } from '../../tensor/selection';
import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { listShape, type Parameter, tensorOf } from './call';
import { viewed } from './types';

/** What stands between the brackets, read, and the tensors of positions that stand there. */
export interface Index {
  readonly items: readonly IndexItem[];
  readonly tensors: readonly TypedTensor[];
}

/**
 * Reads an index of `x` as Python's side writes it, items between commas: `3`, `1:5:2` (parts may be missing), `None`, `...`,
 * `r0:32:1` for a range and `t17` for the tensor of that handle. Where one is of truth values, the positions where it is true
 * stand for it.
 */
export function readIndex(table: TensorTable, x: TypedTensor, index: Parameter): Index {
  const text = String(index);
  const items: IndexItem[] = [];
  const tensors: TypedTensor[] = [];
  const masks: { readonly shape: Shape; readonly at: number }[] = [];
  for (const item of text === '' ? [] : text.split(',')) {
    if (!item.startsWith('t')) {
      items.push(readItem(table, item));
      continue;
    }
    const given = tensorOf(table, item.slice(1));
    const { shape } = given.tensor;
    const isMask = given.type === 'bool' && shape.length > 0;
    if (!isMask) requirePositions(given);
    if (isMask) masks.push({ shape, at: items.length });
    // A tensor of one whole number counts as the number.
    if (shape.length === 0) items.push({ kind: 'position', position: given.tensor.item() });
    else
      for (const positions of isMask ? truePositions(table, given) : [given]) items.push(newTensor(positions, tensors));
  }
  for (const { shape, at } of masks)
    requireMaskFits(shape, x.tensor.shape, dimensionAt(items, at, x.tensor.shape.length));
  return { items, tensors };
}

function newTensor(positions: TypedTensor, tensors: TypedTensor[]): IndexItem {
  tensors.push(positions);
  return { kind: 'tensor', tensor: tensors.length - 1 };
}

/** An item that is no tensor. @throws PythonException for a step that does not lead forward. */
function readItem(table: TensorTable, item: string): IndexItem {
  if (item === 'None') return { kind: 'new' };
  if (item === '...') return { kind: 'rest' };
  if (item.startsWith('r')) {
    const [start, stop, step] = item.slice(1).split(':').map(Number);
    table.memory.take(Math.max(0, Math.ceil((stop - start) / step)) * 8);
    return { kind: 'range', start, stop, step };
  }
  if (!item.includes(':')) return { kind: 'position', position: Number(item) };
  const [start, stop, step] = item.split(':').map((part) => (part === '' ? null : Number(part)));
  if (step !== null && step <= 0) throw new PythonException('ValueError', 'step must be greater than zero');
  return { kind: 'slice', start, stop, step };
}

/** @throws PythonException in PyTorch's words for what is no whole number. */
function requirePositions({ type }: TypedTensor): void {
  if (type === 'int64') return;
  throw new PythonException('IndexError', 'tensors used as indices must be long, byte or bool tensors');
}

/** Which dimension an item is of, or begins with. */
function dimensionAt(items: readonly IndexItem[], at: number, rank: number): number {
  const before = items.slice(0, at);
  const rest = before.some(({ kind }) => kind === 'rest') ? rank - items.filter(takesDimension).length : 0;
  return before.filter(takesDimension).length + rest;
}

function requireMaskFits(mask: Shape, shape: Shape, dim: number): void {
  const at = mask.findIndex((size, own) => size !== shape[dim + own]);
  if (at === -1 || dim + mask.length > shape.length) return;
  throw new PythonException(
    'IndexError',
    `The shape of the mask ${listShape(mask)} at index ${at} does not match the shape of the indexed tensor ` +
      `${listShape(shape)} at index ${dim + at}`,
  );
}

/** The positions where a tensor is not 0: a row for each, with a column for each dimension. */
export function nonzero(table: TensorTable, x: TypedTensor): TypedTensor {
  const { shape, elements } = x.tensor;
  table.memory.take(elements * 4);
  const found = trueElements(x.tensor);
  const rank = shape.length;
  const out = table.allocate('int64', [found.length, rank]);
  const values = out.tensor.values();
  for (let row = 0; row < found.length; row++) {
    let rest = found[row];
    for (let dim = rank - 1; dim >= 0; dim--) {
      values[row * rank + dim] = rest % shape[dim];
      rest = Math.floor(rest / shape[dim]);
    }
  }
  return out;
}

/** The positions in each dimension where a tensor is not 0. */
function truePositions(table: TensorTable, mask: TypedTensor): TypedTensor[] {
  const places = nonzero(table, mask);
  const [count, rank] = places.tensor.shape;
  return Array.from({ length: rank }, (_, dim) => viewed(places, [count], [rank], places.tensor.offset + dim));
}

/**
 * Gives what `select` gives, from what an index selects.
 * @throws PythonException of this type, in PyTorch's words, where the index does not fit, or a position is outside its dimension.
 */
export function selecting<Result>(type: 'IndexError' | 'RuntimeError', select: () => Result): Result {
  try {
    return select();
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof SelectionError ? error.cause : error;
    throw reason instanceof SelectionError ? new PythonException(type, reason.message) : error;
  }
}
