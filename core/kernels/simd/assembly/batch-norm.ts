import { addHigh, addLow, roundPairs } from './reductions';
import { SINGLE } from './vectors';

// As core/kernels/reference/batch-norm.ts has it, bit for bit, four columns at a time, of matrices with at least four. What
// is left at the end is computed with columns before it, which come out the same once more.

/** The place, in bytes, of the four columns that begin at `column`, or of the last four. */
// @ts-ignore: decorator
@inline
function placeOf(column: usize, columns: usize): usize {
  return min(column, columns - 4) * SINGLE;
}

/** x̂ = (x − mean) / √(variance + ε), out = gamma · x̂ + beta; `inverse` is 1 / √(variance + ε). */
export function batchNorm(
  out: usize,
  normalised: usize,
  inverse: usize,
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
    const deviations = f32x4.sqrt(f32x4.add(v128.load(variance + at), f32x4.splat(epsilon)));
    const scales = v128.load(gamma + at);
    const shifts = v128.load(beta + at);
    v128.store(inverse + at, f32x4.div(f32x4.splat(1), deviations));
    const end = at + rows * rowBytes;
    for (let cell = at; cell < end; cell += rowBytes) {
      const values = f32x4.div(f32x4.sub(v128.load(x + cell), means), deviations);
      v128.store(normalised + cell, values);
      v128.store(out + cell, f32x4.add(f32x4.mul(scales, values), shifts));
    }
  }
}

/** gamma · inverse / n · (n · gradient − Σ gradient − n / (n − 1) · x̂ · Σ (gradient · x̂)), sums down the n rows. */
export function batchNormGradient(
  out: usize,
  gradient: usize,
  normalised: usize,
  inverse: usize,
  rows: usize,
  columns: usize,
  gamma: usize,
): void {
  const rowBytes = columns * SINGLE;
  const counts = f32x4.splat(<f32>rows);
  const corrections = f32x4.splat(<f32>(<f64>rows / (<f64>rows - 1)));
  for (let column: usize = 0; column < columns; column += 4) {
    const at = placeOf(column, columns);
    const end = at + rows * rowBytes;
    let sumLow = f64x2.splat(0);
    let sumHigh = sumLow;
    let productsLow = sumLow;
    let productsHigh = sumLow;
    for (let cell = at; cell < end; cell += rowBytes) {
      const upstream = v128.load(gradient + cell);
      const products = f32x4.mul(upstream, v128.load(normalised + cell));
      sumLow = addLow(sumLow, upstream);
      sumHigh = addHigh(sumHigh, upstream);
      productsLow = addLow(productsLow, products);
      productsHigh = addHigh(productsHigh, products);
    }
    const totals = roundPairs(sumLow, sumHigh);
    const slopes = roundPairs(productsLow, productsHigh);
    const factors = f32x4.div(f32x4.mul(v128.load(gamma + at), v128.load(inverse + at)), counts);
    for (let cell = at; cell < end; cell += rowBytes) {
      const centred = f32x4.sub(f32x4.mul(v128.load(gradient + cell), counts), totals);
      const throughVariance = f32x4.mul(f32x4.mul(v128.load(normalised + cell), corrections), slopes);
      v128.store(out + cell, f32x4.mul(factors, f32x4.sub(centred, throughVariance)));
    }
  }
}
