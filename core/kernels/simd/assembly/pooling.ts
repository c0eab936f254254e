import { SINGLE, VECTOR } from './vectors';
import { endInside, firstInside, loadFour } from './windows';

// As core/kernels/reference/pooling.ts has it, bit for bit. Where the whole window is inside, four places at a time.

/** The largest that the window sees at one place; `from` is the image's first byte, `at` the place of element (0, 0). */
// @ts-ignore: decorator
@inline
function largestAt(
  out: usize,
  index: usize,
  from: usize,
  at: i32,
  firstRow: i32,
  endRow: i32,
  rowStep: i32,
  firstColumn: i32,
  endColumn: i32,
  step: i32,
): void {
  let largest: f32 = -Infinity;
  let found: i32 = -1;
  for (let i = firstRow; i < endRow; i++) {
    for (let j = firstColumn; j < endColumn; j++) {
      const place = at + i * rowStep + j * step;
      const value = load<f32>(from + place * SINGLE);
      if (found < 0 || value > largest || value !== value) {
        largest = value;
        found = place;
      }
    }
  }
  store<f32>(out, largest);
  store<i32>(index, found);
}

/** The same at four places, `stride` from each other, whose windows are inside the row. */
// @ts-ignore: decorator
@inline
function largestAtFour(
  out: usize,
  index: usize,
  from: usize,
  at: i32,
  stride: i32,
  firstRow: i32,
  endRow: i32,
  rowStep: i32,
  columns: i32,
  step: i32,
): void {
  const places = i32x4.add(i32x4.splat(at), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(stride)));
  let largest = f32x4.splat(-Infinity);
  let found = firstRow < endRow ? i32x4.add(places, i32x4.splat(firstRow * rowStep)) : i32x4.splat(-1);
  for (let i = firstRow; i < endRow; i++) {
    for (let j = 0; j < columns; j++) {
      const shift = i * rowStep + j * step;
      const values = loadFour(from + (at + shift) * SINGLE, stride);
      const isTaken = v128.or(f32x4.gt(values, largest), f32x4.ne(values, values));
      largest = v128.bitselect(values, largest, isTaken);
      found = v128.bitselect(i32x4.add(places, i32x4.splat(shift)), found, isTaken);
    }
  }
  v128.store(out, largest);
  v128.store(index, found);
}

/** The largest that the window sees at each of its places, and where in the image that is. */
export function maxPool(
  out: usize,
  indices: usize,
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
  const rowStep = dilationY * width;
  const firstWhole = firstInside(-paddingX, strideX, outWidth);
  const endWhole = endInside((kernelWidth - 1) * dilationX - paddingX, strideX, outWidth, width);
  for (; planes > 0; planes--, x += <usize>height * <usize>width * SINGLE) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideY - paddingY;
      const firstRow = firstInside(top, dilationY, kernelHeight);
      const endRow = endInside(top, dilationY, kernelHeight, height);
      for (let column = 0; column < outWidth; ) {
        const left = column * strideX - paddingX;
        const at = top * width + left;
        if (column >= firstWhole && column + 4 <= endWhole) {
          largestAtFour(out, indices, x, at, strideX, firstRow, endRow, rowStep, kernelWidth, dilationX);
          column += 4;
          out += VECTOR;
          indices += VECTOR;
        } else {
          const first = firstInside(left, dilationX, kernelWidth);
          const end = endInside(left, dilationX, kernelWidth, width);
          largestAt(out, indices, x, at, firstRow, endRow, rowStep, first, end, dilationX);
          column++;
          out += SINGLE;
          indices += SINGLE;
        }
      }
    }
  }
}

/** out = 0, then out[p, indices[p, …]] += gradient[p, …] in order, but where the index is −1. */
export function maxPoolGradient(
  out: usize,
  gradient: usize,
  indices: usize,
  planes: usize,
  pixels: usize,
  places: usize,
): void {
  memory.fill(out, 0, planes * pixels * SINGLE);
  for (; planes > 0; planes--, out += pixels * SINGLE) {
    const end = gradient + places * SINGLE;
    for (; gradient < end; gradient += SINGLE, indices += SINGLE) {
      const index = load<i32>(indices);
      const to = out + <usize>index * SINGLE;
      if (index >= 0) store<f32>(to, load<f32>(to) + load<f32>(gradient));
    }
  }
}

/** The mean of what the window sees at each of its places. */
export function avgPool(
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
  countsPadding: bool,
): void {
  const size = <f32>(kernelHeight * kernelWidth);
  const firstWhole = firstInside(-paddingX, strideX, outWidth);
  const endWhole = endInside(kernelWidth - 1 - paddingX, strideX, outWidth, width);
  for (; planes > 0; planes--, x += <usize>height * <usize>width * SINGLE) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideY - paddingY;
      const firstRow = firstInside(top, 1, kernelHeight);
      const endRow = endInside(top, 1, kernelHeight, height);
      for (let column = 0; column < outWidth; ) {
        const left = column * strideX - paddingX;
        const from = x + (top * width + left) * SINGLE;
        if (column >= firstWhole && column + 4 <= endWhole) {
          let sums = f32x4.splat(0);
          for (let i = firstRow; i < endRow; i++) {
            for (let j = 0; j < kernelWidth; j++) {
              sums = f32x4.add(sums, loadFour(from + (i * width + j) * SINGLE, strideX));
            }
          }
          const divisor = countsPadding ? size : <f32>((endRow - firstRow) * kernelWidth);
          v128.store(out, f32x4.div(sums, f32x4.splat(divisor)));
          column += 4;
          out += VECTOR;
        } else {
          const first = firstInside(left, 1, kernelWidth);
          const end = endInside(left, 1, kernelWidth, width);
          let sum: f32 = 0;
          for (let i = firstRow; i < endRow; i++) {
            for (let j = first; j < end; j++) sum += load<f32>(from + (i * width + j) * SINGLE);
          }
          store<f32>(out, sum / (countsPadding ? size : <f32>((endRow - firstRow) * (end - first))));
          column++;
          out += SINGLE;
        }
      }
    }
  }
}

/** out = 0, then each place's share of the gradient is added to every number that the window sees there. */
export function avgPoolGradient(
  out: usize,
  gradient: usize,
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
  countsPadding: bool,
): void {
  const imageBytes = <usize>height * <usize>width * SINGLE;
  memory.fill(out, 0, <usize>planes * imageBytes);
  for (; planes > 0; planes--, out += imageBytes) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideY - paddingY;
      const firstRow = firstInside(top, 1, kernelHeight);
      const endRow = endInside(top, 1, kernelHeight, height);
      for (let column = 0; column < outWidth; column++, gradient += SINGLE) {
        const left = column * strideX - paddingX;
        const first = firstInside(left, 1, kernelWidth);
        const end = endInside(left, 1, kernelWidth, width);
        const count = countsPadding ? kernelHeight * kernelWidth : (endRow - firstRow) * (end - first);
        const share = load<f32>(gradient) / <f32>count;
        for (let i = firstRow; i < endRow; i++) {
          let to = out + ((top + i) * width + left + first) * SINGLE;
          for (let j = first; j < end; j++, to += SINGLE) store<f32>(to, load<f32>(to) + share);
        }
      }
    }
  }
}
