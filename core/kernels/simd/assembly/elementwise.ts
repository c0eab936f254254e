import { loadFirst, storeFirst, VECTOR } from './vectors';

// Kinds, as core/kernels/simd/simd.ts numbers them.
const ADD: i32 = 0;
const SUBTRACT: i32 = 1;
const MULTIPLY: i32 = 2;
const DIVIDE: i32 = 3;

const SUBTRACT_FROM: i32 = 4;
const MAXIMUM: i32 = 5;
const MINIMUM: i32 = 6;
const EQUAL: i32 = 7;
const NOT_EQUAL: i32 = 8;
const LESS: i32 = 9;
const LESS_EQUAL: i32 = 10;
const GREATER: i32 = 11;
const GREATER_EQUAL: i32 = 12;

const NEGATE: i32 = 1;
const SQUARE_ROOT: i32 = 2;
const ABSOLUTE: i32 = 3;
const SIGN: i32 = 4;
const RECIPROCAL: i32 = 5;
const FLOOR: i32 = 6;
const CEIL: i32 = 7;
const TRUNC: i32 = 8;
const ROUND: i32 = 9;

// `kind` is a constant wherever these are called, so that each call is one loop without a choice in it.

// @ts-ignore: decorator
@inline
function combine(kind: i32, a: v128, b: v128): v128 {
  if (kind === ADD) return f32x4.add(a, b);
  if (kind === SUBTRACT) return f32x4.sub(a, b);
  if (kind === MULTIPLY) return f32x4.mul(a, b);
  if (kind === DIVIDE) return f32x4.div(a, b);
  if (kind === SUBTRACT_FROM) return f32x4.sub(b, a);
  if (kind === MAXIMUM) return f32x4.max(a, b);
  if (kind === MINIMUM) return f32x4.min(a, b);
  return v128.and(compare(kind, a, b), i32x4.splat(1));
}

// @ts-ignore: decorator
@inline
function compare(kind: i32, a: v128, b: v128): v128 {
  if (kind === EQUAL) return f32x4.eq(a, b);
  if (kind === NOT_EQUAL) return f32x4.ne(a, b);
  if (kind === LESS) return f32x4.lt(a, b);
  if (kind === LESS_EQUAL) return f32x4.le(a, b);
  if (kind === GREATER) return f32x4.gt(a, b);
  return f32x4.ge(a, b);
}

// @ts-ignore: decorator
@inline
function combineVectors(kind: i32, out: usize, a: usize, b: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, a += VECTOR, b += VECTOR) {
    v128.store(out, combine(kind, v128.load(a), v128.load(b)));
  }
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, combine(kind, loadFirst(a, rest), loadFirst(b, rest)), rest);
}

// @ts-ignore: decorator
@inline
function combineWithSecond(kind: i32, out: usize, a: usize, b: v128, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, a += VECTOR) v128.store(out, combine(kind, v128.load(a), b));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, combine(kind, loadFirst(a, rest), b), rest);
}

// @ts-ignore: decorator
@inline
function combineWithFirst(kind: i32, out: usize, a: v128, b: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, b += VECTOR) v128.store(out, combine(kind, a, v128.load(b)));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, combine(kind, a, loadFirst(b, rest)), rest);
}

// @ts-ignore: decorator
@inline
function combineRows(
  kind: i32,
  rows: usize,
  count: usize,
  out: usize,
  outRow: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
): void {
  for (; rows > 0; rows--, out += outRow, a += aRow, b += bRow) {
    if (aStep !== 0) {
      if (bStep !== 0) combineVectors(kind, out, a, b, count);
      else combineWithSecond(kind, out, a, v128.load32_splat(b), count);
    } else combineWithFirst(kind, out, v128.load32_splat(a), b, count);
  }
}

/**
 * out = a ∘ b over `rows` rows of `count` numbers. From row to row each operand goes on by its own bytes; within a row it
 * goes on by 1 number or stays (a step of 0). `out` may be `a` or `b`. Comparisons give int32, 1 or 0.
 */
