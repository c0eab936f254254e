import { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';
import type { CumulativeKind } from '../reductions';
import { keptAlong, keptOf, ReductionPlan } from './reduction-plan';

/** The tensor with its elements in the opposite order along some dimensions. */
function reversed(x: Tensor, isReversed: (dim: number) => boolean): Tensor {
  const last = x.strides.reduce((sum, stride, dim) => sum + (isReversed(dim) ? stride * (x.shape[dim] - 1) : 0), 0);
  const strides = x.strides.map((stride, dim) => (isReversed(dim) ? -stride : stride));
  return new Tensor(x.storage, x.shape, strides, x.elements === 0 ? x.offset : x.offset + last);
}

export function productGradient(out: Tensor, gradient: Tensor, x: Tensor, result: Tensor): Kernel {
  const kept = keptOf(gradient.shape, x.shape);
  const isReduced = (dim: number) => kept[dim] !== x.shape[dim];
  const forth = new ReductionPlan(kept, [gradient, result], [x, out]);
  const back = new ReductionPlan(kept, [gradient], [reversed(x, isReduced), reversed(out, isReduced)]);
  const anyZero = new ReductionPlan(
    x.shape.map(() => 1),
    [],
    [x],
  );
  let hasZero = false;
  const lookForZero = () => {
    const { offsets, steps, length } = anyZero.reduced;
    const data = x.storage.data;
    do for (let i = 0; i < length; i++) hasZero ||= data[offsets[0] + i * steps[0]] === 0;
    while (anyZero.reduced.next());
  };
  // grad * (result / self)
  const byQuotient = () => {
    const { offsets, steps, length } = forth.reduced;
    const data = x.storage.data;
    const outData = out.storage.data;
    const upstream = gradient.storage.data[forth.places[0]];
    const product = result.storage.data[forth.places[1]];
    do {
      for (let i = 0; i < length; i++) {
        const at = offsets[1] + i * steps[1];
        outData[at] = product / data[offsets[0] + i * steps[0]];
        outData[at] *= upstream;
      }
    } while (forth.reduced.next());
  };
  // The product of those before, then times that of those after: prod_safe_zeros_backward.
  const before = () => {
    const { offsets, steps, length } = forth.reduced;
    const data = x.storage.data;
    const outData = out.storage.data;
    let product = 1;
    do {
      for (let i = 0; i < length; i++) {
        outData[offsets[1] + i * steps[1]] = product;
        product *= data[offsets[0] + i * steps[0]];
      }
    } while (forth.reduced.next());
  };
  const timesAfter = () => {
    const { offsets, steps, length } = back.reduced;
    const data = x.storage.data;
    const outData = out.storage.data;
    const upstream = gradient.storage.data[back.places[0]];
    let product = 1;
    do {
      for (let i = 0; i < length; i++) {
        const at = offsets[1] + i * steps[1];
        outData[at] *= product;
        outData[at] *= upstream;
        product *= data[offsets[0] + i * steps[0]];
      }
    } while (back.reduced.next());
  };
  return () => {
    hasZero = false;
    anyZero.forEach(lookForZero);
    if (!hasZero) return forth.forEach(byQuotient);
    forth.forEach(before);
    back.forEach(timesAfter);
  };
}

/** Each result waits for the one before it: the compiled builds use this loop, too. */
export function cumulative(kind: CumulativeKind, out: Tensor, x: Tensor, dim: number): Kernel {
  const plan = new ReductionPlan(keptAlong(x.shape, dim), [], [x, out]);
  const { offsets, steps, length } = plan.reduced;
  const visit = () => {
    const data = x.storage.data;
    const outData = out.storage.data;
    if (length > 0) outData[offsets[1]] = data[offsets[0]];
    for (let i = 1; i < length; i++) {
      const value = data[offsets[0] + i * steps[0]];
      const at = offsets[1] + i * steps[1];
      const last = outData[at - steps[1]];
      outData[at] = kind === 'sum' ? last + value : last * value;
    }
  };
  return () => plan.forEach(visit);
}

/**
 * cumprod_backward. Up to the first 0 of a line: reversed_cumsum(grad * result) / self. At the first 0: the sum, up to the
 * second, of grad times the product of all others so far. After it: 0.
 */
export function cumulativeProductGradient(
  out: Tensor,
  gradient: Tensor,
  x: Tensor,
  result: Tensor,
  dim: number,
): Kernel {
  const plan = new ReductionPlan(keptAlong(x.shape, dim), [], [x, out, gradient, result]);
  const { offsets, steps, length } = plan.reduced;
  const round = x.dtype === 'float32' ? Math.fround : (value: number) => value;
  const visit = () => {
    const at = (operand: number, i: number) => offsets[operand] + i * steps[operand];
    const data = x.storage.data;
    const outData = out.storage.data;
    const upstream = gradient.storage.data;
    const products = result.storage.data;
    let zero = 0;
    while (zero < length && data[at(0, zero)] !== 0) zero++;
    let sum = 0;
    for (let i = zero - 1; i >= 0; i--) {
      sum = round(sum + round(products[at(3, i)] * upstream[at(2, i)]));
      outData[at(1, i)] = sum / data[at(0, i)];
    }
    if (zero === length) return;
    let product = 1;
    let total = 0;
    for (let i = zero; i < length; i++) {
      if (i > zero && data[at(0, i)] === 0) break;
      if (i > zero) product = round(product * data[at(0, i)]);
      total += round(product * upstream[at(2, i)]);
    }
    const before = zero === 0 ? 1 : products[at(3, zero - 1)];
    outData[at(1, zero)] = round(total) * before;
    for (let i = zero + 1; i < length; i++) outData[at(1, i)] = 0;
  };
  return () => plan.forEach(visit);
}
