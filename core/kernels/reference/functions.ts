import type { ComparisonKind, LogicKind, PredicateKind, UnaryKind } from '../kernels';
import { complementaryErrorFunction, errorFunction } from './error-function';

/** a ** b as C has it: 1 to any power is 1, and so is −1 to an infinite one, where JavaScript has NaN. */
export function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY)) return 1;
  return a ** b;
}

/** a % b with the divisor's sign, as Python's. */
function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** The exact quotient's floor, which floor(a / b) need not be, because a / b is rounded first: c10::div_floor_floating. */
function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const whole = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  // A zero of the quotient's sign.
  if (whole === 0) return Math.sign(a / b) * 0;
  const floor = Math.floor(whole);
  return whole - floor > 0.5 ? floor + 1 : floor;
}

/** √(a² + b²), also where a square is too large or too small for a number. */
function hypot(a: number, b: number): number {
  const root = Math.sqrt(a * a + b * b);
  return root > 1e-150 && root < 1e150 ? root : Math.hypot(a, b);
}

/** log(eᵃ + eᵇ) where neither eᵃ nor eᵇ need be a finite number. */
function logaddexp(a: number, b: number): number {
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** To the nearest, halves to the even. */
function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const comparisons: Readonly<Record<ComparisonKind, (a: number, b: number) => number>> = {
  equal: (a, b) => (a === b ? 1 : 0),
  notEqual: (a, b) => (a !== b ? 1 : 0),
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  greater: (a, b) => (a > b ? 1 : 0),
  greaterEqual: (a, b) => (a >= b ? 1 : 0),
};

const logic: Readonly<Record<LogicKind, (a: number, b: number) => number>> = {
  bitwiseAnd: (a, b) => a & b,
  bitwiseOr: (a, b) => a | b,
  bitwiseXor: (a, b) => a ^ b,
  logicalAnd: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  logicalOr: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
  logicalXor: (a, b) => ((a !== 0) !== (b !== 0) ? 1 : 0),
};

/** Functions of two numbers, computed in float64. */
export const binaryFunctions = {
  maximum: Math.max,
  minimum: Math.min,
  power,
  floorDivide,
  remainder,
  fmod: (a: number, b: number) => a % b,
  atan2: Math.atan2,
  hypot,
  logaddexp,
  xlogy: (a: number, b: number) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b)),
  ...comparisons,
  ...logic,
};

const predicates: Readonly<Record<PredicateKind, (x: number) => number>> = {
  isnan: (x) => (Number.isNaN(x) ? 1 : 0),
  isinf: (x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? 1 : 0),
  isfinite: (x) => (Number.isFinite(x) ? 1 : 0),
  logicalNot: (x) => (x === 0 ? 1 : 0),
};

type Elementary = 'copy' | 'negate' | 'exp' | 'log' | 'tanh' | 'sqrt';

/** Functions of one number, computed in float64. */
export const unaryFunctions: Readonly<Record<Exclude<UnaryKind, Elementary>, (x: number) => number>> = {
  abs: Math.abs,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: roundHalfToEven,
  reciprocal: (x) => 1 / x,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf: errorFunction,
  erfc: complementaryErrorFunction,
  ...predicates,
};
