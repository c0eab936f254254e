const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Place of a float32 in the order of all float32 numbers; −0 and +0 share one place. */
function orderOf(value: number): number {
  float[0] = value;
  return bits[0] < 0 ? -(bits[0] & 0x7fffffff) : bits[0];
}

/**
 * How many float32 numbers lie between `a` and `b`, counting one end: 0 where they are equal, 1 for neighbours.
 * Infinity where exactly one is NaN, 0 where both are.
 */
export function ulpDistance(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(orderOf(a) - orderOf(b));
}
