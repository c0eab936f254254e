import { expOf, logOf } from './mathematics';
import { loadFirst, storeFirst, VECTOR } from './vectors';

// Sums are in float64, the elements in order. `out` is contiguous; `rowBytes` go from one row of an operand to the next.

/** The largest of a row; NaN where one is. */
// @ts-ignore: decorator
@inline
function largestOf(x: usize, columns: usize): f32 {
  let at = x;
  let largest = f32.NEGATIVE_INFINITY;
  const end = x + columns * 4;
  if (columns >= 4) {
    let four = v128.load(at);
    for (at += VECTOR; at + VECTOR <= end; at += VECTOR) four = f32x4.max(four, v128.load(at));
    largest = max<f32>(
      max<f32>(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)),
      max<f32>(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)),
    );
  }
  for (; at < end; at += 4) largest = max<f32>(largest, load<f32>(at));
  return largest;
}

/** out = e^(x − shift) of a row. @returns their sum */
// @ts-ignore: decorator
@inline
function exponentials(out: usize, x: usize, columns: usize, shift: v128): f64 {
  const rest = columns & 3;
  const whole = (columns - rest) * 4;
  for (let at: usize = 0; at < whole; at += VECTOR) {
    v128.store(out + at, expOf(f32x4.sub(v128.load(x + at), shift)));
  }
  if (rest !== 0) storeFirst(out + whole, expOf(f32x4.sub(loadFirst(x + whole, rest), shift)), rest);
  let total: f64 = 0;
  for (let column: usize = 0; column < columns; column++) total += <f64>load<f32>(out + column * 4);
  return total;
}

/** Probabilities of each row: e^(x − largest) / Σ e^(x − largest). */
export function softmax(out: usize, x: usize, rows: usize, columns: usize, rowBytes: usize): void {
  const rest = columns & 3;
  const whole = (columns - rest) * 4;
  for (; rows > 0; rows--, x += rowBytes, out += columns * 4) {
    const total = f32x4.splat(<f32>exponentials(out, x, columns, f32x4.splat(largestOf(x, columns))));
    for (let at: usize = 0; at < whole; at += VECTOR) v128.store(out + at, f32x4.div(v128.load(out + at), total));
    if (rest !== 0) storeFirst(out + whole, f32x4.div(loadFirst(out + whole, rest), total), rest);
  }
}

/** Log-probabilities of each row: x − largest − ln Σ e^(x − largest). `out` is not `x`. */
export function logSoftmax(out: usize, x: usize, rows: usize, columns: usize, rowBytes: usize): void {
  const rest = columns & 3;
  const whole = (columns - rest) * 4;
  for (; rows > 0; rows--, x += rowBytes, out += columns * 4) {
    const shift = f32x4.splat(largestOf(x, columns));
    // The exponentials stand in `out` until they are summed.
    const total = f32x4.splat(<f32>exponentials(out, x, columns, shift));
    const logarithm = f32x4.splat(f32x4.extract_lane(logOf(total), 0));
    for (let at: usize = 0; at < whole; at += VECTOR) {
      v128.store(out + at, f32x4.sub(f32x4.sub(v128.load(x + at), shift), logarithm));
    }
    if (rest !== 0) storeFirst(out + whole, f32x4.sub(f32x4.sub(loadFirst(x + whole, rest), shift), logarithm), rest);
  }
}

/** out = gradient · result − result · Σ (gradient · result), rounded after each operation. */
export function softmaxGradient(
  out: usize,
  gradient: usize,
  result: usize,
  rows: usize,
  columns: usize,
  gradientRow: usize,
  resultRow: usize,
): void {
  const rest = columns & 3;
  const whole = (columns - rest) * 4;
  for (; rows > 0; rows--, gradient += gradientRow, result += resultRow, out += columns * 4) {
    for (let at: usize = 0; at < whole; at += VECTOR) {
      v128.store(out + at, f32x4.mul(v128.load(gradient + at), v128.load(result + at)));
    }
    if (rest !== 0) {
      storeFirst(out + whole, f32x4.mul(loadFirst(gradient + whole, rest), loadFirst(result + whole, rest)), rest);
    }
    const total = totalOf(out, columns);
    for (let at: usize = 0; at < whole; at += VECTOR) {
      v128.store(out + at, f32x4.sub(v128.load(out + at), f32x4.mul(v128.load(result + at), total)));
    }
    if (rest !== 0) {
      const last = f32x4.sub(loadFirst(out + whole, rest), f32x4.mul(loadFirst(result + whole, rest), total));
      storeFirst(out + whole, last, rest);
    }
  }
}

/** out = gradient − e^result · Σ gradient, rounded after each operation. */
export function logSoftmaxGradient(
  out: usize,
  gradient: usize,
  result: usize,
  rows: usize,
  columns: usize,
  gradientRow: usize,
  resultRow: usize,
): void {
  const rest = columns & 3;
  const whole = (columns - rest) * 4;
  for (; rows > 0; rows--, gradient += gradientRow, result += resultRow, out += columns * 4) {
    const total = totalOf(gradient, columns);
    for (let at: usize = 0; at < whole; at += VECTOR) {
      const share = f32x4.mul(expOf(v128.load(result + at)), total);
      v128.store(out + at, f32x4.sub(v128.load(gradient + at), share));
    }
    if (rest !== 0) {
      const share = f32x4.mul(expOf(loadFirst(result + whole, rest)), total);
      storeFirst(out + whole, f32x4.sub(loadFirst(gradient + whole, rest), share), rest);
    }
  }
}

/** The sum of a row, rounded once, four times. */
// @ts-ignore: decorator
@inline
function totalOf(x: usize, columns: usize): v128 {
  let total: f64 = 0;
  for (let column: usize = 0; column < columns; column++) total += <f64>load<f32>(x + column * 4);
  return f32x4.splat(<f32>total);
}
