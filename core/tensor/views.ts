import { elementCount, formatShape, normalizeDim, type Shape, ShapeError } from './shape';
import { Tensor } from './tensor';

// The same numbers seen otherwise, without copying. Meaning and names are PyTorch's.

/** A shape with its one −1, if there is one, worked out. @throws ShapeError where it holds another number of elements. */
export function inferShape(op: string, shape: Shape, elements: number): Shape {
  const unknown = shape.indexOf(-1);
  const known = elementCount(unknown === -1 ? shape : shape.toSpliced(unknown, 1));
  const inferred = unknown === -1 ? shape : shape.with(unknown, elements / known);
  if (inferred.every((size) => Number.isInteger(size) && size >= 0) && elementCount(inferred) === elements) {
    return inferred;
  }
  throw new ShapeError(`${op}: ${elements} numbers cannot be seen as ${formatShape(shape)}.`);
}

/** The dimensions in another order. @throws ShapeError unless each is named once. */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  const order = dims.map((dim) => normalizeDim('permute', dim, x.shape.length));
  if (order.length !== x.shape.length || new Set(order).size < order.length) {
    throw new ShapeError(
      `permute: dims ${dims.join(', ')} do not name each dimension of ${formatShape(x.shape)} once.`,
    );
  }
  const inOrder = (sizes: readonly number[]) => order.map((dim) => sizes[dim]);
  return new Tensor(x.storage, inOrder(x.shape), inOrder(x.strides), x.offset);
}

/** `x` without the given dimensions that are 1; without all that are 1 for null. Others that are given stay. */
export function squeeze(x: Tensor, dims: readonly number[] | null): Tensor {
  const given = dims?.map((dim) => normalizeDim('squeeze', dim, x.shape.length));
  const stays = (_: number, dim: number) => x.shape[dim] !== 1 || (given !== undefined && !given.includes(dim));
  return new Tensor(x.storage, x.shape.filter(stays), x.strides.filter(stays), x.offset);
}

/** `x` with a new dimension of size 1 as its `dim`th. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = normalizeDim('unsqueeze', dim, x.shape.length + 1);
  return new Tensor(x.storage, x.shape.toSpliced(at, 0, 1), x.strides.toSpliced(at, 0, 1), x.offset);
}

/**
 * `length` positions of a dimension from `start` on, both of which must be within it.
 * @param step Between one position and the next; may be negative.
 */
export function narrow(x: Tensor, dim: number, start: number, length: number, step = 1): Tensor {
  const offset = length === 0 ? x.offset : x.offset + start * x.strides[dim];
  return new Tensor(x.storage, x.shape.with(dim, length), x.strides.with(dim, step * x.strides[dim]), offset);
}

/** The diagonal of two dimensions, `offset` above the main one, as the last dimension. @throws ShapeError where they are one. */
export function diagonal(x: Tensor, offset: number, dim1: number, dim2: number): Tensor {
  const [row, column] = [dim1, dim2].map((dim) => normalizeDim('diagonal', dim, x.shape.length));
  if (row === column) {
    throw new ShapeError(`diagonal: dims ${dim1} and ${dim2} are the same dimension of ${formatShape(x.shape)}.`);
  }
  const [rows, columns] = [Math.max(-offset, 0), Math.max(offset, 0)];
  const size = Math.max(0, Math.min(x.shape[row] - rows, x.shape[column] - columns));
  const start = size === 0 ? 0 : rows * x.strides[row] + columns * x.strides[column];
  const stays = (_: number, dim: number) => dim !== row && dim !== column;
  const shape = [...x.shape.filter(stays), size];
  return new Tensor(
    x.storage,
    shape,
    [...x.strides.filter(stays), x.strides[row] + x.strides[column]],
    x.offset + start,
  );
}

/** The dimensions given, each read from its end. */
export function flip(x: Tensor, dims: readonly number[]): Tensor {
  return dims.reduce((flipped, dim) => narrow(flipped, dim, x.shape[dim] - 1, x.shape[dim], -1), x);
}

/**
 * A tensor of this shape, whose numbers nobody reads or writes: for what follows from the shape alone, such as that of a view
 * or, from the strides of a view, where its elements come from.
 */
export function withoutNumbers(shape: Shape): Tensor {
  return new Tensor(nowhere, shape);
}

const nowhere = { dtype: 'float64', length: 0, byteOffset: 0, data: new Float64Array() } as const;
