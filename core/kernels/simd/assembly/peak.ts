import { multiplyAdd } from './vectors';

/**
 * The machine's speed limit for these kernels: `rounds` times twelve independent vector multiply-adds, nothing loaded, nothing
 * stored. Returns their sum, so that they are not left out.
 */
export function multiplyAdds(rounds: i32): f32 {
  const x = f32x4.splat(0.999);
  const y = f32x4.splat(1e-3);
  let sum0 = y;
  let sum1 = y;
  let sum2 = y;
  let sum3 = y;
  let sum4 = y;
  let sum5 = y;
  let sum6 = y;
  let sum7 = y;
  let sum8 = y;
  let sum9 = y;
  let sum10 = y;
  let sum11 = y;
  for (; rounds > 0; rounds--) {
    sum0 = multiplyAdd(x, sum0, y);
    sum1 = multiplyAdd(x, sum1, y);
    sum2 = multiplyAdd(x, sum2, y);
    sum3 = multiplyAdd(x, sum3, y);
    sum4 = multiplyAdd(x, sum4, y);
    sum5 = multiplyAdd(x, sum5, y);
    sum6 = multiplyAdd(x, sum6, y);
    sum7 = multiplyAdd(x, sum7, y);
    sum8 = multiplyAdd(x, sum8, y);
    sum9 = multiplyAdd(x, sum9, y);
    sum10 = multiplyAdd(x, sum10, y);
    sum11 = multiplyAdd(x, sum11, y);
  }
  const low = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  const high = f32x4.add(f32x4.add(sum4, sum5), f32x4.add(sum6, sum7));
  const rest = f32x4.add(f32x4.add(sum8, sum9), f32x4.add(sum10, sum11));
  return f32x4.extract_lane(f32x4.add(f32x4.add(low, high), rest), 0);
}
