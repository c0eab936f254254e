import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementOffsets, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Call, type Calls, dimensionOf, numberOf, numbersOf, type Parameter, scalarName, tensorOf } from './call';
import { sortingCalls } from './sorting';
import { contiguous, converted, isFloat, viewed } from './types';

/** What a reduction leaves. */
interface Reduced {
  /** The shape with each reduced dimension kept as 1. */
  readonly kept: Shape;
  /** The shape of the result. */
  readonly shape: Shape;
  /** How many elements make one of the result. */
  readonly count: number;
}

/** @param dims `1`, `0,1`, or empty for all. */
function reducedShape(x: TypedTensor, dims: Parameter, keepdim: Parameter): Reduced {
  const { shape } = x.tensor;
  const wanted = numbersOf(dims).map((dim) => dimensionOf(dim, shape.length));
  if (new Set(wanted).size < wanted.length) {
    throw new PythonException('RuntimeError', `dim ${wanted.join(', ')} appears multiple times in the list of dims`);
  }
  const isReduced = shape.map((_, dim) => wanted.length === 0 || wanted.includes(dim));
  return {
    kept: shape.map((size, dim) => (isReduced[dim] ? 1 : size)),
    shape:
      keepdim === 1 ? shape.map((size, dim) => (isReduced[dim] ? 1 : size)) : shape.filter((_, dim) => !isReduced[dim]),
    count: shape.reduce((product, size, dim) => (isReduced[dim] ? product * size : product), 1),
  };
}

function sum(table: TensorTable, handle: Parameter, dims: Parameter, keepdim: Parameter): TypedTensor {
  const given = tensorOf(table, handle);
  const x = given.type === 'bool' ? converted(table, given, 'int64') : given;
  const { kept, shape } = reducedShape(x, dims, keepdim);
  const out = table.allocate(x.type, kept);
  if (x.tensor.elements === 0) out.tensor.storage.data.fill(0, 0, out.tensor.elements);
  else table.kernels.sum(out.tensor, x.tensor)();
  return viewed(out, shape);
}

function mean(table: TensorTable, handle: Parameter, dims: Parameter, keepdim: Parameter): TypedTensor {
  const x = requireFloat('mean', tensorOf(table, handle));
  const out = sum(table, handle, dims, keepdim);
  const { count } = reducedShape(x, dims, keepdim);
  if (out.tensor.elements > 0) table.kernels.scalar('divide', out.tensor, out.tensor, count)();
  return out;
}

function variance(
  table: TensorTable,
  handle: Parameter,
  dims: Parameter,
  keepdim: Parameter,
  correction: Parameter,
): TypedTensor {
  const x = tensorOf(table, handle);
  if (!isFloat(x.type)) {
    throw new PythonException('RuntimeError', 'std and var only support floating point and complex dtypes');
  }
  const { kept, shape } = reducedShape(x, dims, keepdim);
  const out = table.allocate(x.type, kept);
  if (x.tensor.elements === 0) out.tensor.storage.data.fill(Number.NaN, 0, out.tensor.elements);
  else table.kernels.variance(out.tensor, x.tensor, Number(correction))();
  return viewed(out, shape);
}

function deviation(...parameters: Parameters<typeof variance>): TypedTensor {
  const [table] = parameters;
  const out = variance(...parameters);
  if (out.tensor.elements > 0) table.kernels.unary('sqrt', out.tensor, out.tensor)();
  return out;
}

function requireFloat(name: string, x: TypedTensor): TypedTensor {
  if (isFloat(x.type)) return x;
  throw new PythonException(
    'RuntimeError',
    `${name}(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${scalarName(x.type)}`,
  );
}

/** Visits each group of elements that reduce to one, in row-major order of the result. */
function forEachGroup(x: TypedTensor, kept: Shape, visit: (group: Float64Array, index: number) => void): void {
  const { shape, strides, offset, storage } = x.tensor;
  const isReduced = shape.map((size, dim) => kept[dim] === 1 && size !== 1);
  const pick = (reduced: boolean) => ({
    shape: shape.filter((_, dim) => isReduced[dim] === reduced),
    strides: strides.filter((_, dim) => isReduced[dim] === reduced),
  });
  const outer = pick(false);
  const inner = pick(true);
  const starts = elementOffsets(viewed(x, outer.shape, outer.strides, offset));
  const steps = elementOffsets(viewed(x, inner.shape, inner.strides, 0));
  x.block.memory.take(steps.length * 8);
  const group = new Float64Array(steps.length);
  for (const [index, start] of starts.entries()) {
    for (let i = 0; i < steps.length; i++) group[i] = storage.data[start + steps[i]];
    visit(group, index);
  }
}

/** Position of the first of the largest, or smallest, in a group; not-a-number counts as both. */
function extreme(group: Float64Array, sign: number): number {
  let best = 0;
  for (let i = 1; i < group.length; i++) {
    const value = sign * group[i];
    const present = sign * group[best];
    if (value > present || (Number.isNaN(value) && !Number.isNaN(present))) best = i;
  }
  return best;
}

/**
 * A reduction by a function of each group.
 * @param needsSome Its name where it has no value for an empty group.
 */
