import type { Tensor } from '../../tensor/tensor';
import type { BatchStatistics, Kernel } from '../kernels';

/** What rounds to a tensor's type. */
const roundingOf = ({ dtype }: Tensor) => (dtype === 'float32' ? Math.fround : (value: number) => value);

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

/** √(variance + ε) of a column, rounded after each operation. */
function deviationsOf(out: Tensor, { variance, epsilon }: BatchStatistics): (column: number) => number {
  const round = roundingOf(out);
  const varianceOf = columnsOf(variance);
  const rounded = round(epsilon);
  return (column) => round(Math.sqrt(round(varianceOf(column) + rounded)));
}

/** x̂ = (x − mean) · (1 / √(variance + ε)), as the gradients have it, rounded after each operation. */
function normalisedOf(out: Tensor, x: Tensor, statistics: BatchStatistics) {
  const round = roundingOf(out);
  const [cell, mean, deviation] = [cellsOf(x), columnsOf(statistics.mean), deviationsOf(out, statistics)];
  const inverse = (column: number) => round(1 / deviation(column));
  return {
    inverse,
    normalised: (row: number, column: number) => round(round(cell(row, column) - mean(column)) * inverse(column)),
  };
}

export function batchNorm(out: Tensor, x: Tensor, statistics: BatchStatistics, gamma: Tensor, beta: Tensor): Kernel {
  const [rows, columns] = x.shape;
  const round = roundingOf(out);
  const [cell, mean, scale, shift] = [cellsOf(x), ...[statistics.mean, gamma, beta].map(columnsOf)];
  const deviation = deviationsOf(out, statistics);
  return () => {
    for (let column = 0; column < columns; column++) {
      const divisor = deviation(column);
      for (let row = 0; row < rows; row++) {
        const normalised = round(round(cell(row, column) - mean(column)) / divisor);
        out.storage.data[out.offset + row * columns + column] = round(scale(column) * normalised) + shift(column);
      }
    }
  };
}

export function batchNormGradient(
  out: Tensor,
  gradient: Tensor,
  x: Tensor,
  statistics: BatchStatistics,
  gamma: Tensor,
): Kernel {
  const [rows, columns] = x.shape;
  const round = roundingOf(out);
  const [upstream, scale] = [cellsOf(gradient), columnsOf(gamma)];
  const { inverse, normalised } = normalisedOf(out, x, statistics);
  return () => {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      let products = 0;
      for (let row = 0; row < rows; row++) {
        sum += upstream(row, column);
        products += round(upstream(row, column) * normalised(row, column));
      }
      const factor = round(scale(column) * inverse(column));
      const mean = round(sum / rows);
      const slope = round(products / (rows - 1));
      for (let row = 0; row < rows; row++) {
        const centred = round(upstream(row, column) - mean);
        out.storage.data[out.offset + row * columns + column] =
          factor * round(centred - round(normalised(row, column) * slope));
      }
    }
  };
}

export function batchNormScaleGradient(out: Tensor, gradient: Tensor, x: Tensor, statistics: BatchStatistics): Kernel {
  const [rows, columns] = x.shape;
  const round = roundingOf(out);
  const upstream = cellsOf(gradient);
  const { normalised } = normalisedOf(out, x, statistics);
  return () => {
    for (let column = 0; column < columns; column++) {
      let products = 0;
      for (let row = 0; row < rows; row++) products += round(upstream(row, column) * normalised(row, column));
      out.storage.data[out.offset + column] = products;
    }
  };
}
