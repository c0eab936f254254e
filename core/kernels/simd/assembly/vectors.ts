// What all kernels here are written with: four float32 numbers at a time.

/** Bytes of a float32. */
export const SINGLE: usize = 4;
/** Bytes of a vector of four float32. */
export const VECTOR: usize = 16;

/**
 * sum + x · y. The plain build rounds the product first, as every machine does alike; the relaxed build rounds once where
 * the machine can.
 */
// @ts-ignore: decorator
@inline
export function multiplyAdd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** Stores the first `count` (1 to 3) numbers of a vector. */
// @ts-ignore: decorator
@inline
export function storeFirst(to: usize, values: v128, count: usize): void {
  v128.store32_lane(to, values, 0);
  if (count > 1) v128.store32_lane(to, values, 1, 4);
  if (count > 2) v128.store32_lane(to, values, 2, 8);
}

/** Loads `count` (1 to 3) numbers; the rest of the vector repeats the first. */
// @ts-ignore: decorator
@inline
export function loadFirst(from: usize, count: usize): v128 {
  let values = v128.load32_splat(from);
  if (count > 1) values = v128.load32_lane(from, values, 1, 4);
  if (count > 2) values = v128.load32_lane(from, values, 2, 8);
  return values;
}

/** Where part 0, part 1 and the end of `count` numbers begin: whole cache lines, so that threads never write into the same. */
// @ts-ignore: decorator
@inline
export function firstOfPart(count: usize, part: usize): usize {
  if (part === 0) return 0;
  return part === 1 ? (count >> 1) & ~15 : count;
}
