import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Window } from '../kernels';

/** Numbers from `first` up to `end`; none where `end` is not beyond it. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** Those of the first `count` steps from `start` on that are inside [0, size). */
export function inside(start: number, step: number, count: number, size: number): Range {
  const first = Math.min(count, Math.max(0, Math.ceil(-start / step)));
  return { first, end: Math.max(first, Math.min(count, Math.floor((size - 1 - start) / step) + 1)) };
}

/** An element of the window: at which of the window's places it is inside the image, and where in it. */
interface Tap {
  readonly rows: Range;
  readonly columns: Range;
  /** Its place in the image where the window's place is (0, 0). */
  readonly at: number;
}

/** The window's elements, row by row. */
function tapsOf(
  { size, stride, padding, dilation }: Window,
  image: readonly number[],
  places: readonly number[],
): Tap[] {
  const range = (dim: 0 | 1, element: number) =>
    inside(element * dilation[dim] - padding[dim], stride[dim], places[dim], image[dim]);
  return Array.from({ length: size[0] * size[1] }, (_, element) => {
    const [i, j] = [Math.floor(element / size[1]), element % size[1]];
    const at = (i * dilation[0] - padding[0]) * image[1] + j * dilation[1] - padding[1];
    return { rows: range(0, i), columns: range(1, j), at };
  });
}

/** Visits, of every image, window element and row of places, those that are inside. */
function visitor(
  columns: Tensor,
  images: Tensor,
  window: Window,
  visit: (columnsAt: number, imageAt: number, count: number) => void,
): () => void {
  const [planes, height, width] = images.shape;
  const [outHeight, outWidth] = columns.shape.slice(-2);
  const taps = tapsOf(window, [height, width], [outHeight, outWidth]);
  const [strideY, strideX] = window.stride;
  return () => {
    for (let plane = 0; plane < planes; plane++) {
      for (let element = 0; element < taps.length; element++) {
        const tap = taps[element];
        const from = columns.offset + (plane * taps.length + element) * outHeight * outWidth + tap.columns.first;
        const to = images.offset + plane * height * width + tap.at + tap.columns.first * strideX;
        const count = tap.columns.end - tap.columns.first;
        for (let row = tap.rows.first; row < tap.rows.end; row++) {
          visit(from + row * outWidth, to + row * strideY * width, count);
        }
      }
    }
  };
}

export function unfold(out: Tensor, x: Tensor, window: Window): Kernel {
  const step = window.stride[1];
  const { offset, elements } = out;
  const run = visitor(out, x, window, (to, from, count) => {
    const outData = out.storage.data;
    const data = x.storage.data;
    for (let i = 0; i < count; i++) outData[to + i] = data[from + i * step];
  });
  return () => {
    out.storage.data.fill(0, offset, offset + elements);
    run();
  };
}

export function fold(out: Tensor, x: Tensor, window: Window): Kernel {
  const step = window.stride[1];
  const { offset, elements } = out;
  const run = visitor(x, out, window, (from, to, count) => {
    const outData = out.storage.data;
    const data = x.storage.data;
    for (let i = 0; i < count; i++) outData[to + i * step] += data[from + i];
  });
  return () => {
    out.storage.data.fill(0, offset, offset + elements);
    run();
  };
}
