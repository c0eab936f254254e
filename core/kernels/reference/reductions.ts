import type { TensorData } from '../../tensor/arena';
import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import type { ReductionKind } from '../reductions';
import { keptOf, ReductionPlan } from './reduction-plan';

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
function summation(
  out: Tensor,
  x: Tensor,
  finish: (total: (mean: number, squared: boolean) => number, count: number) => number,
): Kernel {
  const plan = new ReductionPlan(keptOf(out.shape, x.shape), [out], [x]);
  const { reduced, places, count } = plan;
  const total = (mean: number, squared: boolean): number => {
    const data = x.storage.data;
    let sum = 0;
    do sum += sumRow(data, reduced.offsets[0], reduced.steps[0], reduced.length, mean, squared);
    while (reduced.next());
    return sum;
  };
  const visit = () => {
    out.storage.data[places[0]] = finish(total, count);
  };
  return () => plan.forEach(visit);
}

export function sum(out: Tensor, x: Tensor): Kernel {
  return summation(out, x, (total) => total(0, false));
}

export function variance(out: Tensor, x: Tensor, correction: number): Kernel {
  return summation(out, x, (total, count) => total(total(0, false) / count, true) / Math.max(count - correction, 0));
}

const productRow = (product: number, data: TensorData, start: number, step: number, length: number): number => {
  let result = product;
  for (let i = 0; i < length; i++) result *= data[start + i * step];
  return result;
};

/** Whether some element of a row is zero, or with `isZero` false is not. */
function hasSome(isZero: boolean, data: TensorData, start: number, step: number, length: number): boolean {
  for (let i = 0; i < length; i++) if ((data[start + i * step] === 0) === isZero) return true;
  return false;
}

export function reduce(kind: ReductionKind, out: Tensor, x: Tensor): Kernel {
  const plan = new ReductionPlan(keptOf(out.shape, x.shape), [out], [x]);
  const { reduced, places } = plan;
  const product = () => {
    let result = 1;
    do result = productRow(result, x.storage.data, reduced.offsets[0], reduced.steps[0], reduced.length);
    while (reduced.next());
    out.storage.data[places[0]] = result;
  };
  const truth = (isAll: boolean) => () => {
    let decides = false;
    do decides ||= hasSome(isAll, x.storage.data, reduced.offsets[0], reduced.steps[0], reduced.length);
    while (reduced.next());
    out.storage.data[places[0]] = Number(decides !== isAll);
  };
  const visit = kind === 'product' ? product : truth(kind === 'all');
  return () => plan.forEach(visit);
}
