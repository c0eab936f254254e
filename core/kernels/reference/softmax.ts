import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { roundingOf } from './rounding';

/** What the logarithm of a row's sum of exponentials is made of: the largest number, and Σ e^(x − largest). */
function exponentialsOf(logits: Tensor): (row: number) => readonly [largest: number, sum: number] {
  const columns = logits.shape[1];
  const [rowStride, columnStride] = logits.strides;
  const result: [number, number] = [0, 0];
  return (row) => {
    const { data } = logits.storage;
    const start = logits.offset + row * rowStride;
    let largest = Number.NEGATIVE_INFINITY;
    for (let column = 0; column < columns; column++) largest = Math.max(largest, data[start + column * columnStride]);
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += Math.exp(data[start + column * columnStride] - largest);
    result[0] = largest;
    result[1] = sum;
    return result;
  };
}

export function softmax(out: Tensor, logits: Tensor): Kernel {
  const [rows, columns] = logits.shape;
  const [rowStride, columnStride] = logits.strides;
  const exponentials = exponentialsOf(logits);
  return () => {
    const { data } = logits.storage;
    const outData = out.storage.data;
    for (let row = 0; row < rows; row++) {
      const start = logits.offset + row * rowStride;
      const target = out.offset + row * columns;
      const [largest, sum] = exponentials(row);
      for (let column = 0; column < columns; column++) {
        outData[target + column] = Math.exp(data[start + column * columnStride] - largest) / sum;
      }
    }
  };
}

export function logSoftmax(out: Tensor, logits: Tensor): Kernel {
  const [rows, columns] = logits.shape;
  const [rowStride, columnStride] = logits.strides;
  const exponentials = exponentialsOf(logits);
  return () => {
    const { data } = logits.storage;
    const outData = out.storage.data;
    for (let row = 0; row < rows; row++) {
      const start = logits.offset + row * rowStride;
      const target = out.offset + row * columns;
      const [largest, sum] = exponentials(row);
      const shift = largest + Math.log(sum);
      for (let column = 0; column < columns; column++) {
        outData[target + column] = data[start + column * columnStride] - shift;
      }
    }
  };
}

export function softmaxGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel {
  const [rows, columns] = out.shape;
  const round = roundingOf(out);
  const [row, column] = gradient.strides;
  const [resultRow, resultColumn] = result.strides;
  return () => {
    const outData = out.storage.data;
    const gradientData = gradient.storage.data;
    const resultData = result.storage.data;
    for (let i = 0; i < rows; i++) {
      const to = out.offset + i * columns;
      const from = gradient.offset + i * row;
      const at = result.offset + i * resultRow;
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        outData[to + j] = gradientData[from + j * column] * resultData[at + j * resultColumn];
        sum += outData[to + j];
      }
      const total = round(sum);
      for (let j = 0; j < columns; j++) outData[to + j] -= round(resultData[at + j * resultColumn] * total);
    }
  };
}

export function logSoftmaxGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel {
  const [rows, columns] = out.shape;
  const round = roundingOf(out);
  const [row, column] = gradient.strides;
  const [resultRow, resultColumn] = result.strides;
  return () => {
    const outData = out.storage.data;
    const gradientData = gradient.storage.data;
    const resultData = result.storage.data;
    for (let i = 0; i < rows; i++) {
      const from = gradient.offset + i * row;
      const at = result.offset + i * resultRow;
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += gradientData[from + j * column];
      const total = round(sum);
      for (let j = 0; j < columns; j++) {
        const share = round(round(Math.exp(resultData[at + j * resultColumn])) * total);
        outData[out.offset + i * columns + j] = gradientData[from + j * column] - share;
      }
    }
  };
}