export function binary(
  kind: i32,
  rows: usize,
  count: usize,
  out: usize,
  outRow: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
): void {
  if (kind === ADD) combineRows(ADD, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === SUBTRACT) combineRows(SUBTRACT, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === MULTIPLY) combineRows(MULTIPLY, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === DIVIDE) combineRows(DIVIDE, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === MAXIMUM) combineRows(MAXIMUM, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === MINIMUM) combineRows(MINIMUM, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === EQUAL) combineRows(EQUAL, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === NOT_EQUAL) combineRows(NOT_EQUAL, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === LESS) combineRows(LESS, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === LESS_EQUAL) combineRows(LESS_EQUAL, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else if (kind === GREATER) combineRows(GREATER, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
  else combineRows(GREATER_EQUAL, rows, count, out, outRow, a, aRow, aStep, b, bRow, bStep);
}

/** out = x ∘ scalar of `count` numbers in a run. */
export function scalar(kind: i32, out: usize, x: usize, count: usize, value: f32): void {
  const splat = f32x4.splat(value);
  if (kind === ADD) combineWithSecond(ADD, out, x, splat, count);
  else if (kind === MULTIPLY) combineWithSecond(MULTIPLY, out, x, splat, count);
  else if (kind === DIVIDE) combineWithSecond(DIVIDE, out, x, splat, count);
  else combineWithSecond(SUBTRACT_FROM, out, x, splat, count);
}

// @ts-ignore: decorator
@inline
function change(kind: i32, x: v128): v128 {
  if (kind === NEGATE) return f32x4.neg(x);
  if (kind === SQUARE_ROOT) return f32x4.sqrt(x);
  if (kind === ABSOLUTE) return f32x4.abs(x);
  if (kind === SIGN) {
    const zero = f32x4.splat(0);
    const positive = v128.and(f32x4.gt(x, zero), f32x4.splat(1));
    return v128.or(positive, v128.and(f32x4.lt(x, zero), f32x4.splat(-1)));
  }
  if (kind === RECIPROCAL) return f32x4.div(f32x4.splat(1), x);
  if (kind === FLOOR) return f32x4.floor(x);
  if (kind === CEIL) return f32x4.ceil(x);
  if (kind === TRUNC) return f32x4.trunc(x);
  return f32x4.nearest(x);
}

// @ts-ignore: decorator
@inline
function changeAll(kind: i32, out: usize, x: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, change(kind, v128.load(x)));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, change(kind, loadFirst(x, rest)), rest);
}

/** out = f(x) of `count` numbers in a run. */
export function unary(kind: i32, out: usize, x: usize, count: usize): void {
  if (kind === NEGATE) changeAll(NEGATE, out, x, count);
  else if (kind === SQUARE_ROOT) changeAll(SQUARE_ROOT, out, x, count);
  else if (kind === ABSOLUTE) changeAll(ABSOLUTE, out, x, count);
  else if (kind === SIGN) changeAll(SIGN, out, x, count);
  else if (kind === RECIPROCAL) changeAll(RECIPROCAL, out, x, count);
  else if (kind === FLOOR) changeAll(FLOOR, out, x, count);
  else if (kind === CEIL) changeAll(CEIL, out, x, count);
  else if (kind === TRUNC) changeAll(TRUNC, out, x, count);
  else changeAll(ROUND, out, x, count);
}

/** Copies rows, each a run of numbers or one number repeated (a step of 0). */
export function copy(
  rows: usize,
  count: usize,
  out: usize,
  outRow: usize,
  x: usize,
  xRow: usize,
  xStep: usize,
): void {
  for (; rows > 0; rows--, out += outRow, x += xRow) {
    if (xStep !== 0) memory.copy(out, x, count * 4);
    else fill(out, count, load<f32>(x));
  }
}

/** out = gradient · (1 − result · result), rounded after each operation. */
export function tanhGradient(out: usize, gradient: usize, result: usize, count: usize): void {
  const one = f32x4.splat(1);
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, gradient += VECTOR, result += VECTOR) {
    const y = v128.load(result);
    v128.store(out, f32x4.mul(v128.load(gradient), f32x4.sub(one, f32x4.mul(y, y))));
  }
  const rest = count & 3;
  if (rest === 0) return;
  const y = loadFirst(result, rest);
  storeFirst(out, f32x4.mul(loadFirst(gradient, rest), f32x4.sub(one, f32x4.mul(y, y))), rest);
}

