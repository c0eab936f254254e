import type { Tensor } from '../../tensor/tensor';
import { type BatchStatistics, type Kernel, type Normalised, sequence } from '../kernels';
import { binary, scalar, unary } from './elementwise';
import { roundingOf } from './rounding';

/** A reader of element `column` of a vector, or of a matrix of one row. */
function columnsOf({ storage, offset, strides }: Tensor): (column: number) => number {
  const step = strides[strides.length - 1];
  return (column) => storage.data[offset + column * step];
}

/** A reader of a matrix. */
function cellsOf({ storage, offset, strides }: Tensor): (row: number, column: number) => number {
  const [rowStep, columnStep] = strides;
  return (row, column) => storage.data[offset + row * rowStep + column * columnStep];
}

export function batchNorm(
  out: Tensor,
  { normalised, inverse }: Normalised,
  x: Tensor,
  { mean, variance, epsilon }: BatchStatistics,
  gamma: Tensor,
  beta: Tensor,
): Kernel {
  // `inverse` is the deviation first.
  return sequence(
    scalar('add', inverse, variance, epsilon),
    unary('sqrt', inverse, inverse),
    binary('subtract', normalised, x, mean),
    binary('divide', normalised, normalised, inverse),
    binary('multiply', out, gamma, normalised),
    binary('add', out, out, beta),
    scalar('add', inverse, variance, epsilon),
    scalar('power', inverse, inverse, -0.5),
  );
}

export function batchNormGradient(
  out: Tensor,
  gradient: Tensor,
  { normalised, inverse }: Normalised,
  gamma: Tensor,
): Kernel {
  const [rows, columns] = gradient.shape;
  const round = roundingOf(out);
  const correction = round(rows / (rows - 1));
  const [upstream, value] = [gradient, normalised].map(cellsOf);
  const [scale, inverseOf] = [gamma, inverse].map(columnsOf);
  return () => {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      let products = 0;
      for (let row = 0; row < rows; row++) {
        sum += upstream(row, column);
        products += round(upstream(row, column) * value(row, column));
      }
      const [total, slope] = [round(sum), round(products)];
      const factor = round(round(scale(column) * inverseOf(column)) / rows);
      for (let row = 0; row < rows; row++) {
        const centred = round(round(upstream(row, column) * rows) - total);
        const throughVariance = round(round(value(row, column) * correction) * slope);
        out.storage.data[out.offset + row * columns + column] = factor * round(centred - throughVariance);
      }
    }
  };
}
