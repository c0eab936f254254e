import { sumOfLanes } from './statistics';
import { firstOfPart, multiplyAdd, SINGLE, VECTOR } from './vectors';

// The optimizer's step, and how far it moves a parameter, in one pass over memory. A parameter is taken in two parts,
// always: so many threads or one, the sums are the same.

/** Pairs of vectors whose sums stay in float32 before they go on in float64. */
const BLOCK: usize = 16;
/** Bytes of a part's sums: count, shift, Σ, Σ² of the gradient, and the same of the data, as float64. */
const SUMS: usize = 64;

/**
 * parameter += factor · gradient over one of two parts, the product rounded first in both builds. Writes the sums of
 * gradients and of new data about a number near their mean, so that no digits are lost.
 */
export function updatePart(
  parameter: usize,
  gradient: usize,
  count: usize,
  factor: f32,
  sums: usize,
  part: usize,
): void {
  const first = firstOfPart(count, part);
  const taken = firstOfPart(count, part + 1) - first;
  parameter += first * 4;
  gradient += first * 4;
  sums += part * SUMS;
  const gradientShift = meanOfFirst(gradient, taken);
  const dataShift = meanOfFirst(parameter, taken);
  const gradientShifts = f32x4.splat(gradientShift);
  const dataShifts = f32x4.splat(dataShift);
  const factors = f32x4.splat(factor);
  let gradientSum: f64 = 0;
  let gradientSquares: f64 = 0;
  let dataSum: f64 = 0;
  let dataSquares: f64 = 0;
  let pairs = taken >> 3;
  while (pairs > 0) {
    // Two of each, since a sum waits for its own last addition.
    let sumG0 = f32x4.splat(0);
    let sumG1 = sumG0;
    let squaresG0 = sumG0;
    let squaresG1 = sumG0;
    let sumD0 = sumG0;
    let sumD1 = sumG0;
    let squaresD0 = sumG0;
    let squaresD1 = sumG0;
    const block = min(pairs, BLOCK);
    for (let left = block; left > 0; left--, parameter += 2 * VECTOR, gradient += 2 * VECTOR) {
      const slope0 = v128.load(gradient);
      const slope1 = v128.load(gradient, VECTOR);
      const moved0 = f32x4.add(v128.load(parameter), f32x4.mul(factors, slope0));
      const moved1 = f32x4.add(v128.load(parameter, VECTOR), f32x4.mul(factors, slope1));
      v128.store(parameter, moved0);
      v128.store(parameter, moved1, VECTOR);
      const g0 = f32x4.sub(slope0, gradientShifts);
      const g1 = f32x4.sub(slope1, gradientShifts);
      sumG0 = f32x4.add(sumG0, g0);
      sumG1 = f32x4.add(sumG1, g1);
      squaresG0 = multiplyAdd(g0, g0, squaresG0);
      squaresG1 = multiplyAdd(g1, g1, squaresG1);
      const d0 = f32x4.sub(moved0, dataShifts);
      const d1 = f32x4.sub(moved1, dataShifts);
      sumD0 = f32x4.add(sumD0, d0);
      sumD1 = f32x4.add(sumD1, d1);
      squaresD0 = multiplyAdd(d0, d0, squaresD0);
      squaresD1 = multiplyAdd(d1, d1, squaresD1);
    }
    gradientSum += sumOfLanes(f32x4.add(sumG0, sumG1));
    gradientSquares += sumOfLanes(f32x4.add(squaresG0, squaresG1));
    dataSum += sumOfLanes(f32x4.add(sumD0, sumD1));
    dataSquares += sumOfLanes(f32x4.add(squaresD0, squaresD1));
    pairs -= block;
  }
  for (let rest = taken & 7; rest > 0; rest--, parameter += SINGLE, gradient += SINGLE) {
    const slope = load<f32>(gradient);
    const change: f32 = factor * slope;
    const moved: f32 = load<f32>(parameter) + change;
    store<f32>(parameter, moved);
    const g = <f64>slope - <f64>gradientShift;
    const d = <f64>moved - <f64>dataShift;
    gradientSum += g;
    gradientSquares += g * g;
    dataSum += d;
    dataSquares += d * d;
  }
  store<f64>(sums, <f64>gradientShift);
  store<f64>(sums, gradientSum, 8);
  store<f64>(sums, gradientSquares, 16);
  store<f64>(sums, <f64>taken, 24);
  store<f64>(sums, <f64>dataShift, 32);
  store<f64>(sums, dataSum, 40);
  store<f64>(sums, dataSquares, 48);
}

/** Mean of up to 64 numbers. */
function meanOfFirst(x: usize, count: usize): f32 {
  const taken = min<usize>(count, 64);
  let total: f32 = 0;
  for (let i: usize = 0; i < taken; i++) total += load<f32>(x + i * 4);
  return taken === 0 ? 0 : total / <f32>taken;
}

/** Unbiased standard deviation of both parts together, from the sums at `at` of each. */
function deviation(sums: usize, at: usize): f64 {
  const count0 = load<f64>(sums, 24);
  const count1 = load<f64>(sums + SUMS, 24);
  const count = count0 + count1;
  const shift = load<f64>(sums + at);
  // The second part's numbers lie about another shift.
  const apart = load<f64>(sums + SUMS + at) - shift;
  const sum1 = load<f64>(sums + SUMS + at, 8);
  const sum = load<f64>(sums + at, 8) + sum1 + count1 * apart;
  const squares =
    load<f64>(sums + at, 16) + load<f64>(sums + SUMS + at, 16) + 2 * apart * sum1 + count1 * apart * apart;
  const variance = (squares - (sum * sum) / count) / (count - 1);
  return sqrt<f64>(variance < 0 ? 0 : variance);
}

/** Writes the standard deviations of gradient and new data, as two float64, from both parts' sums. */
export function deviations(out: usize, sums: usize): void {
  store<f64>(out, deviation(sums, 0));
  store<f64>(out, deviation(sums, 32), 8);
}

/** Both parts by one thread. */
export function update(parameter: usize, gradient: usize, count: usize, factor: f32, sums: usize): void {
  updatePart(parameter, gradient, count, factor, sums, 0);
  updatePart(parameter, gradient, count, factor, sums, 1);
}