function reduceBy(
  type: 'same' | 'int64' | 'bool',
  f: (group: Float64Array) => number,
  needsSome: string | null = null,
): Call {
  return (table, handle, dims, keepdim) => {
    const x = tensorOf(table, handle);
    const { kept, shape, count } = reducedShape(x, dims, keepdim);
    if (needsSome !== null && count === 0) {
      throw dims === ''
        ? new PythonException(
            'RuntimeError',
            `${needsSome}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
          )
        : new PythonException('IndexError', `${needsSome}(): Expected reduction dim ${dims} to have non-zero size.`);
    }
    const out = table.allocate(type === 'same' ? x.type : type, kept);
    const { data } = out.tensor.storage;
    forEachGroup(x, kept, (group, index) => {
      data[index] = f(group);
    });
    return viewed(out, shape);
  };
}

/** Running sums or products along a dimension, each rounded to the type. */
function cumulative(combine: (before: number, value: number) => number): Call {
  return (table, handle, dim) => {
    const x = tensorOf(table, handle);
    const along = dimensionOf(Number(dim), x.tensor.shape.length);
    const out = table.allocate(x.type === 'bool' ? 'int64' : x.type, x.tensor.shape);
    const { data } = out.tensor.storage;
    const stride = out.tensor.strides[along] ?? 0;
    const size = x.tensor.shape[along] ?? 1;
    for (const [index, at] of elementOffsets(x).entries()) {
      const isFirst = Math.floor(index / Math.max(stride, 1)) % size === 0;
      const value = x.tensor.storage.data[at];
      data[index] = isFirst ? value : combine(data[index - stride], value);
    }
    return out;
  };
}

/** Log-probabilities along a dimension, by the engine's kernel for the rows of a matrix. */
export function logSoftmax(table: TensorTable, x: TypedTensor, dim: number): TypedTensor {
  const along = dimensionOf(dim, x.tensor.shape.length);
  const input = isFloat(x.type) ? x : converted(table, x, table.floatType);
  const { shape, strides, offset } = input.tensor;
  const last = shape.length - 1;
  const order = shape.map((_, position) => (position === last ? along : position < along ? position : position + 1));
  const moved = viewed(
    input,
    order.map((source) => shape[source]),
    order.map((source) => strides[source]),
    offset,
  );
  const columns = shape[along] ?? 1;
  const rows = input.tensor.elements / Math.max(columns, 1);
  const rowsFirst = contiguous(table, moved);
  const out = table.allocate(input.type, [rows, columns]);
  if (out.tensor.elements > 0) table.kernels.logSoftmax(out.tensor, viewed(rowsFirst, [rows, columns]).tensor)();
  const result = viewed(out, moved.tensor.shape);
  const inverse = shape.map((_, dimension) => order.indexOf(dimension));
  return contiguous(
    table,
    viewed(
      result,
      inverse.map((position) => result.tensor.shape[position]),
      inverse.map((position) => result.tensor.strides[position]),
    ),
  );
}

function softmax(table: TensorTable, x: TypedTensor, dim: number): TypedTensor {
  const out = logSoftmax(table, x, dim);
  if (out.tensor.elements > 0) table.kernels.unary('exp', out.tensor, out.tensor)();
  return out;
}

/** Whether all elements are close, or, with both tolerances 0, equal. */
function allClose(
  table: TensorTable,
  a: Parameter,
  b: Parameter,
  relative: Parameter,
  absolute: Parameter,
  nanEqual: Parameter,
): number {
  const [left, right] = [tensorOf(table, a), tensorOf(table, b)];
  const [x, y] = [left.tensor.storage.data, right.tensor.storage.data];
  const atX = elementOffsets(left);
  const atY = elementOffsets(right);
  for (let i = 0; i < atX.length; i++) {
    const [own, other] = [x[atX[i]], y[atY[i]]];
    const isSame = own === other || (nanEqual === 1 && Number.isNaN(own) && Number.isNaN(other));
    const allowed = numberOf(String(absolute)) + numberOf(String(relative)) * Math.abs(other);
    if (!isSame && !(Math.abs(own - other) <= allowed && Number.isFinite(own - other))) return 0;
  }
  return 1;
}

export const reductionCalls: Calls = {
  sum,
  mean,
  var: variance,
  std: deviation,
  prod: reduceBy('same', (group) => group.reduce((product, value) => product * value, 1)),
  max: reduceBy('same', (group) => group[extreme(group, 1)], 'max'),
  min: reduceBy('same', (group) => group[extreme(group, -1)], 'min'),
  argmax: reduceBy('int64', (group) => extreme(group, 1), 'argmax'),
  argmin: reduceBy('int64', (group) => extreme(group, -1), 'argmin'),
  all: reduceBy('bool', (group) => (group.every((value) => value !== 0) ? 1 : 0)),
  any: reduceBy('bool', (group) => (group.some((value) => value !== 0) ? 1 : 0)),
  cumsum: cumulative((before, value) => before + value),
  cumprod: cumulative((before, value) => before * value),
  softmax: (table, x, dim) => softmax(table, tensorOf(table, x), Number(dim)),
  log_softmax: (table, x, dim) => logSoftmax(table, tensorOf(table, x), Number(dim)),
  all_close: allClose,
  ...sortingCalls,
};
