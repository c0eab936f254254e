import { broadcastShapes } from '../../tensor/broadcasting';
import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { type Calls, listShape, type Parameter, scalarName, tensorOf } from './call';
import { computed } from './computed';

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
  // PyTorch's words for stacks that do not broadcast are of the stacks alone.
  broadcastShapes('matmul', a.tensor.shape.slice(0, -2), b.tensor.shape.slice(0, -2));
  return computed(table, 'matmul', [a, b], {}, { type: a.type });
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

export const linearAlgebraCalls: Calls = { matmul };
