import { type Kernel, type Kernels, nothing, sequence } from '../kernels/kernels';
import { elementCount, type Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

export type MatrixSize = readonly [rows: number, columns: number];

/** What kernels of rows are planned with: that of a forward or of a vjp. */
interface Planning {
  readonly kernels: Kernels;
  temporary(shape: Shape): Tensor;
}

/** `x` as a matrix of so many rows and columns: a view, or where it is not contiguous a copy, which `copy` makes. */
export function matrixOf(
  { kernels, temporary }: Planning,
  x: Tensor,
  size: MatrixSize,
): { readonly copy: Kernel; readonly matrix: Tensor } {
  if (x.isContiguous) return { copy: nothing, matrix: x.view(size) };
  const matrix = temporary(size);
  return { copy: kernels.unary('copy', matrix.view(x.shape), x), matrix };
}

/** Plans a kernel of rows along any dimension: what does not lie in rows is copied before, and the result back. */
export function alongDim(
  planning: Planning,
  dim: number,
  out: Tensor,
  operands: readonly Tensor[],
  plan: (out: Tensor, ...operands: Tensor[]) => Kernel,
): Kernel {
  const last = withDimLast(out, dim);
  const { shape } = last;
  const size = [elementCount(shape.slice(0, -1)), shape[shape.length - 1]] as const;
  const rows = operands.map((operand) => matrixOf(planning, withDimLast(operand, dim), size));
  const copies = rows.map(({ copy }) => copy);
  const matrices = rows.map(({ matrix }) => matrix);
  if (last.isContiguous) return sequence(...copies, plan(last.view(size), ...matrices));
  const result = planning.temporary(size);
  const back = planning.kernels.unary('copy', out, withLastAt(result.view(shape), dim));
  return sequence(...copies, plan(result, ...matrices), back);
}

/** A view with dimension `dim` moved to the end; of a number by itself, one of a single row. */
function withDimLast({ storage, shape, strides, offset }: Tensor, dim: number): Tensor {
  if (shape.length === 0) return new Tensor(storage, [1], [1], offset);
  const move = (sizes: readonly number[]) => [...sizes.toSpliced(dim, 1), sizes[dim]];
  return new Tensor(storage, move(shape), move(strides), offset);
}

/** A view with the last dimension moved to `dim`. */
function withLastAt({ storage, shape, strides, offset }: Tensor, dim: number): Tensor {
  const move = (sizes: readonly number[]) => sizes.slice(0, -1).toSpliced(dim, 0, sizes[sizes.length - 1]);
  return new Tensor(storage, move(shape), move(strides), offset);
}
