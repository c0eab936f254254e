import { elementCount, type Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Kernels } from '../kernels';
import { mergeDimensions } from '../loops';
import type { ReductionKernels } from '../reductions';
import { referenceReductions } from '../reference/reduction-kernels';
import { keptAlong, keptOf } from '../reference/reduction-plan';
import type { SimdFunctions } from './functions';
import { addressOf, bytesPerSingle } from './rows';

/** The address of what is not to be written. */
const nowhere = -1;
const isSingle = (x: Tensor) => x.dtype === 'float32';

/**
 * Sums, variances and extremes of what lies in runs: down the columns or along the rows of a matrix, or of many. The rest the
 * reference computes: it is rare, or each of its numbers waits for the one before.
 */
export function simdReductions(functions: SimdFunctions, binary: Kernels['binary']): ReductionKernels {
  function sum(out: Tensor, x: Tensor): Kernel {
    const plan = isSingle(out) && isSingle(x) ? matricesToReduce(out.shape, x) : null;
    if (plan === null) return referenceReductions.sum(out, x);
    const { rows, columns, rowBytes, parts, partBytes } = plan;
    const to = addressOf(out);
    const { sumColumns, sumRows } = functions;
    return plan.direction === 'columns'
      ? overMatrices(plan, (at, from) => sumColumns(to + at, from, rows, columns, rowBytes))
      : overMatrices(plan, (at, from) => sumRows(to + at, from, rows, columns, rowBytes, parts, partBytes));
  }

  function sumOfProducts(out: Tensor, a: Tensor, b: Tensor, temporary: Tensor): Kernel {
    const { elements } = temporary;
    const areFull = [a, b].every((x) => isSingle(x) && x.isContiguous && x.elements === elements);
    const plan = isSingle(out) && areFull ? matricesToReduce(out.shape, temporary) : null;
    if (plan?.direction !== 'columns') {
      const first = binary('multiply', temporary, a, b);
      const second = sum(out, temporary);
      return () => {
        first();
        second();
      };
    }
    const { rows, columns } = plan;
    const [to, from, other, start] = [out, a, b, temporary].map(addressOf);
    const run = functions.sumColumnsOfProducts;
    return overMatrices(plan, (at, of) => run(to + at, from + of - start, other + of - start, rows, columns));
  }

  function variance(out: Tensor, x: Tensor, correction: number): Kernel {
    const plan = isSingle(out) && isSingle(x) ? matricesToReduce(out.shape, x) : null;
    if (plan === null) return referenceReductions.variance(out, x, correction);
    const { rows, columns, rowBytes, parts, partBytes, count } = plan;
    const to = addressOf(out);
    const divisor = Math.max(count - correction, 0);
    const { varianceOfColumns, varianceOfRows } = functions;
    return plan.direction === 'columns'
      ? overMatrices(plan, (at, from) => varianceOfColumns(to + at, from, rows, columns, rowBytes, divisor))
      : overMatrices(plan, (at, from) =>
          varianceOfRows(to + at, from, rows, columns, rowBytes, parts, partBytes, divisor),
        );
  }

  function extreme(kind: 'max' | 'min', values: Tensor | null, positions: Tensor | null, x: Tensor): Kernel {
    const shape = (values ?? positions)?.shape;
    const areFit = isSingle(x) && (values === null || isSingle(values)) && (positions?.dtype ?? 'int32') === 'int32';
    const plan = shape !== undefined && areFit ? matricesToReduce(shape, x) : null;
    if (plan === null || plan.parts > 1) return referenceReductions.extreme(kind, values, positions, x);
    const { rows, columns, rowBytes } = plan;
    const isMin = kind === 'min' ? 1 : 0;
    const toValues = values === null ? nowhere : addressOf(values);
    const toPositions = positions === null ? nowhere : addressOf(positions);
    const further = (to: number, at: number) => (to === nowhere ? to : to + at);
    const run = plan.direction === 'columns' ? functions.extremeOfColumns : functions.extremeOfRows;
    return overMatrices(plan, (at, from) =>
      run(isMin, further(toValues, at), further(toPositions, at), from, rows, columns, rowBytes),
    );
  }

  function putAlong(out: Tensor, values: Tensor, positions: Tensor, dim: number): Kernel {
    const areFit = isSingle(out) && isSingle(values) && positions.dtype === 'int32';
    const plan = areFit ? matricesToReduce(keptAlong(out.shape, dim), out) : null;
    if (plan?.direction !== 'rows') return referenceReductions.putAlong(out, values, positions, dim);
    const { rows, columns } = plan;
    const [to, from, by] = [out, values, positions].map(addressOf);
    const { fill, putElements } = functions;
    return () => {
      fill(to, rows * columns, 0);
      putElements(to, from, by, rows, columns, bytesPerSingle, columns * bytesPerSingle, 0, 0);
    };
  }

  return { ...referenceReductions, sum, sumOfProducts, variance, extreme, putAlong };
}

