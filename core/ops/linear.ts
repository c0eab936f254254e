import { formatShape, ShapeError } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { defineOp, type Element, type None } from './op';

/** Products of matrices. */
export const linearOps = {
  matmul: defineOp<None>({
    shape: ([a, b]) => {
      if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) {
        throw new ShapeError(
          `matmul: ${formatShape(a)} @ ${formatShape(b)} do not fit: the inner sizes must be equal.`,
        );
      }
      return [a[0], b[1]];
    },
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.matmul(output, a, b),
    // self: grad.mm(mat2.t()); mat2: self.t().mm(grad)
    vjps: [
      (c) => c.kernels.matmul(c.target, c.gradient, c.saved[1].transpose()),
      (c) => c.kernels.matmul(c.target, c.saved[0].transpose(), c.gradient),
    ],
    reads: ({ inputs }, index) => readsProduct(inputs, index),
  }),
  linear: defineOp<None>({
    shape: ([x, weight, bias]) => {
      if (x.length !== 2 || weight.length !== 2 || x[1] !== weight[0] || bias.length !== 1 || bias[0] !== weight[1]) {
        throw new ShapeError(
          `linear: ${formatShape(x)} @ ${formatShape(weight)} + ${formatShape(bias)} do not fit: the inner sizes must be equal, and the bias one number a column.`,
        );
      }
      return [x[0], weight[1]];
    },
    saved: ({ inputs: [x, weight] }) => [x, weight],
    forward: ({ kernels, output, inputs: [x, weight, bias] }) => kernels.matmul(output, x, weight, bias),
    // addmm: mat1: grad.mm(mat2.t()); mat2: mat1.t().mm(grad); self: grad, summed down
    vjps: [
      (c) => c.kernels.matmul(c.target, c.gradient, c.saved[1].transpose()),
      (c) => c.kernels.matmul(c.target, c.saved[0].transpose(), c.gradient),
      (c) => c.kernels.sum(c.target, c.gradient),
    ],
    reads: ({ inputs }, index) => [...readsProduct(inputs, index), [inputs[2], [index[1]]]],
  }),
};

/** A row of the left factor, a column of the right one. */
function readsProduct([a, b]: readonly Tensor[], [row, column]: readonly number[]): Element[] {
  const inner = Array.from({ length: a.shape[1] }, (_, k) => k);
  return [...inner.map((k): Element => [a, [row, k]]), ...inner.map((k): Element => [b, [k, column]])];
}
