import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Normalised } from '../kernels';
import { roundingOf } from './rounding';

export function normaliseRows({ normalised, inverse }: Normalised, x: Tensor, epsilon: number): Kernel {
  const [rows, columns] = x.shape;
  const [rowStride, columnStride] = x.strides;
  const round = roundingOf(normalised);
  const [count, shift] = [round(columns), round(epsilon)];
  return () => {
    const { data } = x.storage;
    const to = normalised.storage.data;
    for (let row = 0; row < rows; row++) {
      const start = x.offset + row * rowStride;
      let sum = 0;
      for (let column = 0; column < columns; column++) sum += data[start + column * columnStride];
      // The deviations are from the mean that is not rounded, as `variance` has it.
      const exactMean = sum / columns;
      let squares = 0;
      for (let column = 0; column < columns; column++) {
        const deviation = data[start + column * columnStride] - exactMean;
        squares += deviation * deviation;
      }
      const mean = round(round(sum) / count);
      const deviation = round(Math.sqrt(round(round(squares / columns) + shift)));
      inverse.storage.data[inverse.offset + row] = 1 / deviation;
      const target = normalised.offset + row * columns;
      for (let column = 0; column < columns; column++) {
        to[target + column] = round(data[start + column * columnStride] - mean) / deviation;
      }
    }
  };
}

export function normaliseRowsGradient(out: Tensor, gradient: Tensor, { normalised, inverse }: Normalised): Kernel {
  const [rows, columns] = out.shape;
  const [rowStride, columnStride] = gradient.strides;
  const round = roundingOf(out);
  const count = round(columns);
  return () => {
    const upstream = gradient.storage.data;
    const values = normalised.storage.data;
    const to = out.storage.data;
    for (let row = 0; row < rows; row++) {
      const from = gradient.offset + row * rowStride;
      const at = normalised.offset + row * columns;
      let sum = 0;
      let products = 0;
      for (let column = 0; column < columns; column++) {
        sum += upstream[from + column * columnStride];
        products += round(upstream[from + column * columnStride] * values[at + column]);
      }
      const [total, slope] = [round(sum), round(products)];
      const factor = round(inverse.storage.data[inverse.offset + row] / count);
      for (let column = 0; column < columns; column++) {
        const centred = round(round(upstream[from + column * columnStride] * count) - total);
        const throughVariance = round(values[at + column] * slope);
        to[out.offset + row * columns + column] = factor * round(centred - throughVariance);
      }
    }
  };
}
