import { broadcastTogether } from './broadcasting';
import { elementOffsets } from './offsets';
import { type Shape, ShapeError } from './shape';
import { Tensor } from './tensor';

/**
 * One item between the brackets of `x[…]`. Plain data: a tensor is named by its place among those that go with the index. A
 * tensor of truth values is given as the positions where it is true (`trueElements`), a tensor for each of its dimensions.
 */
export type IndexItem =
  /** `None`: a new dimension of size 1. */
  | { readonly kind: 'new' }
  /** `...`: all dimensions that no other item is of. At the end of an index without one, it is left out. */
  | { readonly kind: 'rest' }
  | { readonly kind: 'position'; readonly position: number }
  /** `start:stop:step`, null for what is not there. */
  | {
      readonly kind: 'slice';
      readonly start: number | null;
      readonly stop: number | null;
      readonly step: number | null;
    }
  /** `range(start, stop, step)`: as a tensor of these positions. */
  | { readonly kind: 'range'; readonly start: number; readonly stop: number; readonly step: number }
  /** A tensor of positions. */
  | { readonly kind: 'tensor'; readonly tensor: number };

/** A dimension in which a tensor says the positions. */
export interface Place {
  /** Which of the tensors that go with the index it is; null for the positions of a range. */
  readonly tensor: number | null;
  /** Whole numbers, in any storage; of the selection's shape, repeated where its strides are 0. */
  readonly positions: Tensor;
  /** The dimension, its size, and the elements from one of its positions to the next. */
  readonly dim: number;
  readonly size: number;
  readonly stride: number;
  /** Whether negative positions count from the end; they are refused otherwise. */
  readonly wraps: boolean;
}

/** What is selected of a tensor: element i of it is element i of `base`, moved on by each place's stride times its position. */
export interface Selection {
  /** The selection at position 0 of every place. */
  readonly base: Tensor;
  readonly places: readonly Place[];
  /** Whether it is nothing but a view, `base`; what positions pick, is copied. */
  readonly isView: boolean;
}

/** An index that does not fit the tensor. */
export class SelectionError extends ShapeError {
  override name = 'SelectionError';
}

/**
 * What an index selects, by NumPy's rule: dimensions picked by tensors stay where they are while they are neighbours, and else
 * come first. Positions are not read yet.
 * @throws SelectionError where the index does not fit.
 */
export function select(x: Tensor, items: readonly IndexItem[], tensors: readonly Tensor[]): Selection {
  const { shape, strides } = x;
  const used = items.filter(takesDimension).length;
  if (shape.length === 0 && used > 0) {
    throw new SelectionError(
      'invalid index of a 0-dim tensor. Use `tensor.item()` in Python to convert a 0-dim tensor to a number',
    );
  }
  if (used > shape.length) throw new SelectionError(`too many indices for tensor of dimension ${shape.length}`);
  const rests = items.filter(({ kind }) => kind === 'rest').length;
  if (rests > 1) throw new SelectionError("an index can only have a single ellipsis ('...')");
  const dimensions: Dimension[] = [];
  let offset = x.offset;
  let dim = 0;
  const pick = (positions: Positions, tensor: number | null = null) =>
    dimensions.push({ positions, tensor, dim, size: shape[dim], stride: strides[dim++] });
  for (const item of rests === 0 ? [...items, { kind: 'rest' } as const] : items) {
    switch (item.kind) {
      case 'new':
        dimensions.push({ positions: null, size: 1, stride: 0 });
        break;
      case 'rest':
        for (let kept = used; kept < shape.length; kept++, dim++) {
          dimensions.push({ positions: null, size: shape[dim], stride: strides[dim] });
        }
        break;
      case 'position':
        offset += positionIn(item.position, dim, shape[dim]) * strides[dim];
        dim++;
        break;
      case 'slice': {
        const { start, size, step } = sliceOf(item, shape[dim]);
        offset += start * strides[dim];
        dimensions.push({ positions: null, size, stride: step * strides[dim] });
        dim++;
        break;
      }
      case 'range':
        pick(rangeOf(item, dim, shape[dim]));
        break;
      case 'tensor':
        pick(tensors[item.tensor], item.tensor);
        break;
      default:
        return item satisfies never;
    }
  }
  return combine(x, dimensions, offset);
}

/** Whether an item is of a dimension; else it is of none, or of all that are left. */
export const takesDimension = ({ kind }: IndexItem) => kind !== 'new' && kind !== 'rest';

/** Positions of a range are a stride. */
interface Run {
  readonly start: number;
  readonly step: number;
  readonly shape: Shape;
}
type Positions = Tensor | Run;
interface Picked {
  readonly positions: Positions;
  readonly tensor: number | null;
  readonly dim: number;
  readonly size: number;
  readonly stride: number;
}
/** One dimension of a selection: kept as a view has it, or picked. */
type Dimension = Picked | { readonly positions: null; readonly size: number; readonly stride: number };

/** A tensor without a dimension picks one position, and leaves none, as a number does. */
const leavesNone = ({ positions }: Dimension) => positions !== null && positions.shape.length === 0;

