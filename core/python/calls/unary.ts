import type { UnaryKind } from '../../kernels/kernels';
import { complementaryErrorFunction, errorFunction } from '../../kernels/reference/error-function';
import { PythonException } from '../python-exception';
import { type ElementType, elementOffsets, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Call, type Calls, tensorOf } from './call';
import { converted, isFloat, overwrite } from './types';

/** An operation on one tensor: a kernel of the engine, or what gives each element where there is none. */
type Unary = ({ readonly kernel: UnaryKind } | { readonly byNumber: (x: number) => number }) & {
  /** Whole numbers stay so; otherwise they are computed as floats. */
  readonly keepsWhole?: boolean;
  readonly result?: ElementType;
  /** Why there is none of truth values. */
  readonly refusesBool?: string;
};

/** To the nearest, halves to the even, as PyTorch does. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const negationOfBool =
  'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.';

const unaries: Readonly<Record<string, Unary>> = {
  negate: { kernel: 'negate', keepsWhole: true, refusesBool: negationOfBool },
  exp: { kernel: 'exp' },
  log: { kernel: 'log' },
  log2: { byNumber: Math.log2 },
  log10: { byNumber: Math.log10 },
  log1p: { byNumber: Math.log1p },
  exp2: { byNumber: (x) => 2 ** x },
  expm1: { byNumber: Math.expm1 },
  tanh: { kernel: 'tanh' },
  sqrt: { kernel: 'sqrt' },
  sin: { byNumber: Math.sin },
  cos: { byNumber: Math.cos },
  tan: { byNumber: Math.tan },
  asin: { byNumber: Math.asin },
  acos: { byNumber: Math.acos },
  atan: { byNumber: Math.atan },
  sinh: { byNumber: Math.sinh },
  cosh: { byNumber: Math.cosh },
  asinh: { byNumber: Math.asinh },
  acosh: { byNumber: Math.acosh },
  atanh: { byNumber: Math.atanh },
  erf: { byNumber: errorFunction },
  erfc: { byNumber: complementaryErrorFunction },
  sigmoid: { byNumber: (x) => 1 / (1 + Math.exp(-x)) },
  relu: { byNumber: (x) => (x < 0 ? 0 : x), keepsWhole: true },
  abs: { byNumber: Math.abs, keepsWhole: true },
  sign: { byNumber: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0), keepsWhole: true },
  floor: { byNumber: Math.floor, keepsWhole: true },
  ceil: { byNumber: Math.ceil, keepsWhole: true },
  trunc: { byNumber: Math.trunc, keepsWhole: true },
  round: { byNumber: roundHalfToEven, keepsWhole: true },
  isnan: { byNumber: (x) => (Number.isNaN(x) ? 1 : 0), keepsWhole: true, result: 'bool' },
  isinf: { byNumber: (x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? 1 : 0), keepsWhole: true, result: 'bool' },
  isfinite: { byNumber: (x) => (Number.isFinite(x) ? 1 : 0), keepsWhole: true, result: 'bool' },
  logical_not: { byNumber: (x) => (x === 0 ? 1 : 0), keepsWhole: true, result: 'bool' },
};

function applyUnary(table: TensorTable, unary: Unary, x: TypedTensor): TypedTensor {
  if (x.type === 'bool' && unary.refusesBool !== undefined) {
    throw new PythonException('RuntimeError', unary.refusesBool);
  }
  const input = isFloat(x.type) || unary.keepsWhole === true ? x : converted(table, x, table.floatType);
  const out = table.allocate(unary.result ?? input.type, input.tensor.shape);
  if (out.tensor.elements === 0) return out;
  if ('kernel' in unary) table.kernels.unary(unary.kernel, out.tensor, input.tensor)();
  else applyByNumber(out, input, unary.byNumber);
  return out;
}

function applyByNumber(out: TypedTensor, x: TypedTensor, f: (value: number) => number): void {
  const { data } = out.tensor.storage;
  const from = x.tensor.storage.data;
  for (const [index, at] of elementOffsets(x).entries()) data[out.tensor.offset + index] = f(from[at]);
}

/** `name(x)`, and in place `name_(x)`. */
function callsOfTable(): Calls {
  const calls: Record<string, Call> = {};
  for (const [name, unary] of Object.entries(unaries)) {
    calls[name] = (table, x) => applyUnary(table, unary, tensorOf(table, x));
    calls[`${name}_`] = (table, x) => overwrite(tensorOf(table, x), applyUnary(table, unary, tensorOf(table, x)));
  }
  return calls;
}

export const unaryCalls: Calls = callsOfTable();
