import { contiguousStrides, elementCount, type Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, listShape, numbersOf, type Parameter, scalarName, tensorOf, typeOf } from './call';
import { asOperand, contiguous, converted, copied, expanded, promotedType, viewed, writeElements } from './types';

/** The shape with a −1 worked out. */
function inferShape(wanted: readonly number[], elements: number): number[] {
  const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const invalid = wanted.find((size) => size < -1);
  if (invalid !== undefined) throw new PythonException('RuntimeError', `invalid shape dimension ${invalid}`);
  const unknowns = wanted.filter((size) => size === -1).length;
  if (unknowns > 1) throw new PythonException('RuntimeError', 'only one dimension can be inferred');
  const fits = unknowns === 0 ? known === elements : unknowns === 1 && known > 0 && elements % known === 0;
  if (!fits) {
    throw new PythonException('RuntimeError', `shape '${listShape(wanted)}' is invalid for input of size ${elements}`);
  }
  return wanted.map((size) => (size === -1 ? elements / known : size));
}

/**
 * The strides with which the same numbers are seen in another shape; null where only a copy can be. Dimensions that lie
 * evenly in memory are taken together, and each such run must be split up by dimensions of its own (the rule is
 * computeStride's, in PyTorch's TensorUtils.cpp).
 */
function stridesFor(x: Tensor, shape: Shape): number[] | null {
  if (x.isContiguous || x.elements === 0) return contiguousStrides(shape);
  const strides = new Array<number>(shape.length);
  let target = shape.length - 1;
  let base = x.strides[x.shape.length - 1];
  let run = 1;
  let seen = 1;
  for (let dim = x.shape.length - 1; dim >= 0; dim--) {
    run *= x.shape[dim];
    const goesOn = dim > 0 && (x.shape[dim - 1] === 1 || x.strides[dim - 1] === run * base);
    if (goesOn) continue;
    while (target >= 0 && (seen < run || shape[target] === 1)) {
      strides[target] = seen * base;
      seen *= shape[target];
      target--;
    }
    if (seen !== run) return null;
    base = x.strides[dim - 1];
    run = 1;
    seen = 1;
  }
  return target === -1 ? strides : null;
}

function view(table: TensorTable, handle: Parameter, wanted: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const shape = inferShape(numbersOf(wanted), x.tensor.elements);
  const strides = stridesFor(x.tensor, shape);
  if (strides !== null) return viewed(x, shape, strides);
  throw new PythonException(
    'RuntimeError',
    "view size is not compatible with input tensor's size and stride (at least one dimension spans across two " +
      'contiguous subspaces). Use .reshape(...) instead.',
  );
}

function reshape(table: TensorTable, handle: Parameter, wanted: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const shape = inferShape(numbersOf(wanted), x.tensor.elements);
  const strides = stridesFor(x.tensor, shape);
  return strides === null ? viewed(copied(table, x), shape) : viewed(x, shape, strides);
}

/** The dimensions in another order. */
function permute(table: TensorTable, handle: Parameter, dims: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { shape, strides } = x.tensor;
  const wanted = numbersOf(dims);
  if (wanted.length !== shape.length) {
    throw new PythonException(
      'RuntimeError',
      'permute(): number of dimensions in the tensor input does not match the length of the desired ordering of ' +
        `dimensions i.e. input.dim() = ${shape.length} is not equal to len(dims) = ${wanted.length}`,
    );
  }
  const order = wanted.map((dim) => dimensionOf(dim, shape.length));
  if (new Set(order).size < order.length) {
    throw new PythonException('RuntimeError', 'permute(): duplicate dims are not allowed.');
  }
  return viewed(
    x,
    order.map((dim) => shape[dim]),
    order.map((dim) => strides[dim]),
  );
}

function transpose(table: TensorTable, handle: Parameter, first: Parameter, second: Parameter): TypedTensor {
  const { shape } = tensorOf(table, handle).tensor;
  const a = dimensionOf(Number(first), shape.length);
  const b = dimensionOf(Number(second), shape.length);
  const order = shape.map((_, dim) => (dim === a ? b : dim === b ? a : dim));
  return permute(table, handle, order.join(','));
}

/** `.T`: all dimensions reversed. */
function reverse(table: TensorTable, handle: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  return viewed(x, x.tensor.shape.toReversed(), x.tensor.strides.toReversed());
}

function expand(table: TensorTable, handle: Parameter, wanted: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const sizes = numbersOf(wanted);
  const { shape } = x.tensor;
  const lead = sizes.length - shape.length;
  const target = sizes.map((size, dim) => (size === -1 && dim >= lead ? shape[dim - lead] : size));
  if (lead < 0) {
    throw new PythonException(
      'RuntimeError',
      `expand(torch.${scalarName(x.type)}Tensor{${listShape(shape)}}, size=${listShape(sizes)}): the number of sizes provided (${sizes.length}) must be ` +
        `greater or equal to the number of dimensions in the tensor (${shape.length})`,
    );
  }
  return expandedTo(x, target);
}

