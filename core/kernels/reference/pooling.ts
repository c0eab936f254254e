import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Window } from '../kernels';
import { inside, type Range } from './windows';

/** For each of the window's places in one dimension, which of its elements are inside. */
function elementsInside(
  { size, stride, padding, dilation }: Window,
  dim: 0 | 1,
  places: number,
  length: number,
): Range[] {
  return Array.from({ length: places }, (_, place) =>
    inside(place * stride[dim] - padding[dim], dilation[dim], size[dim], length),
  );
}

/** Visits every place of the window in every image, in order. */
function visitor(
  pooled: Tensor,
  images: Tensor,
  window: Window,
  /** `first` is the place in the image of the window's element (0, 0), which may be outside. */
  visit: (at: number, image: number, first: number, rows: Range, columns: Range) => void,
): Kernel {
  const [planes, height, width] = images.shape;
  const [outHeight, outWidth] = pooled.shape.slice(-2);
  const rows = elementsInside(window, 0, outHeight, height);
  const columns = elementsInside(window, 1, outWidth, width);
  const { stride, padding } = window;
  return () => {
    let at = pooled.offset;
    for (let plane = 0; plane < planes; plane++) {
      const image = images.offset + plane * height * width;
      for (let y = 0; y < outHeight; y++) {
        const top = (y * stride[0] - padding[0]) * width - padding[1];
        for (let x = 0; x < outWidth; x++) visit(at++, image, top + x * stride[1], rows[y], columns[x]);
      }
    }
  };
}

export function maxPool(out: Tensor, indices: Tensor, x: Tensor, window: Window): Kernel {
  const [rowStep, step] = [window.dilation[0] * x.shape[2], window.dilation[1]];
  const shift = indices.offset - out.offset;
  return visitor(out, x, window, (at, image, first, rows, columns) => {
    const data = x.storage.data;
    let largest = Number.NEGATIVE_INFINITY;
    let index = -1;
    for (let i = rows.first; i < rows.end; i++) {
      for (let j = columns.first; j < columns.end; j++) {
        const place = first + i * rowStep + j * step;
        const value = data[image + place];
        if (index >= 0 && !(value > largest) && !Number.isNaN(value)) continue;
        largest = value;
        index = place;
      }
    }
    out.storage.data[at] = largest;
    indices.storage.data[at + shift] = index;
  });
}

export function maxPoolGradient(out: Tensor, gradient: Tensor, indices: Tensor): Kernel {
  const { offset, elements } = out;
  const pixels = out.shape[1] * out.shape[2];
  const places = indices.shape[1] * indices.shape[2];
  return () => {
    const outData = out.storage.data;
    outData.fill(0, offset, offset + elements);
    for (let i = 0; i < gradient.elements; i++) {
      const index = indices.storage.data[indices.offset + i];
      const to = offset + Math.floor(i / places) * pixels + index;
      if (index >= 0) outData[to] += gradient.storage.data[gradient.offset + i];
    }
  };
}

/** How many numbers a place's sum is divided by. */
function divisorOf({ size }: Window, countsPadding: boolean, rows: Range, columns: Range): number {
  return countsPadding ? size[0] * size[1] : (rows.end - rows.first) * (columns.end - columns.first);
}

export function avgPool(out: Tensor, x: Tensor, window: Window, countsPadding: boolean): Kernel {
  const width = x.shape[2];
  const round = out.dtype === 'float32' ? Math.fround : (value: number) => value;
  return visitor(out, x, window, (at, image, first, rows, columns) => {
    const data = x.storage.data;
    let sum = 0;
    for (let i = rows.first; i < rows.end; i++) {
      for (let j = columns.first; j < columns.end; j++) sum = round(sum + data[image + first + i * width + j]);
    }
    out.storage.data[at] = sum / divisorOf(window, countsPadding, rows, columns);
  });
}

export function avgPoolGradient(out: Tensor, gradient: Tensor, window: Window, countsPadding: boolean): Kernel {
  const { offset, elements } = out;
  const width = out.shape[2];
  const round = out.dtype === 'float32' ? Math.fround : (value: number) => value;
  const run = visitor(gradient, out, window, (at, image, first, rows, columns) => {
    const outData = out.storage.data;
    const share = round(gradient.storage.data[at] / divisorOf(window, countsPadding, rows, columns));
    for (let i = rows.first; i < rows.end; i++) {
      for (let j = columns.first; j < columns.end; j++) outData[image + first + i * width + j] += share;
    }
  });
  return () => {
    out.storage.data.fill(0, offset, offset + elements);
    run();
  };
}
