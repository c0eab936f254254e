import { sumOfLanes } from './statistics';
import { firstOfPart, SINGLE, VECTOR } from './vectors';

// The optimizer's step, and how far it moves a parameter, in one pass over memory. A parameter is taken in two parts,
// always: so many threads or one, the sums are the same.

/** Vectors whose sums stay in float32 before they go on in float64. */
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
  let vectors = taken >> 2;
  while (vectors > 0) {
    let sumG = f32x4.splat(0);
    let squaresG = sumG;
    let sumD = sumG;
    let squaresD = sumG;
    const block = min(vectors, BLOCK);
    for (let left = block; left > 0; left--, parameter += VECTOR, gradient += VECTOR) {
      const slope = v128.load(gradient);
      const moved = f32x4.add(v128.load(parameter), f32x4.mul(factors, slope));
      v128.store(parameter, moved);
      const g = f32x4.sub(slope, gradientShifts);
      const d = f32x4.sub(moved, dataShifts);
      sumG = f32x4.add(sumG, g);
      squaresG = f32x4.add(squaresG, f32x4.mul(g, g));
      sumD = f32x4.add(sumD, d);
      squaresD = f32x4.add(squaresD, f32x4.mul(d, d));
    }
    gradientSum += sumOfLanes(sumG);
    gradientSquares += sumOfLanes(squaresG);
    dataSum += sumOfLanes(sumD);
    dataSquares += sumOfLanes(squaresD);
    vectors -= block;
  }
  for (let rest = taken & 3; rest > 0; rest--, parameter += SINGLE, gradient += SINGLE) {
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
