import { loadFirst, multiplyAdd, storeFirst, VECTOR } from './vectors';

// exp, log and tanh as Cephes has them in single precision (S. L. Moshier, netlib.org/cephes, expf.c, logf.c, tanhf.c): the
// argument is reduced to a short interval, where a polynomial is exact to less than a unit in the last place.

// @ts-ignore: decorator
@inline
function single(x: f32): v128 {
  return f32x4.splat(x);
}

/** Added to a number of magnitude under 2^22 it leaves no place for a fraction: the sum's low bits are the whole number. */
const ROUNDING: f32 = 12582912;

/** 2 to a whole number from −126 to 127, given as the sum of it and `ROUNDING`. */
// @ts-ignore: decorator
@inline
function powerOfTwo(shifted: v128): v128 {
  return i32x4.add(i32x4.shl(shifted, 23), single(1));
}

/** e^r for |r| ≤ ½ ln 2. */
// @ts-ignore: decorator
@inline
function expReduced(r: v128): v128 {
  let p = single(1.9875691500e-4);
  p = multiplyAdd(p, r, single(1.3981999507e-3));
  p = multiplyAdd(p, r, single(8.3334519073e-3));
  p = multiplyAdd(p, r, single(4.1665795894e-2));
  p = multiplyAdd(p, r, single(1.6666665459e-1));
  p = multiplyAdd(p, r, single(5.0000001201e-1));
  return f32x4.add(multiplyAdd(p, f32x4.mul(r, r), r), single(1));
}

/** r = x − n · ln 2, in two parts so that nothing is lost. */
// @ts-ignore: decorator
@inline
function reduceByLogTwo(x: v128, n: v128): v128 {
  return multiplyAdd(n, single(2.12194440e-4), multiplyAdd(n, single(-0.693359375), x));
}

