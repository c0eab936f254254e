import { addRow, copyRow } from './indexing';
import { SINGLE, VECTOR } from './vectors';

// As core/kernels/reference/windows.ts has it, bit for bit.

/** The first of `count` steps from `start` on that is not before 0. */
// @ts-ignore: decorator
@inline
export function firstInside(start: i32, step: i32, count: i32): i32 {
  return start >= 0 ? 0 : min(count, (step - 1 - start) / step);
}

/** The first of `count` steps from `start` on that is beyond `size`. */
// @ts-ignore: decorator
@inline
export function endInside(start: i32, step: i32, count: i32, size: i32): i32 {
  const left = size - 1 - start;
  return left < 0 ? 0 : min(count, left / step + 1);
}

/** Four numbers, `step` from each other. */
// @ts-ignore: decorator
@inline
export function loadFour(from: usize, step: usize): v128 {
  if (step === 1) return v128.load(from);
  // From the fourth on, so that nothing beyond the seventh is read.
  if (step === 2) return v128.shuffle<i32>(v128.load(from), v128.load(from, 3 * SINGLE), 0, 2, 5, 7);
  const bytes = step * SINGLE;
  let values = v128.load32_splat(from);
  values = v128.load32_lane(from + bytes, values, 1);
  values = v128.load32_lane(from + 2 * bytes, values, 2);
  return v128.load32_lane(from + 3 * bytes, values, 3);
}

// @ts-ignore: decorator
@inline
function copySteps(to: usize, from: usize, step: usize, count: i32): void {
  if (step === 1) {
    copyRow(to, from, <usize>count * SINGLE);
    return;
  }
  const bytes = step * SINGLE;
  for (; count >= 4; count -= 4, to += VECTOR, from += 4 * bytes) v128.store(to, loadFour(from, step));
  for (; count > 0; count--, to += SINGLE, from += bytes) store<f32>(to, load<f32>(from));
}

// @ts-ignore: decorator
@inline
function addSteps(to: usize, step: usize, from: usize, count: i32): void {
  if (step === 1) {
    addRow(to, from, <usize>count * SINGLE);
    return;
  }
  const bytes = step * SINGLE;
  for (; count > 0; count--, to += bytes, from += SINGLE) store<f32>(to, load<f32>(to) + load<f32>(from));
}

// @ts-ignore: decorator
@inline
function clear(to: usize, count: i32): void {
  for (; count >= 4; count -= 4, to += VECTOR) v128.store(to, f32x4.splat(0));
  for (; count > 0; count--, to += SINGLE) store<f32>(to, 0);
}

/** out[p, i, j, oy, ox] = x[p, oy · stride + i · dilation − padding, …], 0 beyond the edge. */
export function unfold(
  out: usize,
  x: usize,
  planes: i32,
  height: i32,
  width: i32,
  outHeight: i32,
  outWidth: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  paddingY: i32,
  paddingX: i32,
  dilationY: i32,
  dilationX: i32,
): void {
  const rowBytes = <usize>width * SINGLE;
  const outRow = <usize>outWidth * SINGLE;
  for (; planes > 0; planes--, x += <usize>height * rowBytes) {
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        const left = j * dilationX - paddingX;
        const first = firstInside(left, strideX, outWidth);
        const end = max(first, endInside(left, strideX, outWidth, width));
        const from = x + (left + first * strideX) * SINGLE;
        let y = i * dilationY - paddingY;
        for (let row = 0; row < outHeight; row++, y += strideY, out += outRow) {
          if (<u32>y >= <u32>height) {
            clear(out, outWidth);
            continue;
          }
          clear(out, first);
          copySteps(out + first * SINGLE, from + <usize>y * rowBytes, strideX, end - first);
          clear(out + end * SINGLE, outWidth - end);
        }
      }
    }
  }
}

/** out = 0, then every number of `x` is added to the one that `unfold` takes it from, in order. */
export function fold(
  out: usize,
  x: usize,
  planes: i32,
  height: i32,
  width: i32,
  outHeight: i32,
  outWidth: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  strideY: i32,
  strideX: i32,
  paddingY: i32,
  paddingX: i32,
  dilationY: i32,
  dilationX: i32,
): void {
  const rowBytes = <usize>width * SINGLE;
  const xRow = <usize>outWidth * SINGLE;
  memory.fill(out, 0, <usize>planes * <usize>height * rowBytes);
  for (; planes > 0; planes--, out += <usize>height * rowBytes) {
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        const left = j * dilationX - paddingX;
        const first = firstInside(left, strideX, outWidth);
        const end = max(first, endInside(left, strideX, outWidth, width));
        const to = out + (left + first * strideX) * SINGLE;
        let y = i * dilationY - paddingY;
        for (let row = 0; row < outHeight; row++, y += strideY, x += xRow) {
          if (<u32>y < <u32>height) addSteps(to + <usize>y * rowBytes, strideX, x + first * SINGLE, end - first);
        }
      }
    }
  }
}
