import { type Kernel, sequence } from '../kernels/kernels';
import { broadcastShapes, broadcastTogether } from '../tensor/broadcasting';
import { elementCount, formatShape, type Shape, ShapeError, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { type None, noAttributes } from './attributes';
import { ofUnsigned } from './magnitudes';
import { defineOp, type Element, type Recorded, type VjpContext } from './op';
import { broadcastIndex } from './reads';

/**
 * Products of matrices. The weight of `linear` is (in, out): `F.linear`, whose weight is (out, in), is `linear` of the
 * transposed weight, which costs no copy.
 */
export const linearOps = {
  matmul: defineOp(noAttributes, {
    shape: ([a, b]) => {
      requireInner('matmul', a, b);
      const stack = broadcastTogether(a.slice(0, -2), b.slice(0, -2));
      if (stack === null) {
        throw new ShapeError(
          `matmul: ${formatShape(a)} @ ${formatShape(b)} do not fit: the sizes before the last two do not broadcast.`,
        );
      }
      return [...stack, ...(a.length === 1 ? [] : a.slice(-2, -1)), ...(b.length === 1 ? [] : b.slice(-1))];
    },
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => {
      const [left, right] = [asRow(a), asColumn(b)];
      return kernels.matmul(output.view(productShape(left.shape, right.shape)), left, right);
    },
    // self: grad.mm(mat2.t()); mat2: self.t().mm(grad); of stacks bmm, summed over the dimensions that were broadcast
    vjps: [
      ofUnsigned((c) => {
        const [left, right] = [asRow(c.saved[0]), asColumn(c.saved[1])];
        return toLeft(c, c.target.view(left.shape), c.gradient.view(productShape(left.shape, right.shape)), right);
      }),
      ofUnsigned((c) => {
        const [left, right] = [asRow(c.saved[0]), asColumn(c.saved[1])];
        return toRight(c, c.target.view(right.shape), c.gradient.view(productShape(left.shape, right.shape)), left);
      }),
    ],
    roundings: productRoundings,
    reads: ({ inputs: [a, b] }, index) => {
      const row = a.shape.length === 1 ? [] : index.slice(b.shape.length === 1 ? -1 : -2).slice(0, 1);
      const column = b.shape.length === 1 ? [] : index.slice(-1);
      return readsProduct(a, b, index.slice(0, index.length - row.length - column.length), row, column);
    },
  }),
  linear: defineOp(noAttributes, {
    shape: ([x, weight, bias]) => {
      requireInner('linear', x, weight);
      if (weight.length !== 2 || !sameShape(bias, weight.slice(1))) {
        throw new ShapeError(
          `linear: ${formatShape(x)} @ ${formatShape(weight)} + ${formatShape(bias)} do not fit: the weight must be a matrix, and the bias one number for each of its columns.`,
        );
      }
      return [...x.slice(0, -1), weight[1]];
    },
    saved: ({ inputs: [x, weight] }) => [x, weight],
    forward: ({ kernels, output, inputs: [x, weight, bias] }) => {
      const left = asRow(x);
      return kernels.matmul(output.view(productShape(left.shape, weight.shape)), left, weight, bias);
    },
    // addmm: mat1: grad.mm(mat2.t()); mat2: mat1.t().mm(grad); self: grad, summed down
    vjps: [
      ofUnsigned((c) => {
        const [left, weight] = [asRow(c.saved[0]), c.saved[1]];
        return toLeft(c, c.target.view(left.shape), c.gradient.view(productShape(left.shape, weight.shape)), weight);
      }),
      ofUnsigned((c) => {
        const left = asRow(c.saved[0]);
        return toRight(c, c.target, c.gradient.view(productShape(left.shape, c.target.shape)), left);
      }),
      (c) => c.kernels.sum(c.target, asRows(c.gradient)),
    ],
    roundings: productRoundings,
    reads: ({ inputs: [x, weight, bias] }, index) => {
      const row = x.shape.length === 1 ? [] : index.slice(-2, -1);
      const column = index.slice(-1);
      const stack = index.slice(0, index.length - 1 - row.length);
      return [...readsProduct(x, weight, stack, row, column), [bias, column]];
    },
  }),
};

/** Each product of two numbers is passed back once to either; a bias gets one a row. */
function productRoundings({ inputs, output }: Recorded<None>, input: number): number {
  const [{ shape }] = inputs;
  const products = output.elements * (input === 2 ? 1 : shape[shape.length - 1]);
  return products / Math.max(1, inputs[input].elements);
}

/** @throws ShapeError for a scalar, and where the inner sizes differ. */
function requireInner(op: string, a: Shape, b: Shape): void {
  if (a.length === 0 || b.length === 0 || a[a.length - 1] !== b[Math.max(0, b.length - 2)]) {
    throw new ShapeError(
      `${op}: ${formatShape(a)} @ ${formatShape(b)} do not fit: the last size of the first must be the last but one of the second, or a vector's own.`,
    );
  }
}

/** A vector as a matrix of one row. */
function asRow(x: Tensor): Tensor {
  return x.shape.length > 1 ? x : new Tensor(x.storage, [1, ...x.shape], [0, ...x.strides], x.offset);
}

/** A vector as a matrix of one column. */
function asColumn(x: Tensor): Tensor {
  return x.shape.length > 1 ? x : new Tensor(x.storage, [...x.shape, 1], [...x.strides, 0], x.offset);
}

/** All the rows of a contiguous stack of matrices as one matrix. */
function asRows(x: Tensor): Tensor {
  return x.view([elementCount(x.shape.slice(0, -1)), ...x.shape.slice(-1)]);
}

/** Of stacks of matrices that broadcast. */
function productShape(a: Shape, b: Shape): Shape {
  return [...broadcastShapes('matmul', a.slice(0, -2), b.slice(0, -2)), ...a.slice(-2, -1), ...b.slice(-1)];
}

/** Each matrix of a stack transposed, without copying. */
export function transposed({ storage, shape, strides, offset }: Tensor): Tensor {
  const swap = (sizes: readonly number[]) => [...sizes.slice(0, -2), ...sizes.slice(-2).toReversed()];
  return new Tensor(storage, swap(shape), swap(strides), offset);
}

/** target = gradient · rightᵀ, summed over the dimensions of the stack in which the left factor was repeated. */
function toLeft(c: VjpContext<None>, target: Tensor, gradient: Tensor, right: Tensor): Kernel {
  return summedProduct(c, target, gradient, transposed(right));
}

/** target = leftᵀ · gradient, summed over the dimensions of the stack in which the right factor was repeated. */
function toRight(c: VjpContext<None>, target: Tensor, gradient: Tensor, left: Tensor): Kernel {
  if (target.shape.length > 2 || left.shape.length === 2) return summedProduct(c, target, transposed(left), gradient);
  // One matrix for all: PyTorch, too, makes one product of all rows.
  const ordered = left.isContiguous ? left : c.temporary(left.shape);
  const product = c.kernels.matmul(target, asRows(ordered).transpose(), asRows(gradient));
  return ordered === left ? product : sequence(c.kernels.unary('copy', ordered, left), product);
}

function summedProduct({ kernels, temporary }: VjpContext<None>, target: Tensor, a: Tensor, b: Tensor): Kernel {
  const shape = productShape(a.shape, b.shape);
  if (sameShape(shape, target.shape)) return kernels.matmul(target, a, b);
  const products = temporary(shape);
  return sequence(kernels.matmul(products, a, b), kernels.sum(target, products));
}

/** A row of the left factor, a column of the right one; `row` and `column` are empty of a vector. */
function readsProduct(a: Tensor, b: Tensor, stack: readonly number[], row: number[], column: number[]): Element[] {
  const inner = Array.from({ length: a.shape[a.shape.length - 1] }, (_, k) => k);
  const [inA, inB] = [a, b].map(({ shape }) => broadcastIndex(stack, shape.slice(0, -2)));
  return [
    ...inner.map((k): Element => [a, [...inA, ...row, k]]),
    ...inner.map((k): Element => [b, [...inB, k, ...column]]),
  ];
}
