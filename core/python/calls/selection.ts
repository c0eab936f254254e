import { broadcast } from '../../tensor/broadcasting';
import { elementCount, type Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementOffsets, elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { listShape, type Parameter, tensorOf } from './call';
import { broadcastShape, viewed } from './types';

/** What stands between the brackets, read. */
export type Item =
  | { readonly kind: 'new' }
  | { readonly kind: 'rest' }
  | { readonly kind: 'position'; readonly position: number }
  | {
      readonly kind: 'slice';
      readonly start: number | null;
      readonly stop: number | null;
      readonly step: number | null;
    }
  | {
      readonly kind: 'positions';
      readonly shape: Shape;
      readonly positions: ArrayLike<number>;
      /** Where they are of a tensor of truth values: its shape, and which of its dimensions they are of. */
      readonly mask?: { readonly shape: Shape; readonly dim: number };
    };

/** One dimension of a selection: kept as a view has it, or picked by a tensor of positions. */
type Dimension =
  | { readonly kind: 'kept'; readonly size: number; readonly stride: number }
  | { readonly kind: 'picked'; readonly shape: Shape; readonly positions: ArrayLike<number>; readonly stride: number };

/** What an index selects of a tensor. */
export type Selection =
  | { readonly kind: 'view'; readonly view: TypedTensor }
  | { readonly kind: 'elements'; readonly shape: Shape; readonly offsets: Int32Array };

/**
 * Reads an index as Python's side writes it, items between commas: `3`, `1:5:2` (parts may be missing), `None`, `...`,
 * `r0:32:1` for a range and `t17` for the tensor of that handle.
 */
export function readIndex(table: TensorTable, index: Parameter): Item[] {
  const text = String(index);
  return text === '' ? [] : text.split(',').flatMap((item) => readItem(table, item));
}

function readItem(table: TensorTable, item: string): Item[] {
  if (item === 'None') return [{ kind: 'new' }];
  if (item === '...') return [{ kind: 'rest' }];
  if (item.startsWith('t')) return readTensor(tensorOf(table, item.slice(1)));
  if (item.startsWith('r')) {
    const [start, stop, step] = item.slice(1).split(':').map(Number);
    const count = Math.max(0, Math.ceil((stop - start) / step));
    table.memory.take(count * 8);
    const positions = new Float64Array(count);
    for (let i = 0; i < count; i++) positions[i] = start + i * step;
    return [{ kind: 'positions', shape: [count], positions }];
  }
  if (item.includes(':')) {
    const [start, stop, step] = item.split(':').map((part) => (part === '' ? null : Number(part)));
    return [{ kind: 'slice', start, stop, step }];
  }
  return [{ kind: 'position', position: Number(item) }];
}

/** A tensor of truth values is the positions where it is true: one tensor for each of its dimensions. */
export function readTensor(x: TypedTensor): Item[] {
  const { data } = x.tensor.storage;
  if (x.type === 'bool' && x.tensor.shape.length > 0) {
    const offsets = elementOffsets(x);
    const { shape } = x.tensor;
    const count = offsets.reduce((sum, at) => (data[at] === 0 ? sum : sum + 1), 0);
    x.block.memory.take(count * 4 * (1 + shape.length));
    const found = new Int32Array(count);
    let next = 0;
    for (let index = 0; index < offsets.length; index++) if (data[offsets[index]] !== 0) found[next++] = index;
    return shape.map((size, dim) => {
      const stride = elementCount(shape.slice(dim + 1));
      const positions = found.map((index) => Math.floor(index / stride) % size);
      return { kind: 'positions', shape: [count], positions, mask: { shape, dim } };
    });
  }
  if (x.type !== 'int64') {
    throw new PythonException('IndexError', 'tensors used as indices must be long, byte or bool tensors');
  }
  if (x.tensor.shape.length === 0) return [{ kind: 'position', position: data[x.tensor.offset] }];
  return [{ kind: 'positions', shape: x.tensor.shape, positions: elementsOf(x) }];
}

/** The dimensions that an item uses up. */
const usesDimension = (item: Item) => item.kind !== 'new' && item.kind !== 'rest';

export function select(x: TypedTensor, items: readonly Item[]): Selection {
  const { shape, strides } = x.tensor;
  const used = items.filter(usesDimension).length;
  if (shape.length === 0 && used > 0) {
    throw new PythonException(
      'IndexError',
      'invalid index of a 0-dim tensor. Use `tensor.item()` in Python to convert a 0-dim tensor to a number',
    );
  }
  if (used > shape.length) {
    throw new PythonException('IndexError', `too many indices for tensor of dimension ${shape.length}`);
  }
  const rests = items.filter(({ kind }) => kind === 'rest').length;
  if (rests > 1) throw new PythonException('IndexError', "an index can only have a single ellipsis ('...')");
  const all: readonly Item[] = rests === 0 ? [...items, { kind: 'rest' }] : items;
  const dimensions: Dimension[] = [];
  let offset = x.tensor.offset;
  let dim = 0;
  for (const item of all) {
    switch (item.kind) {
      case 'new':
        dimensions.push({ kind: 'kept', size: 1, stride: 0 });
        break;
      case 'rest':
        for (let kept = 0; kept < shape.length - used; kept++, dim++) {
          dimensions.push({ kind: 'kept', size: shape[dim], stride: strides[dim] });
        }
        break;
      case 'position':
        offset += position(item.position, dim, shape[dim]) * strides[dim];
        dim++;
        break;
      case 'slice': {
        const { start, size, step } = sliceOf(item, shape[dim]);
        offset += start * strides[dim];
        dimensions.push({ kind: 'kept', size, stride: step * strides[dim] });
        dim++;
        break;
      }
      case 'positions': {
        if (item.mask !== undefined) requireMaskFits(item.mask, shape, dim);
        const [at, size] = [dim, shape[dim]];
        x.block.memory.take(item.positions.length * 8);
        const positions = new Float64Array(item.positions.length);
        for (let i = 0; i < positions.length; i++) positions[i] = position(item.positions[i], at, size);
        dimensions.push({ kind: 'picked', shape: item.shape, positions, stride: strides[dim] });
        dim++;
        break;
      }
      default:
        return item satisfies never;
    }
  }
  return combine(x, dimensions, offset);
}

function requireMaskFits(mask: { readonly shape: Shape; readonly dim: number }, shape: Shape, dim: number): void {
  if (mask.shape[mask.dim] === shape[dim]) return;
  throw new PythonException(
    'IndexError',
    `The shape of the mask ${listShape(mask.shape)} at index ${mask.dim} does not match the shape of the indexed tensor ` +
      `${listShape(shape)} at index ${dim}`,
  );
}

function position(value: number, dim: number, size: number): number {
  if (value < -size || value >= size) {
    throw new PythonException('IndexError', `index ${value} is out of bounds for dimension ${dim} with size ${size}`);
  }
  return value < 0 ? value + size : value;
}

function sliceOf(
  { start, stop, step }: Extract<Item, { kind: 'slice' }>,
  size: number,
): { readonly start: number; readonly size: number; readonly step: number } {
  const by = step ?? 1;
  if (by <= 0) throw new PythonException('ValueError', 'step must be greater than zero');
  const bound = (value: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
  const from = bound(start ?? 0);
  const to = bound(stop ?? size);
  return { start: from, size: Math.max(0, Math.ceil((to - from) / by)), step: by };
}

function combine(x: TypedTensor, dimensions: readonly Dimension[], offset: number): Selection {
  const kept = (range: readonly Dimension[]) => range.filter((dimension) => dimension.kind === 'kept');
  const picked = dimensions.filter((dimension) => dimension.kind === 'picked');
  if (picked.length === 0) {
    const all = kept(dimensions);
    const view = viewed(
      x,
      all.map(({ size }) => size),
      all.map(({ stride }) => stride),
      offset,
    );
    return { kind: 'view', view };
  }
  const first = dimensions.findIndex(({ kind }) => kind === 'picked');
  const last = dimensions.findLastIndex(({ kind }) => kind === 'picked');
  // NumPy's rule: the picked dimensions stay where they are while they are neighbours, and else come first.
  const areNeighbours = last - first + 1 === picked.length;
  const before = kept(areNeighbours ? dimensions.slice(0, first) : []);
  const after = kept(areNeighbours ? dimensions.slice(last + 1) : dimensions);
  const pickedShape = picked.map(({ shape }) => shape).reduce(broadcastPositions);
  // Each dimension's positions may have to be repeated.
  x.block.memory.take(elementCount(pickedShape) * (4 + 8 * picked.length));
  const pickedOffsets = new Int32Array(elementCount(pickedShape));
  for (const dimension of picked) {
    const positions = broadcast(dimension.positions, dimension.shape, pickedShape);
    for (let i = 0; i < pickedOffsets.length; i++) pickedOffsets[i] += positions[i] * dimension.stride;
  }
  const offsetsOf = (range: typeof before) =>
    elementOffsets(
      viewed(
        x,
        range.map(({ size }) => size),
        range.map(({ stride }) => stride),
        0,
      ),
    );
  const [beforeOffsets, afterOffsets] = [offsetsOf(before), offsetsOf(after)];
  const count = beforeOffsets.length * pickedOffsets.length * afterOffsets.length;
  x.block.memory.take(count * 4);
  const offsets = new Int32Array(count);
  let at = 0;
  for (const outer of beforeOffsets) {
    for (const middle of pickedOffsets) {
      for (const inner of afterOffsets) offsets[at++] = offset + outer + middle + inner;
    }
  }
  const shape = [...before.map(({ size }) => size), ...pickedShape, ...after.map(({ size }) => size)];
  return { kind: 'elements', shape, offsets };
}

function broadcastPositions(a: Shape, b: Shape): Shape {
  try {
    return broadcastShape(a, b);
  } catch (error) {
    if (!(error instanceof PythonException)) throw error;
    throw new PythonException(
      'IndexError',
      `shape mismatch: indexing tensors could not be broadcast together with shapes ${listShape(a)}, ${listShape(b)}`,
    );
  }
}
