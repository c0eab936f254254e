import { largestLane, leastLane, moments } from './statistics';
import { SINGLE, VECTOR } from './vectors';

// torch.histogram(x, bins=100, density=True), as core/kernels/reference/histogram.ts has it, bit for bit.

/** Bins of every histogram; core/protocol/frame.ts has the same number. */
const BINS: usize = 100;
/** Numbers of a vector register in PyTorch's AVX2 build, which decides the bits of torch.linspace. */
const LANES: usize = 8;
/** Numbers counted at a time, each in counts of its own: counting twice in a row in one place waits for the first. */
const COUNTERS: usize = 8;
/** Bytes of one counter's counts. */
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

/** Counts numbers by the edges themselves; what is not finite is not counted. */
function countExactly(x: usize, count: usize, start: f64, end: f64, scale: f64, edges: usize, counts: usize): void {
  for (; count > 0; count--, x += SINGLE) {
    const value = load<f32>(x);
    if (!(<f64>value >= start && <f64>value <= end)) continue;
    let bin = min<usize>(BINS - 1, <usize>((<f64>value - start) * scale));
    // The division may land one bin off its own edges; the edges decide.
    if (value < load<f32>(edges + bin * SINGLE)) bin--;
    else if (bin < BINS - 1 && value >= load<f32>(edges + (bin + 1) * SINGLE)) bin++;
    increment(counts, <i32>bin);
  }
}

// @ts-ignore: decorator
@inline
function increment(counts: usize, bin: i32): void {
  const at = counts + ((<usize>bin) << 2);
  store<i32>(at, load<i32>(at) + 1);
}

/**
 * Writes the moments as `moments` does, the range of what is finite as two float64 (NaN where nothing is), and 100 densities
 * as float32.
 */
export function distribution(
  to: usize,
  range: usize,
  density: usize,
  x: usize,
  count: usize,
  workspace: usize,
): void {
  moments(to, x, count);
  const edges = workspace;
  const counts = workspace + (BINS + 1) * SINGLE;
  const bins = counts + COUNTERS * COUNTS;
  const least = load<f64>(to, 16);
  const largest = load<f64>(to, 24);
  let counted = <i32>count;
  if (isFinite(least) && isFinite(largest)) {
    store<f64>(range, least);
    store<f64>(range, largest, 8);
  } else counted = rangeOfFinite(range, x, count);
  if (counted === 0) {
    store<f64>(range, NaN);
    store<f64>(range, NaN, 8);
    memory.fill(density, 0, BINS * SINGLE);
    return;
  }
  memory.fill(counts, 0, COUNTERS * COUNTS);
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
  const whole = count & ~(COUNTERS - 1);
  for (let i: usize = 0; i < whole; i += COUNTERS) {
    const at = x + i * SINGLE;
    const place0 = f32x4.mul(f32x4.sub(v128.load(at), starts), scales);
    const place1 = f32x4.mul(f32x4.sub(v128.load(at, VECTOR), starts), scales);
    const shifted0 = f32x4.add(place0, rounding);
    const shifted1 = f32x4.add(place1, rounding);
    const nearest0 = f32x4.sub(shifted0, rounding);
    const nearest1 = f32x4.sub(shifted1, rounding);
    // False for a NaN, too.
    const isClear0 = f32x4.gt(f32x4.abs(f32x4.sub(place0, nearest0)), near);
    const isClear1 = f32x4.gt(f32x4.abs(f32x4.sub(place1, nearest1)), near);
    if (i32x4.all_true(v128.and(isClear0, isClear1))) {
      // One less where the nearest whole number is the next one: the comparison's bits are −1. By way of memory, which is
      // cheaper than taking a vector apart.
      v128.store(bins, i32x4.add(i32x4.sub(shifted0, rounding), f32x4.gt(nearest0, place0)));
      v128.store(bins, i32x4.add(i32x4.sub(shifted1, rounding), f32x4.gt(nearest1, place1)), VECTOR);
      increment(counts, load<i32>(bins));
      increment(counts + COUNTS, load<i32>(bins, 4));
      increment(counts + 2 * COUNTS, load<i32>(bins, 8));
      increment(counts + 3 * COUNTS, load<i32>(bins, 12));
      increment(counts + 4 * COUNTS, load<i32>(bins, 16));
      increment(counts + 5 * COUNTS, load<i32>(bins, 20));
      increment(counts + 6 * COUNTS, load<i32>(bins, 24));
      increment(counts + 7 * COUNTS, load<i32>(bins, 28));
    } else {
      countExactly(at, COUNTERS, start, end, scale, edges, counts);
    }
  }
  countExactly(x + whole * 4, count - whole, start, end, scale, edges, counts);
  const total = f64x2.splat(<f64>counted);
  for (let bin: usize = 0; bin < BINS; bin += 4) {
    const at = counts + bin * SINGLE;
    let inBins = v128.load(at);
    for (let counter: usize = 1; counter < COUNTERS; counter++) inBins = i32x4.add(inBins, v128.load(at + counter * COUNTS));
    const edge = edges + bin * SINGLE;
    const widths = f32x4.sub(v128.load(edge, SINGLE), v128.load(edge));
    const low = densities(inBins, widths, total);
    const high = densities(v128.shuffle<i64>(inBins, inBins, 1, 1), v128.shuffle<i64>(widths, widths, 1, 1), total);
    v128.store(density + bin * SINGLE, v128.shuffle<i64>(low, high, 0, 2));
  }
}

/** Of the first two bins: their share of all numbers, rounded, over their width, rounded again. */
// @ts-ignore: decorator
@inline
function densities(inBins: v128, widths: v128, total: v128): v128 {
  const shares = f32x4.demote_f64x2_zero(f64x2.div(f64x2.convert_low_i32x4_s(inBins), total));
  return f32x4.demote_f64x2_zero(f64x2.div(f64x2.promote_low_f32x4(shares), f64x2.promote_low_f32x4(widths)));
}

/** Bytes that a distribution works in. */
export function distributionBytes(): usize {
  return (BINS + 1) * SINGLE + COUNTERS * COUNTS + 2 * VECTOR;
}
