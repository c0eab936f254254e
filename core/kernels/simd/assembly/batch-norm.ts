import { storePairs } from './reductions';
import { SINGLE } from './vectors';

// As core/kernels/reference/batch-norm.ts has it, bit for bit, four columns at a time, of matrices with at least four. What
// is left at the end is computed with columns before it, which come out the same once more.

// @ts-ignore: decorator
@inline
function deviations(variance: usize, epsilon: f32): v128 {
  return f32x4.sqrt(f32x4.add(v128.load(variance), f32x4.splat(epsilon)));
}

// @ts-ignore: decorator
@inline
function inverseDeviations(variance: usize, epsilon: f32): v128 {
  return f32x4.div(f32x4.splat(1), deviations(variance, epsilon));
}

/** The place, in bytes, of the four columns that begin at `column`, or of the last four. */
// @ts-ignore: decorator
@inline
function placeOf(column: usize, columns: usize): usize {
  return min(column, columns - 4) * SINGLE;
}

/** out = gamma · (x − mean) / √(variance + ε) + beta. */
export function batchNorm(
  out: usize,
  x: usize,
  rows: usize,
  columns: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  gamma: usize,
  beta: usize,
): void {
  const rowBytes = columns * SINGLE;
  for (let column: usize = 0; column < columns; column += 4) {
    const at = placeOf(column, columns);
    const means = v128.load(mean + at);
    const divisors = deviations(variance + at, epsilon);
    const scales = v128.load(gamma + at);
    const shifts = v128.load(beta + at);
    const end = at + rows * rowBytes;
    for (let cell = at; cell < end; cell += rowBytes) {
      const normalised = f32x4.div(f32x4.sub(v128.load(x + cell), means), divisors);
      v128.store(out + cell, f32x4.add(f32x4.mul(scales, normalised), shifts));
    }
  }
}

/** The sum in float64 of the first two numbers, and of the last two. */
// @ts-ignore: decorator
@inline
function addLow(sum: v128, values: v128): v128 {
  return f64x2.add(sum, f64x2.promote_low_f32x4(values));
}

// @ts-ignore: decorator
@inline
function addHigh(sum: v128, values: v128): v128 {
  return f64x2.add(sum, f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 1)));
}

/** Two pairs of float64, divided by `divisor` and rounded. */
// @ts-ignore: decorator
@inline
function quotients(low: v128, high: v128, divisor: f64): v128 {
  const divisors = f64x2.splat(divisor);
  return v128.shuffle<i64>(
    f32x4.demote_f64x2_zero(f64x2.div(low, divisors)),
    f32x4.demote_f64x2_zero(f64x2.div(high, divisors)),
    0,
    2,
  );
}

/** The gradient to x, of which mean and variance are. */
export function batchNormGradient(
  out: usize,
  gradient: usize,
  x: usize,
  rows: usize,
  columns: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  gamma: usize,
): void {
  const rowBytes = columns * SINGLE;
  for (let column: usize = 0; column < columns; column += 4) {
    const at = placeOf(column, columns);
    const means = v128.load(mean + at);
    const inverses = inverseDeviations(variance + at, epsilon);
    const end = at + rows * rowBytes;
    let sumLow = f64x2.splat(0);
    let sumHigh = sumLow;
    let productsLow = sumLow;
    let productsHigh = sumLow;
    for (let cell = at; cell < end; cell += rowBytes) {
      const upstream = v128.load(gradient + cell);
      const product = f32x4.mul(upstream, f32x4.mul(f32x4.sub(v128.load(x + cell), means), inverses));
      sumLow = addLow(sumLow, upstream);
      sumHigh = addHigh(sumHigh, upstream);
      productsLow = addLow(productsLow, product);
      productsHigh = addHigh(productsHigh, product);
    }
    const factors = f32x4.mul(v128.load(gamma + at), inverses);
    const upstreamMeans = quotients(sumLow, sumHigh, <f64>rows);
    const slopes = quotients(productsLow, productsHigh, <f64>rows - 1);
    for (let cell = at; cell < end; cell += rowBytes) {
      const normalised = f32x4.mul(f32x4.sub(v128.load(x + cell), means), inverses);
      const centred = f32x4.sub(v128.load(gradient + cell), upstreamMeans);
      v128.store(out + cell, f32x4.mul(factors, f32x4.sub(centred, f32x4.mul(normalised, slopes))));
    }
  }
}

/** The gradient to gamma. */
export function batchNormScaleGradient(
  out: usize,
  gradient: usize,
  x: usize,
  rows: usize,
  columns: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
): void {
  const rowBytes = columns * SINGLE;
  for (let column: usize = 0; column < columns; column += 4) {
    const at = placeOf(column, columns);
    const means = v128.load(mean + at);
    const inverses = inverseDeviations(variance + at, epsilon);
    const end = at + rows * rowBytes;
    let low = f64x2.splat(0);
    let high = low;
    for (let cell = at; cell < end; cell += rowBytes) {
      const normalised = f32x4.mul(f32x4.sub(v128.load(x + cell), means), inverses);
      const product = f32x4.mul(v128.load(gradient + cell), normalised);
      low = addLow(low, product);
      high = addHigh(high, product);
    }
    storePairs(out + at, low, high);
  }
}
