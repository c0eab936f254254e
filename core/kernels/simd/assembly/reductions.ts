import { VECTOR } from './vectors';

// Sums are in float64, the elements in order, and rounded once: the same bits as a plain loop's.

// @ts-ignore: decorator
@inline
function pairAt(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Two pairs of float64 as four numbers. */
// @ts-ignore: decorator
@inline
export function roundPairs(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

// @ts-ignore: decorator
@inline
function storePairs(to: usize, low: v128, high: v128): void {
  v128.store(to, roundPairs(low, high));
}

/** out[c] = Σ_r x[r, c]. */
export function sumColumns(out: usize, x: usize, rows: usize, columns: usize, rowBytes: usize): void {
  let column: usize = 0;
  for (; column + 8 <= columns; column += 8, x += 2 * VECTOR, out += 2 * VECTOR) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let sum2 = f64x2.splat(0);
    let sum3 = f64x2.splat(0);
    let at = x;
    for (let row = rows; row > 0; row--, at += rowBytes) {
      sum0 = f64x2.add(sum0, pairAt(at));
      sum1 = f64x2.add(sum1, pairAt(at + 8));
      sum2 = f64x2.add(sum2, pairAt(at + 16));
      sum3 = f64x2.add(sum3, pairAt(at + 24));
    }
    storePairs(out, sum0, sum1);
    storePairs(out + VECTOR, sum2, sum3);
  }
  for (; column < columns; column++, x += 4, out += 4) store<f32>(out, <f32>columnSum(x, rows, rowBytes));
}

function columnSum(x: usize, rows: usize, rowBytes: usize): f64 {
  let sum: f64 = 0;
  for (; rows > 0; rows--, x += rowBytes) sum += <f64>load<f32>(x);
  return sum;
}

/** A sum of pairs, and the first two numbers. */
// @ts-ignore: decorator
@inline
export function addLow(sum: v128, values: v128): v128 {
  return f64x2.add(sum, f64x2.promote_low_f32x4(values));
}

/** A sum of pairs, and the last two numbers. */
// @ts-ignore: decorator
@inline
export function addHigh(sum: v128, values: v128): v128 {
  return addLow(sum, v128.shuffle<i64>(values, values, 1, 1));
}

/** out[c] = Σ_r a[r, c] · b[r, c], each product rounded to float32. */
export function sumColumnsOfProducts(out: usize, a: usize, b: usize, rows: usize, columns: usize): void {
  const rowBytes = columns * 4;
  let column: usize = 0;
  for (; column + 8 <= columns; column += 8, out += 2 * VECTOR) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let sum2 = f64x2.splat(0);
    let sum3 = f64x2.splat(0);
    let at = column * 4;
    for (let row = rows; row > 0; row--, at += rowBytes) {
      const left = f32x4.mul(v128.load(a + at), v128.load(b + at));
      const right = f32x4.mul(v128.load(a + at, VECTOR), v128.load(b + at, VECTOR));
      sum0 = addLow(sum0, left);
      sum1 = addHigh(sum1, left);
      sum2 = addLow(sum2, right);
      sum3 = addHigh(sum3, right);
    }
    storePairs(out, sum0, sum1);
    storePairs(out + VECTOR, sum2, sum3);
  }
  for (; column < columns; column++, out += 4) {
    let sum: f64 = 0;
    let at = column * 4;
    for (let row = rows; row > 0; row--, at += rowBytes) sum += <f64>(load<f32>(a + at) * load<f32>(b + at));
    store<f32>(out, <f32>sum);
  }
}

/**
 * out[r] = Σ_p Σ_c x[p, r, c]: of each part the sum, then these added up; four rows at a time, since one sum waits for its own
 * last addition.
 */
export function sumRows(
  out: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
  parts: usize,
  partBytes: usize,
): void {
  for (; rows >= 4; rows -= 4, x += 4 * rowBytes, out += VECTOR) {
    let total0: f64 = 0;
    let total1: f64 = 0;
    let total2: f64 = 0;
    let total3: f64 = 0;
    let part = x;
    for (let left = parts; left > 0; left--, part += partBytes) {
      let sum0: f64 = 0;
      let sum1: f64 = 0;
      let sum2: f64 = 0;
      let sum3: f64 = 0;
      let at = part;
      for (let column = columns; column > 0; column--, at += 4) {
        sum0 += <f64>load<f32>(at);
        sum1 += <f64>load<f32>(at + rowBytes);
        sum2 += <f64>load<f32>(at + 2 * rowBytes);
        sum3 += <f64>load<f32>(at + 3 * rowBytes);
      }
      total0 += sum0;
      total1 += sum1;
      total2 += sum2;
      total3 += sum3;
    }
    store<f32>(out, <f32>total0);
    store<f32>(out, <f32>total1, 4);
    store<f32>(out, <f32>total2, 8);
    store<f32>(out, <f32>total3, 12);
  }
  for (; rows > 0; rows--, x += rowBytes, out += 4) {
    store<f32>(out, <f32>sumOfParts(x, columns, parts, partBytes));
  }
}

