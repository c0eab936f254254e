import { loadFirst, SINGLE, VECTOR } from './vectors';

/** Vectors that are summed in float32 before the sum goes on in float64: eight a running sum. */
const BLOCK: usize = 32;

// @ts-ignore: decorator
@inline
export function sumOfLanes(values: v128): f64 {
  const pairs = f64x2.add(
    f64x2.promote_low_f32x4(values),
    f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 1)),
  );
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}

/** Σ x over `vectors` vectors. */
function sumOfVectors(x: usize, vectors: usize): f64 {
  let total: f64 = 0;
  while (vectors > 0) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    const taken = min(vectors, BLOCK);
    let left = taken;
    for (; left >= 4; left -= 4, x += 4 * VECTOR) {
      sum0 = f32x4.add(sum0, v128.load(x));
      sum1 = f32x4.add(sum1, v128.load(x, 16));
      sum2 = f32x4.add(sum2, v128.load(x, 32));
      sum3 = f32x4.add(sum3, v128.load(x, 48));
    }
    for (; left > 0; left--, x += VECTOR) sum0 = f32x4.add(sum0, v128.load(x));
    total += sumOfLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
    vectors -= taken;
  }
  return total;
}

function meanOf(x: usize, count: usize): f64 {
  const whole = count >> 2;
  let total = sumOfVectors(x, whole);
  x += whole * VECTOR;
  for (let rest = count & 3; rest > 0; rest--, x += SINGLE) total += <f64>load<f32>(x);
  return total / <f64>count;
}

// @ts-ignore: decorator
@inline
function unordered(x: v128): v128 {
  return f32x4.ne(x, x);
}

/** Writes mean, unbiased std, least and largest as four float64; NaN anywhere makes them NaN. */
export function moments(to: usize, x: usize, count: usize): void {
  // Deviations are from a float32 near the mean; what it is off the mean, their own mean says, which is more exact than the
  // first one: they are small where the numbers may be large.
  const near = <f32>meanOf(x, count);
  const shift = f32x4.splat(near);
  let squares: f64 = 0;
  let deviations: f64 = 0;
  let least = f32x4.splat(f32.POSITIVE_INFINITY);
  let largest = f32x4.splat(f32.NEGATIVE_INFINITY);
  // pmin and pmax pass over a NaN, at a third of the cost of min and max; so it is kept here.
  let areUnordered = i32x4.splat(0);
  let vectors = count >> 2;
  while (vectors > 0) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let drift = sum0;
    const taken = min(vectors, BLOCK);
    let left = taken;
    // Four at a time, since a least one waits for the one before it.
    for (; left >= 4; left -= 4, x += 4 * VECTOR) {
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      const x2 = v128.load(x, 32);
      const x3 = v128.load(x, 48);
      const off0 = f32x4.sub(x0, shift);
      const off1 = f32x4.sub(x1, shift);
      const off2 = f32x4.sub(x2, shift);
      const off3 = f32x4.sub(x3, shift);
      sum0 = f32x4.add(sum0, f32x4.mul(off0, off0));
      sum1 = f32x4.add(sum1, f32x4.mul(off1, off1));
      sum2 = f32x4.add(sum2, f32x4.mul(off2, off2));
      sum3 = f32x4.add(sum3, f32x4.mul(off3, off3));
      drift = f32x4.add(drift, f32x4.add(f32x4.add(off0, off1), f32x4.add(off2, off3)));
      least = f32x4.pmin(least, f32x4.pmin(f32x4.pmin(x0, x1), f32x4.pmin(x2, x3)));
      largest = f32x4.pmax(largest, f32x4.pmax(f32x4.pmax(x0, x1), f32x4.pmax(x2, x3)));
      areUnordered = v128.or(
        v128.or(areUnordered, v128.or(unordered(x0), unordered(x1))),
        v128.or(unordered(x2), unordered(x3)),
      );
    }
    for (; left > 0; left--, x += VECTOR) {
      const x0 = v128.load(x);
      const off0 = f32x4.sub(x0, shift);
      sum0 = f32x4.add(sum0, f32x4.mul(off0, off0));
      drift = f32x4.add(drift, off0);
      least = f32x4.pmin(least, x0);
      largest = f32x4.pmax(largest, x0);
      areUnordered = v128.or(areUnordered, unordered(x0));
    }
    squares += sumOfLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
    deviations += sumOfLanes(drift);
    vectors -= taken;
  }
  const rest = count & 3;
  if (rest !== 0) {
    const values = loadFirst(x, rest);
    least = f32x4.pmin(least, values);
    largest = f32x4.pmax(largest, values);
    areUnordered = v128.or(areUnordered, unordered(values));
  }
  for (let left = rest; left > 0; left--, x += SINGLE) {
    const deviation = <f64>(load<f32>(x) - near);
    squares += deviation * deviation;
    deviations += deviation;
  }
  const off = deviations / <f64>count;
  const variance = (squares - deviations * off) / (<f64>count - 1);
  const isOrdered = !v128.any_true(areUnordered);
  // Of infinities there are no deviations to be more exact by.
  store<f64>(to, isFinite<f32>(near) ? <f64>near + off : <f64>near);
  store<f64>(to, sqrt<f64>(variance < 0 ? 0 : variance), 8);
  store<f64>(to, isOrdered ? <f64>leastLane(least) : NaN, 16);
  store<f64>(to, isOrdered ? <f64>largestLane(largest) : NaN, 24);
}