/** e^x. At most 1.1 ulp off; 0 below −104, infinity above 88.7228, subnormal results included. */
// @ts-ignore: decorator
@inline
export function expOf(x: v128): v128 {
  // Beyond these bounds the result is 0 or infinity anyway. A NaN is what pmin and pmax leave as it is.
  const bounded = f32x4.pmax(f32x4.pmin(x, single(89)), single(-104.5));
  const shifted = f32x4.add(f32x4.mul(bounded, single(1.44269504088896341)), single(ROUNDING));
  const value = expReduced(reduceByLogTwo(bounded, f32x4.sub(shifted, single(ROUNDING))));
  // In two factors: 2^n alone may be too large or too small where the product is not.
  const whole = i32x4.sub(shifted, single(ROUNDING));
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(value, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

/** ln x. At most 0.9 ulp off; −infinity of 0, NaN below. */
// @ts-ignore: decorator
@inline
export function logOf(x: v128): v128 {
  // Subnormal numbers are made normal first.
  const isSmall = f32x4.lt(x, single(1.1754944e-38));
  const scaled = v128.bitselect(f32x4.mul(x, single(8388608)), x, isSmall);
  const exponentShift = v128.and(isSmall, i32x4.splat(23));
  // x = m · 2^e with m from √½ to √2.
  const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), exponentShift);
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(exponent);
  const f = f32x4.sub(mantissa, single(1));
  const square = f32x4.mul(f, f);
  let p = single(7.0376836292e-2);
  p = multiplyAdd(p, f, single(-1.1514610310e-1));
  p = multiplyAdd(p, f, single(1.1676998740e-1));
  p = multiplyAdd(p, f, single(-1.2420140846e-1));
  p = multiplyAdd(p, f, single(1.4249322787e-1));
  p = multiplyAdd(p, f, single(-1.6668057665e-1));
  p = multiplyAdd(p, f, single(2.0000714765e-1));
  p = multiplyAdd(p, f, single(-2.4999993993e-1));
  p = multiplyAdd(p, f, single(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = multiplyAdd(e, single(-2.12194440e-4), y);
  y = multiplyAdd(square, single(-0.5), y);
  let result = f32x4.add(f, y);
  result = multiplyAdd(e, single(0.693359375), result);
  const zero = single(0);
  result = v128.bitselect(single(-Infinity), result, f32x4.eq(x, zero));
  result = v128.bitselect(x, result, f32x4.eq(x, single(Infinity)));
  // Negative numbers, and NaN, which is not ≥ 0 either.
  return v128.bitselect(result, single(NaN), f32x4.ge(x, zero));
}

/** tanh x. At most 1.4 ulp off. */
// @ts-ignore: decorator
@inline
export function tanhOf(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = single(-5.70498872745e-3);
  p = multiplyAdd(p, square, single(2.06390887954e-2));
  p = multiplyAdd(p, square, single(-5.37397155531e-2));
  p = multiplyAdd(p, square, single(1.33314422036e-1));
  p = multiplyAdd(p, square, single(-3.33332819422e-1));
  const near = multiplyAdd(f32x4.mul(p, square), x, x);
  // 1 − 2 / (e^2|x| + 1); from 9.02 on it is 1 to float32.
  const twice = f32x4.pmin(f32x4.add(magnitude, magnitude), single(20));
  const shifted = f32x4.add(f32x4.mul(twice, single(1.44269504088896341)), single(ROUNDING));
  const reduced = reduceByLogTwo(twice, f32x4.sub(shifted, single(ROUNDING)));
  const exponential = f32x4.mul(expReduced(reduced), powerOfTwo(shifted));
  const far = f32x4.sub(single(1), f32x4.div(single(2), f32x4.add(exponential, single(1))));
  // Not the other way round, so that a NaN takes the branch that keeps it.
  const value = v128.bitselect(far, near, f32x4.ge(magnitude, single(0.625)));
  // The sign of x, which −0 has lost on the way, too.
  return v128.or(value, v128.and(x, i32x4.splat(0x80000000)));
}

/**
 * erf x, by N. Juffa’s approximations (stackoverflow.com/questions/35148198). At most 1 ulp off.
 */
// @ts-ignore: decorator
@inline
export function erfOf(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = single(-5.96761703e-4);
  p = multiplyAdd(p, square, single(4.99119423e-3));
  p = multiplyAdd(p, square, single(-2.67681349e-2));
  p = multiplyAdd(p, square, single(1.12819925e-1));
  p = multiplyAdd(p, square, single(-3.76125336e-1));
  p = multiplyAdd(p, square, single(1.28379166e-1));
  const near = multiplyAdd(p, x, x);
  // 1 − e^q; from 3.92 on it is 1 to float32. Bounded, so that the polynomial stays a number.
  const t = f32x4.pmin(magnitude, single(4));
  const tSquare = f32x4.mul(t, t);
  let q = multiplyAdd(single(-1.72853470e-5), t, single(3.83197126e-4));
  q = multiplyAdd(q, tSquare, multiplyAdd(single(-3.88396438e-3), t, single(2.42546219e-2)));
  q = multiplyAdd(q, t, single(-1.06777877e-1));
  q = multiplyAdd(q, t, single(-6.34846687e-1));
  q = multiplyAdd(q, t, single(-1.28717512e-1));
  q = multiplyAdd(q, t, f32x4.neg(t));
  const far = f32x4.sub(single(1), expOf(q));
  const value = v128.bitselect(far, near, f32x4.gt(magnitude, single(0.927734375)));
  // The sign of x, which −0 has lost on the way, too.
  return v128.or(value, v128.and(x, i32x4.splat(0x80000000)));
}

/** 1 / (1 + e^−x), from the exponential that is at most 1. At most 2 ulp off. */
// @ts-ignore: decorator
@inline
export function sigmoidOf(x: v128): v128 {
  const exponential = expOf(f32x4.neg(f32x4.abs(x)));
  const one = single(1);
  return f32x4.div(v128.bitselect(one, exponential, f32x4.ge(x, single(0))), f32x4.add(one, exponential));
}

/** ln(1 + x) for x ≥ 0: the logarithm of the rounded sum, and what rounding it has left out. */
// @ts-ignore: decorator
@inline
export function logOfOnePlus(x: v128): v128 {
  const one = single(1);
  const sum = f32x4.add(one, x);
  const rest = f32x4.sub(x, f32x4.sub(sum, one));
  const value = f32x4.add(logOf(sum), f32x4.div(rest, sum));
  return v128.bitselect(x, value, f32x4.eq(x, single(Infinity)));
}

/** out[i] = erf x[i]. */
export function erf(out: usize, x: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, erfOf(v128.load(x)));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, erfOf(loadFirst(x, rest)), rest);
}

/** out[i] = e^x[i]. */
export function exp(out: usize, x: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, expOf(v128.load(x)));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, expOf(loadFirst(x, rest)), rest);
}

/** out[i] = ln x[i]. */
export function log(out: usize, x: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, logOf(v128.load(x)));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, logOf(loadFirst(x, rest)), rest);
}

/** out[i] = tanh x[i]. */
export function tanh(out: usize, x: usize, count: usize): void {
  const end = out + ((count * 4) & ~15);
  for (; out < end; out += VECTOR, x += VECTOR) v128.store(out, tanhOf(v128.load(x)));
  const rest = count & 3;
  if (rest !== 0) storeFirst(out, tanhOf(loadFirst(x, rest)), rest);
}