function combine(x: Tensor, dimensions: readonly Dimension[], start: number): Selection {
  const picked = dimensions.filter((dimension) => dimension.positions !== null);
  const laid = dimensions.filter((dimension) => !leavesNone(dimension));
  const first = laid.findIndex(({ positions }) => positions !== null);
  const last = laid.findLastIndex(({ positions }) => positions !== null);
  const areNeighbours = laid.slice(first, last + 1).every(({ positions }) => positions !== null);
  const kept = (from: number, to?: number) => laid.slice(from, to).filter(({ positions }) => positions === null);
  const before = first === -1 || !areNeighbours ? [] : kept(0, first);
  const after = areNeighbours ? kept(last + 1) : kept(0);
  const pickedShape = picked.map(({ positions }) => positions.shape).reduce(broadcastPositions, []);
  const pickedStrides = pickedShape.map(() => 0);
  let offset = start;
  for (const { positions, stride } of picked) {
    if (positions instanceof Tensor) continue;
    offset += positions.start * stride;
    if (positions.shape[0] !== 1) pickedStrides[pickedShape.length - 1] += positions.step * stride;
  }
  const sizesOf = (range: readonly Dimension[]) => range.map(({ size }) => size);
  const shape = [...sizesOf(before), ...pickedShape, ...sizesOf(after)];
  const places = picked.flatMap(({ positions, tensor, dim, size, stride }): Place[] => {
    if (!(positions instanceof Tensor)) return [];
    const own = positions.expand(pickedShape).strides;
    const along = [...before.map(() => 0), ...own, ...after.map(() => 0)];
    const spread = new Tensor(positions.storage, shape, along, positions.offset);
    return [{ tensor, positions: spread, dim, size, stride, wraps: true }];
  });
  const stridesOf = (range: readonly Dimension[]) => range.map(({ stride }) => stride);
  const strides = [...stridesOf(before), ...pickedStrides, ...stridesOf(after)];
  return { base: new Tensor(x.storage, shape, strides, offset), places, isView: picked.length === 0 };
}

/**
 * What one position along `dim` selects, for each element of `positions`, its own place being kept in every other dimension:
 * as gather and scatter do. Negative positions are refused. A number by itself counts as one dimension.
 * @param positions Of as many dimensions as `x`, and no larger than it but along `dim`, which the caller sees to.
 */
export function selectAlong(x: Tensor, dim: number, positions: Tensor): Selection {
  const strides = x.strides.map((stride, own) => (own === dim ? 0 : stride));
  const base = new Tensor(x.storage, positions.shape, strides, x.offset);
  const place = { tensor: 0, positions, dim, size: x.shape[dim] ?? 1, stride: x.strides[dim] ?? 0, wraps: false };
  return { base, places: [place], isView: false };
}

/** A position counted from the start. @throws SelectionError where there is none such in the dimension. */
function positionIn(position: number, dim: number, size: number): number {
  const found = position < 0 ? position + size : position;
  if (found >= 0 && found < size) return found;
  throw outOfBounds(position, dim, size);
}

/** What is to be thrown for a position that is not in its dimension. */
export function outOfBounds(position: number, dim: number, size: number): SelectionError {
  return new SelectionError(`index ${position} is out of bounds for dimension ${dim} with size ${size}`);
}

/** @throws SelectionError for a step that does not lead forward. */
function sliceOf({ start, stop, step }: Extract<IndexItem, { kind: 'slice' }>, size: number) {
  const by = step ?? 1;
  if (by <= 0) throw new SelectionError('step must be greater than zero');
  const bound = (value: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
  const from = bound(start ?? 0);
  const to = bound(stop ?? size);
  return { start: from, size: Math.max(0, Math.ceil((to - from) / by)), step: by };
}

function rangeOf({ start, stop, step }: Extract<IndexItem, { kind: 'range' }>, dim: number, size: number): Positions {
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (count === 0) return { start: 0, step: 0, shape: [0] };
  const end = start + (count - 1) * step;
  const [from, to] = [start, end].map((position) => positionIn(position, dim, size));
  // From one sign to the other it leaps from one end of the dimension to the other.
  if (start < 0 === end < 0) return { start: from, step: count === 1 ? 0 : (to - from) / (count - 1), shape: [count] };
  return positionsTensor(Float64Array.from({ length: count }, (_, i) => start + i * step));
}

/** The elements, numbered in row-major order, that are not 0. */
export function trueElements(mask: Tensor): Int32Array {
  const { data } = mask.storage;
  const elements = elementOffsets(mask);
  let count = 0;
  // No more of them are written than have been read.
  for (let element = 0; element < elements.length; element++) {
    if (data[elements[element]] !== 0) elements[count++] = element;
  }
  return elements.subarray(0, count);
}

/** Positions in a storage of their own, outside every arena. */
function positionsTensor(data: Float64Array): Tensor {
  return new Tensor({ dtype: 'float64', length: data.length, byteOffset: 0, data }, [data.length]);
}

function broadcastPositions(a: Shape, b: Shape): Shape {
  const shape = broadcastTogether(a, b);
  if (shape !== null) return shape;
  throw new SelectionError(
    `shape mismatch: indexing tensors could not be broadcast together with shapes [${a.join(', ')}], [${b.join(', ')}]`,
  );
}
