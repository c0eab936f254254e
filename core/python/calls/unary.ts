import type { PlainOpName } from '../../ops/table';
import { isFloat } from '../../ops/types';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { type Call, type Calls, tensorOf } from './call';
import { computed } from './computed';
import { converted, overwrite } from './types';

/** An operation on one tensor. */
interface Unary {
  readonly op: PlainOpName;
  /** Of whole numbers and truth values as they are; otherwise they are computed as floats. */
  readonly keepsWhole?: boolean;
  /** Why there is none of truth values. */
  readonly refusesBool?: string;
}

const negationOfBool =
  'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.';

const ofFloats = (op: PlainOpName): Unary => ({ op });
const ofNumbers = (op: PlainOpName): Unary => ({ op, keepsWhole: true });

const unaries: Readonly<Record<string, Unary>> = {
  negate: { op: 'negate', keepsWhole: true, refusesBool: negationOfBool },
  exp: ofFloats('exp'),
  log: ofFloats('log'),
  log2: ofFloats('log2'),
  log10: ofFloats('log10'),
  log1p: ofFloats('log1p'),
  exp2: ofFloats('exp2'),
  expm1: ofFloats('expm1'),
  tanh: ofFloats('tanh'),
  sqrt: ofFloats('sqrt'),
  sin: ofFloats('sin'),
  cos: ofFloats('cos'),
  tan: ofFloats('tan'),
  asin: ofFloats('asin'),
  acos: ofFloats('acos'),
  atan: ofFloats('atan'),
  sinh: ofFloats('sinh'),
  cosh: ofFloats('cosh'),
  asinh: ofFloats('asinh'),
  acosh: ofFloats('acosh'),
  atanh: ofFloats('atanh'),
  erf: ofFloats('erf'),
  erfc: ofFloats('erfc'),
  sigmoid: ofFloats('sigmoid'),
  relu: ofNumbers('relu'),
  abs: ofNumbers('abs'),
  sign: ofNumbers('sign'),
  floor: ofNumbers('floor'),
  ceil: ofNumbers('ceil'),
  trunc: ofNumbers('trunc'),
  round: ofNumbers('round'),
  isnan: ofNumbers('isnan'),
  isinf: ofNumbers('isinf'),
  isfinite: ofNumbers('isfinite'),
  logical_not: ofNumbers('logicalNot'),
};

function compute(table: TensorTable, { op, keepsWhole, refusesBool }: Unary, x: TypedTensor): TypedTensor {
  if (x.type === 'bool' && refusesBool !== undefined) throw new PythonException('RuntimeError', refusesBool);
  const type = isFloat(x.type) || keepsWhole === true ? x.type : table.floatType;
  return computed(table, op, [converted(table, x, type)], {}, { type });
}

/** `name(x)`, and in place `name_(x)`. */
function callsOfTable(): Calls {
  const calls: Record<string, Call> = {};
  for (const [name, unary] of Object.entries(unaries)) {
    calls[name] = (table, x) => compute(table, unary, tensorOf(table, x));
    calls[`${name}_`] = (table, x) => overwrite(tensorOf(table, x), compute(table, unary, tensorOf(table, x)));
  }
  return calls;
}

export const unaryCalls: Calls = callsOfTable();