function sumOfParts(x: usize, columns: usize, parts: usize, partBytes: usize): f64 {
  let total: f64 = 0;
  for (; parts > 0; parts--, x += partBytes) total += columnSum(x, columns, 4);
  return total;
}

/** Σ_p Σ_c (x[p, r, c] − mean)² / divisor of each row, mean and squares in float64; four rows at a time. */
export function varianceOfRows(
  out: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
  parts: usize,
  partBytes: usize,
  divisor: f64,
): void {
  const count = <f64>columns * <f64>parts;
  for (; rows >= 4; rows -= 4, x += 4 * rowBytes, out += VECTOR) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let part = x;
    for (let left = parts; left > 0; left--, part += partBytes) {
      let lowSum = f64x2.splat(0);
      let highSum = f64x2.splat(0);
      let at = part;
      for (let column = columns; column > 0; column--, at += 4) {
        lowSum = f64x2.add(lowSum, pairDown(at, rowBytes));
        highSum = f64x2.add(highSum, pairDown(at + 2 * rowBytes, rowBytes));
      }
      low = f64x2.add(low, lowSum);
      high = f64x2.add(high, highSum);
    }
    const lowMean = f64x2.div(low, f64x2.splat(count));
    const highMean = f64x2.div(high, f64x2.splat(count));
    low = f64x2.splat(0);
    high = f64x2.splat(0);
    part = x;
    for (let left = parts; left > 0; left--, part += partBytes) {
      let lowSum = f64x2.splat(0);
      let highSum = f64x2.splat(0);
      let at = part;
      for (let column = columns; column > 0; column--, at += 4) {
        const lowDeviation = f64x2.sub(pairDown(at, rowBytes), lowMean);
        const highDeviation = f64x2.sub(pairDown(at + 2 * rowBytes, rowBytes), highMean);
        lowSum = f64x2.add(lowSum, f64x2.mul(lowDeviation, lowDeviation));
        highSum = f64x2.add(highSum, f64x2.mul(highDeviation, highDeviation));
      }
      low = f64x2.add(low, lowSum);
      high = f64x2.add(high, highSum);
    }
    storePairs(out, f64x2.div(low, f64x2.splat(divisor)), f64x2.div(high, f64x2.splat(divisor)));
  }
  for (; rows > 0; rows--, x += rowBytes, out += 4) {
    const mean = sumOfParts(x, columns, parts, partBytes) / count;
    let squares: f64 = 0;
    let part = x;
    for (let left = parts; left > 0; left--, part += partBytes) squares += squaresOf(part, columns, 4, mean);
    store<f32>(out, <f32>(squares / divisor));
  }
}

/** A number and the one in the row below it. */
// @ts-ignore: decorator
@inline
function pairDown(at: usize, rowBytes: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load32_lane(at + rowBytes, v128.load32_zero(at), 1));
}

function squaresOf(x: usize, count: usize, step: usize, mean: f64): f64 {
  let squares: f64 = 0;
  for (; count > 0; count--, x += step) {
    const deviation = <f64>load<f32>(x) - mean;
    squares += deviation * deviation;
  }
  return squares;
}

/** out[c] = Σ_r (x[r, c] − mean)² / divisor, mean and squares in float64. */
export function varianceOfColumns(
  out: usize,
  x: usize,
  rows: usize,
  columns: usize,
  rowBytes: usize,
  divisor: f64,
): void {
  const count = <f64>rows;
  let column: usize = 0;
  for (; column + 4 <= columns; column += 4, x += VECTOR, out += VECTOR) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let at = x;
    for (let row = rows; row > 0; row--, at += rowBytes) {
      low = f64x2.add(low, pairAt(at));
      high = f64x2.add(high, pairAt(at + 8));
    }
    const lowMean = f64x2.div(low, f64x2.splat(count));
    const highMean = f64x2.div(high, f64x2.splat(count));
    low = f64x2.splat(0);
    high = f64x2.splat(0);
    at = x;
    for (let row = rows; row > 0; row--, at += rowBytes) {
      const lowDeviation = f64x2.sub(pairAt(at), lowMean);
      const highDeviation = f64x2.sub(pairAt(at + 8), highMean);
      low = f64x2.add(low, f64x2.mul(lowDeviation, lowDeviation));
      high = f64x2.add(high, f64x2.mul(highDeviation, highDeviation));
    }
    storePairs(out, f64x2.div(low, f64x2.splat(divisor)), f64x2.div(high, f64x2.splat(divisor)));
  }
  for (; column < columns; column++, x += 4, out += 4) {
    const mean = columnSum(x, rows, rowBytes) / count;
    store<f32>(out, <f32>(squaresOf(x, rows, rowBytes, mean) / divisor));
  }
}
