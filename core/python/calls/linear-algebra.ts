import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementOffsets, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Calls, listShape, type Parameter, scalarName, tensorOf } from './call';
import { broadcastShape, expanded, viewed } from './types';

/** `a @ b`: vectors, matrices, and stacks of matrices, whose leading dimensions broadcast. */
function matmul(table: TensorTable, first: Parameter, second: Parameter): TypedTensor {
  const [a, b] = [tensorOf(table, first), tensorOf(table, second)];
  const [rankA, rankB] = [a.tensor.shape.length, b.tensor.shape.length];
  if (rankA === 0 || rankB === 0) {
    throw new PythonException(
      'RuntimeError',
      `both arguments to matmul need to be at least 1D, but they are ${rankA}D and ${rankB}D`,
    );
  }
  if (a.type !== b.type) {
    throw new PythonException(
      'RuntimeError',
      `expected m1 and m2 to have the same dtype, but got: ${scalarName(a.type)} != ${scalarName(b.type)}`,
    );
  }
  requireFit(a.tensor.shape, b.tensor.shape);
  const left = rankA === 1 ? withDimension(a, 0) : a;
  const right = rankB === 1 ? withDimension(b, 1) : b;
  const product = multiplyStacks(table, left, right);
  const shape = [...product.tensor.shape];
  if (rankB === 1) shape.pop();
  if (rankA === 1) shape.splice(rankB === 1 ? -1 : -2, 1);
  return viewed(product, shape);
}

function requireFit(a: Shape, b: Shape): void {
  const inner = b.length === 1 ? b[0] : b[b.length - 2];
  if (a[a.length - 1] === inner) return;
  if (a.length === 1 && b.length === 1) {
    throw new PythonException(
      'RuntimeError',
      `inconsistent tensor size, expected tensor [${a[0]}] and src [${b[0]}] to have the same number of elements, ` +
        `but got ${a[0]} and ${b[0]} elements respectively`,
    );
  }
  if (a.length === 2 && b.length === 1) {
    throw new PythonException(
      'RuntimeError',
      `size mismatch, got input (${a[0]}), mat (${a.join('x')}), vec (${b[0]})`,
    );
  }
  if (a.length <= 2 && b.length <= 2) {
    const rows = a.length === 1 ? [1, ...a] : a;
    throw new PythonException(
      'RuntimeError',
      `mat1 and mat2 shapes cannot be multiplied (${rows.join('x')} and ${b.join('x')})`,
    );
  }
  throw new PythonException(
    'RuntimeError',
    `Expected the last size of the first tensor to be the second-last of the second, but got: ${listShape(a)} and ${listShape(b)}`,
  );
}

/** A vector as a matrix of one row (0) or one column (1). */
function withDimension(x: TypedTensor, at: 0 | 1): TypedTensor {
  return viewed(x, x.tensor.shape.toSpliced(at, 0, 1), x.tensor.strides.toSpliced(at, 0, 0));
}

function multiplyStacks(table: TensorTable, a: TypedTensor, b: TypedTensor): TypedTensor {
  const [rows, inner] = a.tensor.shape.slice(-2);
  const columns = b.tensor.shape[b.tensor.shape.length - 1];
  const stack = broadcastShape(a.tensor.shape.slice(0, -2), b.tensor.shape.slice(0, -2));
  const out = table.allocate(a.type, [...stack, rows, columns]);
  if (out.tensor.elements === 0) return out;
  const [left, right] = [expanded(a, [...stack, rows, inner]), expanded(b, [...stack, inner, columns])];
  const leads = (x: TypedTensor) => elementOffsets(viewed(x, stack, x.tensor.strides.slice(0, -2), x.tensor.offset));
  const [outAt, leftAt, rightAt] = [leads(out), leads(left), leads(right)];
  for (let index = 0; index < outAt.length; index++) {
    table.kernels.matmul(
      matrixAt(out, outAt[index]).tensor,
      matrixAt(left, leftAt[index]).tensor,
      matrixAt(right, rightAt[index]).tensor,
    )();
  }
  return out;
}

function matrixAt(x: TypedTensor, offset: number): TypedTensor {
  return viewed(x, x.tensor.shape.slice(-2), x.tensor.strides.slice(-2), offset);
}

export const linearAlgebraCalls: Calls = { matmul };
