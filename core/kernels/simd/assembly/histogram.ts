import { largestLane, leastLane } from './statistics';
import { SINGLE } from './vectors';

// torch.histogram(x, bins=100, density=True), as core/kernels/reference/histogram.ts has it, bit for bit.

/** Bins of every histogram; core/protocol/frame.ts has the same number. */
const BINS: usize = 100;
/** Numbers of a vector register in PyTorch's AVX2 build, which decides the bits of torch.linspace. */
const LANES: usize = 8;
/** Each lane counts for itself: counting twice in a row in one place waits for the first. */
const COUNTS: usize = BINS * 4;

/** Added to a number of magnitude under 2^22 it leaves no place for a fraction. */
const ROUNDING: f32 = 12582912;

/** Edge `index` of BINS + 1, bit for bit as torch.linspace gives it. */
// @ts-ignore: decorator
@inline
function edge(index: usize, start: f32, end: f32, step: f32): f32 {
  const wholeVectors = BINS + 1 - ((BINS + 1) % LANES);
  const lane: usize = index < wholeVectors ? index % LANES : 0;
  const first = index - lane;
  const from: f32 =
    first < (BINS + 1) >> 1
      ? <f32>(<f64>start + <f64>step * <f64>first)
      : <f32>(<f64>end - <f64>step * <f64>(BINS - first));
  return from + step * <f32>lane;
}

/** Least and largest of the finite numbers, to `range` as two float64, and how many these are. */
function rangeOfFinite(range: usize, x: usize, count: usize): i32 {
  const infinite = f32x4.splat(f32.POSITIVE_INFINITY);
  const negative = f32x4.splat(f32.NEGATIVE_INFINITY);
  let leasts = infinite;
  let largests = negative;
  let finite = i32x4.splat(0);
  const whole = count & ~3;
  for (let i: usize = 0; i < whole; i += 4) {
    const values = v128.load(x + i * 4);
    const areFinite = f32x4.lt(f32x4.abs(values), infinite);
    finite = i32x4.sub(finite, areFinite);
    leasts = f32x4.pmin(leasts, v128.bitselect(values, infinite, areFinite));
    largests = f32x4.pmax(largests, v128.bitselect(values, negative, areFinite));
  }
  let least = leastLane(leasts);
  let largest = largestLane(largests);
  let counted =
    i32x4.extract_lane(finite, 0) +
    i32x4.extract_lane(finite, 1) +
    i32x4.extract_lane(finite, 2) +
    i32x4.extract_lane(finite, 3);
  for (let i = whole; i < count; i++) {
    const value = load<f32>(x + i * 4);
    if (!isFinite<f32>(value)) continue;
    least = min<f32>(least, value);
    largest = max<f32>(largest, value);
    counted++;
  }
  store<f64>(range, <f64>least);
  store<f64>(range, <f64>largest, 8);
  return counted;
}

/** Counts one number by the edges themselves; what is not finite is not counted. */
function countExactly(value: f32, start: f64, end: f64, scale: f64, edges: usize, counts: usize): void {
  if (!(<f64>value >= start && <f64>value <= end)) return;
  let bin = min<usize>(BINS - 1, <usize>((<f64>value - start) * scale));
  // The division may land one bin off its own edges; the edges decide.
  if (value < load<f32>(edges + bin * SINGLE)) bin--;
  else if (bin < BINS - 1 && value >= load<f32>(edges + (bin + 1) * SINGLE)) bin++;
  increment(counts, <i32>bin);
}

// @ts-ignore: decorator
@inline
function increment(counts: usize, bin: i32): void {
  const at = counts + ((<usize>bin) << 2);
  store<i32>(at, load<i32>(at) + 1);
}

/** Writes the range as two float64 (NaN where nothing is finite) and 100 densities as float32. */
export function histogram(range: usize, density: usize, x: usize, count: usize, workspace: usize): void {
  const edges = workspace;
  const counts = workspace + (BINS + 1) * SINGLE;
  const counted = rangeOfFinite(range, x, count);
  if (counted === 0) {
    store<f64>(range, NaN);
    store<f64>(range, NaN, 8);
    memory.fill(density, 0, BINS * SINGLE);
    return;
  }
  memory.fill(counts, 0, 4 * COUNTS);
  let start = load<f64>(range);
  let end = load<f64>(range, 8);
  if (start === end) {
    start -= 0.5;
    end += 0.5;
    store<f64>(range, start);
    store<f64>(range, end, 8);
  }
  // Numbers so large that one unit around them is nothing have no width to be dense over.
  if (!(end > start)) {
    memory.fill(density, 0, BINS * SINGLE);
    return;
  }
  const step = <f32>(<f64>(<f32>(end - start)) / <f64>BINS);
  for (let index: usize = 0; index <= BINS; index++) {
    store<f32>(edges + index * SINGLE, edge(index, <f32>start, <f32>end, step));
  }
  const scale = <f64>BINS / (end - start);
  // A place in float32 is this close to the exact one, in bins: its own rounding and that of the edges.
  const nearness = <f32>(1e-4 + (6e-7 * max<f64>(abs<f64>(start), abs<f64>(end))) / <f64>step);
  const starts = f32x4.splat(<f32>start);
  const scales = f32x4.splat(<f32>scale);
  const near = f32x4.splat(nearness);
  const rounding = f32x4.splat(ROUNDING);
  const whole = count & ~3;
  let i: usize = 0;
  for (; i < whole; i += 4) {
    const values = v128.load(x + i * 4);
    const place = f32x4.mul(f32x4.sub(values, starts), scales);
    const shifted = f32x4.add(place, rounding);
    const nearest = f32x4.sub(shifted, rounding);
    // False for a NaN, too.
    const isClear = f32x4.gt(f32x4.abs(f32x4.sub(place, nearest)), near);
    if (i32x4.all_true(isClear)) {
      // One less where the nearest whole number is the next one: the comparison's bits are −1.
      const bins = i32x4.add(i32x4.sub(shifted, rounding), f32x4.gt(nearest, place));
      increment(counts, i32x4.extract_lane(bins, 0));
      increment(counts + COUNTS, i32x4.extract_lane(bins, 1));
      increment(counts + 2 * COUNTS, i32x4.extract_lane(bins, 2));
      increment(counts + 3 * COUNTS, i32x4.extract_lane(bins, 3));
    } else {
      for (let lane: usize = 0; lane < 4; lane++) {
        countExactly(load<f32>(x + (i + lane) * 4), start, end, scale, edges, counts);
      }
    }
  }
  for (; i < count; i++) countExactly(load<f32>(x + i * 4), start, end, scale, edges, counts);
  for (let bin: usize = 0; bin < BINS; bin++) {
    const at = counts + bin * 4;
    const inBin = load<i32>(at) + load<i32>(at + COUNTS) + load<i32>(at + 2 * COUNTS) + load<i32>(at + 3 * COUNTS);
    const width = load<f32>(edges + (bin + 1) * SINGLE) - load<f32>(edges + bin * SINGLE);
    const share = <f32>(<f64>inBin / <f64>counted);
    store<f32>(density + bin * SINGLE, <f32>(<f64>share / <f64>width));
  }
}

/** Bytes that a histogram works in. */
export function histogramBytes(): usize {
  return (BINS + 1) * SINGLE + 4 * COUNTS;
}