// @ts-ignore: decorator
@inline
function towardsDivisor(gradient: v128, a: v128, b: v128): v128 {
  return f32x4.neg(f32x4.mul(gradient, f32x4.div(f32x4.div(a, b), b)));
}

/** out = −gradient · ((a / b) / b) over rows, of which b may be one repeated (a row of 0 bytes). */
export function divisorGradient(
  rows: usize,
  count: usize,
  out: usize,
  gradient: usize,
  a: usize,
  b: usize,
  bRow: usize,
): void {
  const rest = count & 3;
  const whole = (count - rest) * 4;
  const rowBytes = count * 4;
  for (; rows > 0; rows--, out += rowBytes, gradient += rowBytes, a += rowBytes, b += bRow) {
    for (let at: usize = 0; at < whole; at += VECTOR) {
      v128.store(out + at, towardsDivisor(v128.load(gradient + at), v128.load(a + at), v128.load(b + at)));
    }
    if (rest === 0) continue;
    const last = towardsDivisor(loadFirst(gradient + whole, rest), loadFirst(a + whole, rest), loadFirst(b + whole, rest));
    storeFirst(out + whole, last, rest);
  }
}

/** out = value. */
export function fill(out: usize, count: usize, value: f32): void {
  const splat = f32x4.splat(value);
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR) v128.store(out, splat);
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, splat, rest);
}

/** Two float64 numbers to the power of ±halves / 2, by products and a root. */
// @ts-ignore: decorator
@inline
function halfPower(x: v128, halves: i32, isInverse: bool): v128 {
  let result = f64x2.splat(1);
  for (let i = halves >> 1; i > 0; i--) result = f64x2.mul(result, x);
  if ((halves & 1) !== 0) result = f64x2.mul(result, f64x2.sqrt(x));
  return isInverse ? f64x2.div(f64x2.splat(1), result) : result;
}

// @ts-ignore: decorator
@inline
function halfPowers(x: v128, halves: i32, isInverse: bool): v128 {
  const low = halfPower(f64x2.promote_low_f32x4(x), halves, isInverse);
  const high = halfPower(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)), halves, isInverse);
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** out = x ** (±halves / 2), computed in float64 and rounded once. */
export function powerOfHalves(out: usize, x: usize, count: usize, halves: i32, isInverse: bool): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, halfPowers(v128.load(x), halves, isInverse));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, halfPowers(loadFirst(x, rest), halves, isInverse), rest);
}

const SQUARE: i32 = 0;
const CUBE: i32 = 1;
const ROOT: i32 = 2;
const INVERSE_SQUARE: i32 = 3;
const INVERSE_ROOT: i32 = 4;

// @ts-ignore: decorator
@inline
function roundedPower(kind: i32, x: v128): v128 {
  if (kind === SQUARE) return f32x4.mul(x, x);
  if (kind === CUBE) return f32x4.mul(f32x4.mul(x, x), x);
  if (kind === ROOT) return f32x4.sqrt(x);
  if (kind === INVERSE_SQUARE) return f32x4.div(f32x4.splat(1), f32x4.mul(x, x));
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
}

// @ts-ignore: decorator
@inline
function roundedPowers(kind: i32, out: usize, x: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, roundedPower(kind, v128.load(x)));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, roundedPower(kind, loadFirst(x, rest)), rest);
}

/** x², x³, √x, 1/x², 1/√x, rounded after every operation as PyTorch computes them. */
export function power(kind: i32, out: usize, x: usize, count: usize): void {
  if (kind === SQUARE) roundedPowers(SQUARE, out, x, count);
  else if (kind === CUBE) roundedPowers(CUBE, out, x, count);
  else if (kind === ROOT) roundedPowers(ROOT, out, x, count);
  else if (kind === INVERSE_SQUARE) roundedPowers(INVERSE_SQUARE, out, x, count);
  else roundedPowers(INVERSE_ROOT, out, x, count);
}
