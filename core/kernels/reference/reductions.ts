import type { TensorData } from '../../tensor/arena';
import { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import { RowCursor } from '../loops';

/** Visits, for every element of `out`, the elements of `x` that reduce to it. */
class ReductionPlan {
  /** Over `out` and `x` at the first of the elements to reduce. */
  readonly kept: RowCursor;
  /** Over the elements of `x` that one element of `out` takes, relative to the first. */
  readonly reduced: RowCursor;
  /** How many these are. */
  readonly count: number;

  constructor(out: Tensor, x: Tensor) {
    const lead = x.shape.length - out.shape.length;
    const isReduced = x.shape.map((size, dim) => size !== 1 && (dim < lead || out.shape[dim - lead] === 1));
    const keptShape = x.shape.map((size, dim) => (isReduced[dim] ? 1 : size));
    const reducedShape = x.shape.map((size, dim) => (isReduced[dim] ? size : 1));
    this.kept = new RowCursor(keptShape, [out.view(keptShape), new Tensor(x.storage, keptShape, x.strides, x.offset)]);
    this.reduced = new RowCursor(reducedShape, [new Tensor(x.storage, reducedShape, x.strides, 0)]);
    this.count = reducedShape.reduce((product, size) => product * size, 1);
  }
}

function sumRow(data: TensorData, start: number, step: number, length: number, mean: number, squared: boolean): number {
  let sum = 0;
  if (squared) {
    for (let i = 0; i < length; i++) {
      const deviation = data[start + i * step] - mean;
      sum += deviation * deviation;
    }
  } else {
    for (let i = 0; i < length; i++) sum += data[start + i * step];
  }
  return sum;
}

/** Plans `out = finish(x's elements)`, where `finish` may ask for their sum and for the sum of squares about a mean. */
function reduction(
  out: Tensor,
  x: Tensor,
  finish: (total: (mean: number, squared: boolean) => number, count: number) => number,
): Kernel {
  const { kept, reduced, count } = new ReductionPlan(out, x);
  const base = new Int32Array(1);
  const total = (mean: number, squared: boolean): number => {
    const data = x.storage.data;
    let sum = 0;
    reduced.reset(base);
    do sum += sumRow(data, reduced.offsets[0], reduced.steps[0], reduced.length, mean, squared);
    while (reduced.next());
    return sum;
  };
  return () => {
    const outData = out.storage.data;
    kept.reset();
    do {
      for (let i = 0; i < kept.length; i++) {
        base[0] = kept.offsets[1] + i * kept.steps[1];
        outData[kept.offsets[0] + i * kept.steps[0]] = finish(total, count);
      }
    } while (kept.next());
  };
}

export function sum(out: Tensor, x: Tensor): Kernel {
  return reduction(out, x, (total) => total(0, false));
}

export function variance(out: Tensor, x: Tensor, correction: number): Kernel {
  return reduction(out, x, (total, count) => total(total(0, false) / count, true) / (count - correction));
}

export function rowArgmax(indices: Tensor, x: Tensor): Kernel {
  const [rows, columns] = x.shape;
  const [rowStride, columnStride] = x.strides;
  return () => {
    const data = x.storage.data;
    for (let row = 0; row < rows; row++) {
      const start = x.offset + row * rowStride;
      let best = 0;
      for (let column = 1; column < columns; column++) {
        const value = data[start + column * columnStride];
        const present = data[start + best * columnStride];
        if (value > present || (Number.isNaN(value) && !Number.isNaN(present))) best = column;
      }
      indices.storage.data[indices.offset + row] = best;
    }
  };
}