/** A reduction down all columns, or along all rows, of matrices whose rows are runs of numbers. */
interface MatrixReduction {
  readonly direction: 'columns' | 'rows';
  readonly rows: number;
  readonly columns: number;
  readonly rowBytes: number;
  /** Along rows: of how many parts a row consists, one matrix after the other. Down columns 1. */
  readonly parts: number;
  readonly partBytes: number;
  /** How many numbers are reduced to one. */
  readonly count: number;
  /** The first byte of each matrix. Their results follow one another. */
  readonly matrices: readonly number[];
}

/** `x` as matrices to reduce to the shape `out`, of whatever dimensions; null where its numbers do not lie in such runs. */
function matricesToReduce(out: Shape, x: Tensor): MatrixReduction | null {
  const keptShape = keptOf(out, x.shape);
  const reducedShape = x.shape.map((size, dim) => (keptShape[dim] === size ? 1 : size));
  const kept = mergeDimensions(keptShape, [x.strides]);
  const reduced = mergeDimensions(reducedShape, [x.strides]);
  if (reduced.shape.length > 2) return null;
  const [keptStrides, reducedStrides] = [kept.strides[0], reduced.strides[0]];
  const outer = kept.shape.slice(0, -1);
  const starts = outer.reduce(
    (before, size, dim) => before.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * keptStrides[dim])),
    [0],
  );
  const common = {
    count: elementCount(reducedShape),
    matrices: starts.map((at) => addressOf(x) + at * bytesPerSingle),
  };
  const last = kept.shape.at(-1) ?? 1;
  const inner = reduced.shape.at(-1) ?? 1;
  const bytesOf = (stride: number | undefined) => (stride ?? 0) * bytesPerSingle;
  if (reducedStrides.at(-1) === 1) {
    const parts = reduced.shape.length === 2 ? reduced.shape[0] : 1;
    const strides = { rowBytes: bytesOf(keptStrides.at(-1)), partBytes: bytesOf(reducedStrides.at(-2)) };
    return { direction: 'rows', rows: last, columns: inner, parts, ...strides, ...common };
  }
  if (reduced.shape.length > 1 || (keptStrides.at(-1) ?? 1) !== 1) return null;
  const strides = { rowBytes: bytesOf(reducedStrides.at(-1)), partBytes: 0 };
  return { direction: 'columns', rows: inner, columns: last, parts: 1, ...strides, ...common };
}

/** Runs a reduction for each matrix: `at` is how many bytes further on its results go. */
function overMatrices(plan: MatrixReduction, run: (at: number, from: number) => void): Kernel {
  const { matrices, direction, rows, columns } = plan;
  const bytes = (direction === 'rows' ? rows : columns) * bytesPerSingle;
  if (matrices.length === 1) {
    const [from] = matrices;
    return () => run(0, from);
  }
  return () => {
    for (let matrix = 0; matrix < matrices.length; matrix++) run(matrix * bytes, matrices[matrix]);
  };
}