// @ts-ignore: decorator
@inline
export function leastLane(values: v128): f32 {
  const pair = f32x4.pmin(values, v128.shuffle<i32>(values, values, 2, 3, 2, 3));
  return min<f32>(f32x4.extract_lane(pair, 0), f32x4.extract_lane(pair, 1));
}

// @ts-ignore: decorator
@inline
export function largestLane(values: v128): f32 {
  const pair = f32x4.pmax(values, v128.shuffle<i32>(values, values, 2, 3, 2, 3));
  return max<f32>(f32x4.extract_lane(pair, 0), f32x4.extract_lane(pair, 1));
}

/**
 * Marks |x| > threshold, one bit a cell of `rows` × `columns`, row by row, in `map`. Writes how many cells are marked, and
 * how many columns are marked in every row, as two int32 to `totals`.
 */
export function saturation(
  map: usize,
  totals: usize,
  x: usize,
  rows: usize,
  columns: usize,
  threshold: f32,
): void {
  const cells = rows * columns;
  const words = (cells + 31) >> 5;
  const limit = f32x4.splat(threshold);
  let marked: i32 = 0;
  for (let word: usize = 0; word < words; word++) {
    let bits: u32 = 0;
    const first = word << 5;
    if (first + 32 <= cells) {
      for (let at: usize = 0; at < 32; at += 4) {
        const isBeyond = f32x4.gt(f32x4.abs(v128.load(x + (first + at) * SINGLE)), limit);
        bits |= <u32>i32x4.bitmask(isBeyond) << <u32>at;
      }
    } else {
      for (let at: usize = 0; first + at < cells; at++) {
        if (abs<f32>(load<f32>(x + (first + at) * SINGLE)) > threshold) bits |= (<u32>1) << <u32>at;
      }
    }
    store<u32>(map + word * 4, bits);
    marked += <i32>popcnt<u32>(bits);
  }
  store<i32>(totals, marked);
  store<i32>(totals, columnsBeyond(x, rows, columns, threshold), 4);
}

/** Columns with |x| > threshold in every row. Most are done after a few rows: one that is not beyond is enough. */
function columnsBeyond(x: usize, rows: usize, columns: usize, threshold: f32): i32 {
  const limit = f32x4.splat(threshold);
  const row = columns * SINGLE;
  const end = x + rows * row;
  let always: i32 = 0;
  let column: usize = 0;
  for (; column + 4 <= columns; column += 4) {
    let areBeyond = i32x4.splat(-1);
    for (let at = x + column * SINGLE; at < end && v128.any_true(areBeyond); at += row) {
      areBeyond = v128.and(areBeyond, f32x4.gt(f32x4.abs(v128.load(at)), limit));
    }
    always += popcnt<i32>(i32x4.bitmask(areBeyond));
  }
  for (; column < columns; column++) {
    let at = x + column * SINGLE;
    while (at < end && abs<f32>(load<f32>(at)) > threshold) at += row;
    if (at >= end) always++;
  }
  return always;
}
