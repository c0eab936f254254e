import { PythonException } from '../python-exception';
import type { ElementType, TensorTable, TypedTensor } from '../tensor-table';
import { type Call, type Calls, dimensionOf, numberOf, numbersOf, type Parameter, scalarName, tensorOf } from './call';
import { computed } from './computed';
import { sortingCalls } from './sorting';
import { converted, isFloat } from './types';

/** Of each number that a reduction leaves while it is planned: where what it is made of begins. */
const bytesOfPlace = 32;

/** @param dims `1`, `0,1`, or empty for all. */
function dimsOf({ tensor: { shape } }: TypedTensor, dims: Parameter): number[] {
  const wanted = numbersOf(dims).map((dim) => dimensionOf(dim, shape.length));
  if (new Set(wanted).size === wanted.length) return wanted;
  throw new PythonException('RuntimeError', `dim ${wanted.join(', ')} appears multiple times in the list of dims`);
}

/** What is reduced: a tensor, its dimensions, and whether these are kept as 1. */
interface Reduction {
  readonly x: TypedTensor;
  readonly dim: readonly number[];
  readonly keepdim: boolean;
}

/** The parameters of a reduction. What planning it takes is counted. */
function reductionOf(table: TensorTable, handle: Parameter, dims: Parameter, keepdim: Parameter): Reduction {
  const x = tensorOf(table, handle);
  const dim = dimsOf(x, dims);
  const left = x.tensor.shape.reduce((count, size, at) => (dim.includes(at) ? count : count * size), 1);
  if (dim.length > 0) table.memory.take(left * bytesOfPlace);
  return { x, dim, keepdim: keepdim === 1 };
}

/** A reduction by an op of the table. @param typeOf The result's type, of the tensor's; @throws where there is none. */
function reduction(
  name: 'sum' | 'mean' | 'prod' | 'all' | 'any' | 'norm' | 'logSumExp',
  typeOf: (type: ElementType) => ElementType = (type) => type,
): Call {
  return (table, ...parameters) => {
    const [handle, dims, keepdim] = parameters;
    const { x, ...attributes } = reductionOf(table, handle, dims, keepdim);
    return computed(table, name, [x], attributes, { type: typeOf(x.type) });
  };
}

/** Truth values are counted. */
const countsTruths = (type: ElementType): ElementType => (type === 'bool' ? 'int64' : type);

function floatOf(name: string): (type: ElementType) => ElementType {
  return (type) => {
    if (isFloat(type)) return type;
    throw new PythonException(
      'RuntimeError',
      `${name}(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${scalarName(type)}`,
    );
  };
}

function spread(name: 'variance' | 'standardDeviation'): Call {
  return (table, handle, dims, keepdim, correction) => {
    const { x, ...attributes } = reductionOf(table, handle, dims, keepdim);
    if (!isFloat(x.type)) {
      throw new PythonException('RuntimeError', 'std and var only support floating point and complex dtypes');
    }
    return computed(table, name, [x], { ...attributes, correction: Number(correction) }, { type: x.type });
  };
}

/** The largest, or the smallest. @param name PyTorch's. */
function extreme(op: 'amax' | 'amin', name: 'max' | 'min'): Call {
  return (table, handle, dims, keepdim) => {
    const { x, ...attributes } = reductionOf(table, handle, dims, keepdim);
    requireSome(name, x, dims, attributes.dim);
    return computed(table, op, [x], attributes, { type: x.type });
  };
}

/** Its position along a dimension, or among all. */
function positionOfExtreme(name: 'argmax' | 'argmin'): Call {
  return (table, handle, dims, keepdim) => {
    const { x, ...attributes } = reductionOf(table, handle, dims, keepdim);
    const [dim = null, ...others] = attributes.dim;
    if (others.length > 0) throw new PythonException('TypeError', `${name}(): argument 'dim' must be int, not tuple`);
    requireSome(name, x, dims, attributes.dim);
    return computed(table, name, [x], { ...attributes, dim }, { type: 'int64' });
  };
}

/** @throws PythonException in PyTorch's words where there is nothing to choose from. */
function requireSome(name: string, { tensor }: TypedTensor, given: Parameter, dims: readonly number[]): void {
  const isEmpty = dims.length === 0 ? tensor.elements === 0 : dims.some((dim) => tensor.shape[dim] === 0);
  if (!isEmpty) return;
  throw given === ''
    ? new PythonException(
        'RuntimeError',
        `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
      )
    : new PythonException('IndexError', `${name}(): Expected reduction dim ${given} to have non-zero size.`);
}

/** Running sums or products along a dimension, each rounded to the type. */
function cumulative(name: 'cumsum' | 'cumprod'): Call {
  return (table, handle, dim) => {
    const x = tensorOf(table, handle);
    const along = dimensionOf(Number(dim), x.tensor.shape.length);
    return computed(table, name, [x], { dim: along }, { type: countsTruths(x.type) });
  };
}

/** Log-probabilities along a dimension. */
function logSoftmax(table: TensorTable, handle: Parameter, dim: Parameter): TypedTensor {
  const given = tensorOf(table, handle);
  const x = isFloat(given.type) ? given : converted(table, given, table.floatType);
  const along = dimensionOf(Number(dim), x.tensor.shape.length);
  return computed(table, 'logSoftmax', [x], { dim: along }, { type: x.type });
}

/** By way of its logarithm, as the built-in programs have it: the op `softmax` divides, and gives other last bits. */
function softmax(table: TensorTable, handle: Parameter, dim: Parameter): TypedTensor {
  const logs = logSoftmax(table, handle, dim);
  return computed(table, 'exp', [logs], {}, { type: logs.type, over: logs });
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
  const [rtol, atol] = [relative, absolute].map((tolerance) => numberOf(String(tolerance)));
  const tolerance = { rtol, atol, equalNan: nanEqual === 1 };
  const areClose = computed(table, 'isClose', [tensorOf(table, a), tensorOf(table, b)], tolerance, { type: 'bool' });
  return computed(table, 'all', [areClose], { dim: null, keepdim: false }, { type: 'bool' }).tensor.item();
}

export const reductionCalls: Calls = {
  sum: reduction('sum', countsTruths),
  mean: reduction('mean', floatOf('mean')),
  var: spread('variance'),
  std: spread('standardDeviation'),
  prod: reduction('prod'),
  max: extreme('amax', 'max'),
  min: extreme('amin', 'min'),
  argmax: positionOfExtreme('argmax'),
  argmin: positionOfExtreme('argmin'),
  all: reduction('all'),
  any: reduction('any'),
  norm: reduction('norm'),
  logsumexp: reduction('logSumExp'),
  cumsum: cumulative('cumsum'),
  cumprod: cumulative('cumprod'),
  softmax,
  log_softmax: logSoftmax,
  all_close: allClose,
  ...sortingCalls,
};
