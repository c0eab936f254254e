import { elementCount, type Shape, ShapeError } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { type Calls, dimensionOf, listShape, numbersOf, type Parameter, scalarName, tensorOf, typeOf } from './call';
import { computed } from './computed';
import { asOperand, converted, expanded, promotedType } from './types';

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

function view(table: TensorTable, handle: Parameter, wanted: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const shape = inferShape(numbersOf(wanted), x.tensor.elements);
  try {
    return computed(table, 'view', [x], { shape }, x);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new PythonException(
      'RuntimeError',
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two " +
        'contiguous subspaces). Use .reshape(...) instead.',
    );
  }
}

function reshape(table: TensorTable, handle: Parameter, wanted: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  return computed(table, 'reshape', [x], { shape: inferShape(numbersOf(wanted), x.tensor.elements) }, x);
}

/** The dimensions in another order. */
function permute(table: TensorTable, handle: Parameter, wanted: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const rank = x.tensor.shape.length;
  const given = numbersOf(wanted);
  if (given.length !== rank) {
    throw new PythonException(
      'RuntimeError',
      'permute(): number of dimensions in the tensor input does not match the length of the desired ordering of ' +
        `dimensions i.e. input.dim() = ${rank} is not equal to len(dims) = ${given.length}`,
    );
  }
  const dims = given.map((dim) => dimensionOf(dim, rank));
  if (new Set(dims).size < dims.length) {
    throw new PythonException('RuntimeError', 'permute(): duplicate dims are not allowed.');
  }
  return computed(table, 'permute', [x], { dims }, x);
}

function transpose(table: TensorTable, handle: Parameter, first: Parameter, second: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const { shape } = x.tensor;
  const [a, b] = [first, second].map((dim) => dimensionOf(Number(dim), shape.length));
  const dims = shape.map((_, dim) => (dim === a ? b : dim === b ? a : dim));
  return computed(table, 'permute', [x], { dims }, x);
}

/** `.T`: all dimensions reversed. */
function reverse(table: TensorTable, handle: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  return computed(table, 'permute', [x], { dims: [...x.tensor.shape.keys()].reverse() }, x);
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
  requireExpands(x, target);
  return computed(table, 'expand', [x], { shape: target }, x);
}

/** @throws PythonException in PyTorch's words where the tensor does not broadcast to `shape`. */
function requireExpands({ tensor: { shape: own } }: TypedTensor, shape: Shape): void {
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
}

/** The view that broadcasts to `shape`. @throws PythonException in PyTorch's words where there is none. */
export function expandedTo(x: TypedTensor, shape: Shape): TypedTensor {
  requireExpands(x, shape);
  return expanded(x, shape);
}

/** @param dims Empty for every dimension of size 1. */
function squeeze(table: TensorTable, handle: Parameter, dims: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  const rank = x.tensor.shape.length;
  const wanted = numbersOf(dims).map((dim) => dimensionOf(dim, rank));
  return computed(table, 'squeeze', [x], { dim: wanted.length === 0 || rank === 0 ? null : wanted }, x);
}

function unsqueeze(table: TensorTable, handle: Parameter, dim: Parameter): TypedTensor {
  const x = tensorOf(table, handle);
  return computed(table, 'unsqueeze', [x], { dim: dimensionOf(Number(dim), x.tensor.shape.length + 1) }, x);
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
  const [dim1, dim2] = [first, second].map((dim) => dimensionOf(Number(dim), x.tensor.shape.length));
  if (dim1 === dim2) {
    throw new PythonException('RuntimeError', `diagonal dimensions cannot be identical ${first}, ${second}`);
  }
  return computed(table, 'diagonal', [x], { offset: Number(offset), dim1, dim2 }, x);
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
  const parts = tensors.map((typed) => converted(table, typed, type));
  return computed(table, 'cat', parts, { dim: along }, { type });
}

/** By the op of this name, which takes the tensor alone. */
function copying(name: 'clone' | 'contiguous') {
  return (table: TensorTable, handle: Parameter): TypedTensor => {
    const x = tensorOf(table, handle);
    return computed(table, name, [x], {}, x);
  };
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
  clone: copying('clone'),
  contiguous: copying('contiguous'),
  is_contiguous: (table, x) => (tensorOf(table, x).tensor.isContiguous ? 1 : 0),
  /** The same numbers under another handle. */
  share: (table, x) => tensorOf(table, x),
  convert: (table, x, type) => converted(table, tensorOf(table, x), typeOf(table, type)),
  shape: (table, x) => tensorOf(table, x).tensor.shape.join(','),
  strides: (table, x) => tensorOf(table, x).tensor.strides.join(','),
  type: (table, x) => tensorOf(table, x).type,
  elements: (table, x) => elementCount(tensorOf(table, x).tensor.shape),
};