/** @throws PythonException in PyTorch's words where the tensor does not broadcast to `shape`. */
export function expandedTo(x: TypedTensor, shape: Shape): TypedTensor {
  const own = x.tensor.shape;
  const lead = shape.length - own.length;
  for (let dim = own.length - 1; dim >= 0; dim--) {
    const size = shape[dim + lead] ?? 0;
    if (own[dim] === size || own[dim] === 1) continue;
    throw new PythonException(
      'RuntimeError',
      `The expanded size of the tensor (${size}) must match the existing size (${own[dim]}) at non-singleton dimension ` +
        `${dim + lead}.  Target sizes: ${listShape(shape)}.  Tensor sizes: ${listShape(own)}`,
    );
  }
  return expanded(x, shape);
}

/** @param dims Empty for every dimension of size 1. */
function squeeze(table: TensorTable, handle: Parameter, dims: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { shape, strides } = x.tensor;
  const wanted = numbersOf(dims).map((dim) => dimensionOf(dim, shape.length));
  const stays = shape.map((size, dim) => size !== 1 || (wanted.length > 0 && !wanted.includes(dim)));
  return viewed(
    x,
    shape.filter((_, dim) => stays[dim]),
    strides.filter((_, dim) => stays[dim]),
  );
}

function unsqueeze(table: TensorTable, handle: Parameter, dim: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { shape, strides } = x.tensor;
  const at = dimensionOf(Number(dim), shape.length + 1);
  return viewed(x, shape.toSpliced(at, 0, 1), strides.toSpliced(at, 0, 1));
}

/** The diagonal of two dimensions, as the last dimension of a view. */
function diagonal(
  table: TensorTable,
  handle: Parameter,
  offset: Parameter,
  first: Parameter,
  second: Parameter,
): TypedTensor {
  const x = tensorOf(table, handle);
  const { shape, strides } = x.tensor;
  const [row, column] = [first, second].map((dim) => dimensionOf(Number(dim), shape.length));
  if (row === column) {
    throw new PythonException('RuntimeError', `diagonal dimensions cannot be identical ${first}, ${second}`);
  }
  const above = Number(offset);
  const [skippedRows, skippedColumns] = [Math.max(-above, 0), Math.max(above, 0)];
  const size = Math.max(0, Math.min(shape[row] - skippedRows, shape[column] - skippedColumns));
  const start = size === 0 ? 0 : skippedRows * strides[row] + skippedColumns * strides[column];
  const stays = (_: number, dim: number) => dim !== row && dim !== column;
  return viewed(
    x,
    [...shape.filter(stays), size],
    [...strides.filter(stays), strides[row] + strides[column]],
    x.tensor.offset + start,
  );
}

/** @param handles All tensors, as `3,4,5`. */
function concatenate(table: TensorTable, handles: Parameter, dim: Parameter): TypedTensor {
  const tensors = numbersOf(handles).map((handle) => table.get(handle));
  const [first] = tensors;
  if (first === undefined)
    throw new PythonException('RuntimeError', 'torch.cat(): expected a non-empty list of Tensors');
  const { shape } = first.tensor;
  if (shape.length === 0) {
    throw new PythonException('RuntimeError', 'zero-dimensional tensor (at position 0) cannot be concatenated');
  }
  const along = dimensionOf(Number(dim), shape.length);
  for (const [position, { tensor }] of tensors.entries()) {
    const differs = shape.findIndex((size, at) => at !== along && size !== tensor.shape[at]);
    if (tensor.shape.length === shape.length && differs === -1) continue;
    throw new PythonException(
      'RuntimeError',
      tensor.shape.length === shape.length
        ? `Sizes of tensors must match except in dimension ${along}. Expected size ${shape[differs]} but got size ` +
            `${tensor.shape[differs]} for tensor number ${position} in the list. ` +
            `(shapes ${listShape(shape)} and ${listShape(tensor.shape)})`
        : `Tensors must have same number of dimensions: got ${shape.length} and ${tensor.shape.length}`,
    );
  }
  const type = tensors.reduce((a, b) => ({ ...b, type: promotedType(table, asOperand(a), asOperand(b)) })).type;
  const total = tensors.reduce((size, { tensor }) => size + tensor.shape[along], 0);
  const out = table.allocate(type, shape.with(along, total));
  let start = 0;
  for (const typed of tensors) {
    const part = viewed(out, typed.tensor.shape, out.tensor.strides, start * out.tensor.strides[along]);
    writeElements(part, typed);
    start += typed.tensor.shape[along];
  }
  return out;
}

export const viewCalls: Calls = {
  view,
  reshape,
  permute,
  transpose,
  reverse,
  expand,
  squeeze,
  unsqueeze,
  diagonal,
  concatenate,
  clone: (table, x) => copied(table, tensorOf(table, x)),
  contiguous: (table, x) => contiguous(table, tensorOf(table, x)),
  is_contiguous: (table, x) => (tensorOf(table, x).tensor.isContiguous ? 1 : 0),
  /** The same numbers under another handle. */
  share: (table, x) => tensorOf(table, x),
  convert: (table, x, type) => converted(table, tensorOf(table, x), typeOf(table, type)),
  shape: (table, x) => tensorOf(table, x).tensor.shape.join(','),
  strides: (table, x) => tensorOf(table, x).tensor.strides.join(','),
  type: (table, x) => tensorOf(table, x).type,
  elements: (table, x) => elementCount(tensorOf(table, x).tensor.shape),
};
