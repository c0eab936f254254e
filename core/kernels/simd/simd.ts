import type { Arena } from '../../tensor/arena';
import type { Tensor } from '../../tensor/tensor';
import type { BinaryKind, Kernel, Kernels, ScalarKind, UnaryKind } from '../kernels';
import { lossKernels } from '../reference/losses';
import { referenceKernels } from '../reference/reference';
import { simdBatchNorm } from './batch-norm';
import type { Crew } from './crew';
import type { SimdFunctions } from './functions';
import { simdIndexing } from './indexing';
import { simdNormaliseRows } from './normalise-rows';
import { addressOf, bytesPerSingle, type Rows, rowsOf } from './rows';
import { simdSoftmax } from './softmax';
import { Workspace } from './workspace';

/** Numbers of the kinds in `assembly/elementwise.ts`. */
const binaryKinds: Readonly<Record<BinaryKind, number>> = { add: 0, subtract: 1, multiply: 2, divide: 3 };
const scalarKinds: Readonly<Record<Exclude<ScalarKind, 'power'>, number>> = {
  add: 0,
  multiply: 2,
  divide: 3,
  subtractFrom: 4,
};
/** Exponents that PyTorch computes by rounded products, quotients and roots. */
const roundedPowers: ReadonlyMap<number, number> = new Map([
  [2, 0],
  [3, 1],
  [0.5, 2],
  [-2, 3],
  [-0.5, 4],
]);
/** The largest exponent that is computed by products and a root. */
const largestHalfPower = 8;

export interface SimdParts {
  readonly functions: SimdFunctions;
  /** Where kernels work; of the memory that the functions see. */
  readonly arena: Arena;
  /** The second thread; null to work alone. */
  readonly crew: Crew | null;
}

/**
 * The kernels compiled from `assembly/`, for float32 tensors of the memory they see. What is float64, or strided in a way
 * that no network of ours needs in its inner loops, the reference computes: to the same bits, but for exp, log and tanh,
 * which are made contiguous first.
 */
export function createSimdKernels({ functions, arena, crew }: SimdParts): Kernels {
  const workspace = new Workspace(arena);

  function binary(kind: BinaryKind, out: Tensor, a: Tensor, b: Tensor): Kernel {
    const plan = [out, a, b].every(isSingle) ? rowsOf(out.shape, [out, a, b]) : null;
    if (plan === null || (plan.steps[1] === 0 && plan.steps[2] === 0)) return referenceKernels.binary(kind, out, a, b);
    const number = binaryKinds[kind];
    const { rows, count, starts, rowBytes, steps } = plan;
    const [to, from, other] = starts;
    const [toRow, fromRow, otherRow] = rowBytes;
    const [, fromStep, otherStep] = steps;
    const run = functions.binary;
    return () => run(number, rows, count, to, toRow, from, fromRow, fromStep, other, otherRow, otherStep);
  }

  function copy(out: Tensor, x: Tensor): Kernel {
    const plan = isSingle(out) && isSingle(x) ? rowsOf(out.shape, [out, x]) : null;
    if (plan === null) return referenceKernels.unary('copy', out, x);
    const { rows, count, starts, rowBytes, steps } = plan;
    const [to, from] = starts;
    const [toRow, fromRow] = rowBytes;
    const step = steps[1];
    const run = functions.copy;
    return () => run(rows, count, to, toRow, from, fromRow, step);
  }

  /** Plans a loop over one run of numbers; `x` is copied to `out` first where it is none, or of another type. */
  function overRun(out: Tensor, x: Tensor, plan: (to: number, from: number, count: number) => Kernel): Kernel {
    const to = addressOf(out);
    const count = out.elements;
    if (isSingle(x) && x.isContiguous && x.elements === count) return plan(to, addressOf(x), count);
    const first = copy(out, x);
    const second = plan(to, to, count);
    return () => {
      first();
      second();
    };
  }

  function unary(kind: UnaryKind, out: Tensor, x: Tensor): Kernel {
    if (!isSingle(out)) return referenceKernels.unary(kind, out, x);
    switch (kind) {
      case 'copy':
        return copy(out, x);
      case 'negate':
      case 'sqrt': {
        const number = kind === 'negate' ? 1 : 2;
        const run = functions.unary;
        return overRun(out, x, (to, from, count) => () => run(number, to, from, count));
      }
      case 'exp':
      case 'log':
      case 'tanh': {
        const run = functions[kind];
        return overRun(out, x, (to, from, count) => {
          if (kind === 'tanh' && crew !== null)
            return crew.plan('tanh', count, [to, from, count], () => run(to, from, count));
          return () => run(to, from, count);
        });
      }
      default:
        return kind satisfies never;
    }
  }

  function scalar(kind: ScalarKind, out: Tensor, x: Tensor, value: number): Kernel {
    if (!isSingle(out)) return referenceKernels.scalar(kind, out, x, value);
    if (kind === 'power') return power(out, x, value);
    const number = scalarKinds[kind];
    const run = functions.scalar;
    return overRun(out, x, (to, from, count) => () => run(number, to, from, count, value));
  }

  function power(out: Tensor, x: Tensor, exponent: number): Kernel {
    if (exponent === 1) return copy(out, x);
    const rounded = roundedPowers.get(exponent);
    if (rounded !== undefined) {
      const run = functions.power;
      return overRun(out, x, (to, from, count) => () => run(rounded, to, from, count));
    }
    const halves = Math.abs(exponent) * 2;
    if (!Number.isInteger(halves) || halves > 2 * largestHalfPower) {
      return referenceKernels.scalar('power', out, x, exponent);
    }
    const isInverse = exponent < 0 ? 1 : 0;
    const run = functions.powerOfHalves;
    return overRun(out, x, (to, from, count) => () => run(to, from, count, halves, isInverse));
  }

  function tanhGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel {
    if (!isSingle(out) || !gradient.isContiguous || !result.isContiguous) {
      return referenceKernels.tanhGradient(out, gradient, result);
    }
    const [to, from, y] = [out, gradient, result].map(addressOf);
    const count = out.elements;
    const run = functions.tanhGradient;
    const alone = () => run(to, from, y, count);
    return crew === null ? alone : crew.plan('tanhGradient', count, [to, from, count, y], alone);
  }

  function divisorGradient(out: Tensor, gradient: Tensor, a: Tensor, b: Tensor): Kernel {
    const plan = isSingle(out) ? rowsOf(out.shape, [out, gradient, a, b]) : null;
    // But for `b`, a row follows the row before.
    const isOfRows = ({ steps, rowBytes: [own, ...others] }: Rows) =>
      steps.every((step) => step === 1) && others.slice(0, 2).every((bytes) => bytes === own);
    if (plan === null || !isOfRows(plan)) {
      return referenceKernels.divisorGradient(out, gradient, a, b);
    }
    const { rows, count, starts, rowBytes } = plan;
    const [to, from, dividend, divisor] = starts;
    const divisorRow = rowBytes[3];
    const run = functions.divisorGradient;
    return () => run(rows, count, to, from, dividend, divisor, divisorRow);
  }

  function matmul(out: Tensor, a: Tensor, b: Tensor, bias?: Tensor): Kernel {
    if (!isSingle(out)) return referenceKernels.matmul(out, a, b, bias);
    const [rows, inner] = a.shape;
    const columns = b.shape[1];
    const [aRow, aStep] = a.strides.map((stride) => stride * bytesPerSingle);
    const [bRow, bColumn] = b.strides.map((stride) => stride * bytesPerSingle);
    const [to, from, other] = [out, a, b].map(addressOf);
    const offset = bias === undefined ? 0 : addressOf(bias);
    const bytes = functions.workspaceBytes(rows, inner);
    const own = workspace.take(0, bytes);
    const run = functions.matmul;
    const alone = () => run(to, rows, columns, inner, from, aRow, aStep, other, bRow, bColumn, offset, own, 0, 1);
    if (crew === null) return alone;
    const second = workspace.take(1, bytes);
    const job = [to, rows, columns, inner, from, aRow, aStep, other, bRow, bColumn, offset, own, second];
    return crew.plan('matmul', rows * columns * inner, job, alone);
  }

  function sum(out: Tensor, x: Tensor): Kernel {
    const plan = isSingle(out) ? matrixToReduce(out, x) : null;
    if (plan === null) return referenceKernels.sum(out, x);
    const { rows, columns, rowBytes, from } = plan;
    const to = addressOf(out);
    const run = plan.direction === 'columns' ? functions.sumColumns : functions.sumRows;
    return () => run(to, from, rows, columns, rowBytes);
  }

  function sumOfProducts(out: Tensor, a: Tensor, b: Tensor, temporary: Tensor): Kernel {
    const plan =
      isSingle(out) && a.isContiguous && b.isContiguous && a.elements === b.elements ? matrixToReduce(out, a) : null;
    if (plan?.direction !== 'columns') {
      const first = binary('multiply', temporary, a, b);
      const second = sum(out, temporary);
      return () => {
        first();
        second();
      };
    }
    const { rows, columns, from } = plan;
    const [to, other] = [out, b].map(addressOf);
    const run = functions.sumColumnsOfProducts;
    return () => run(to, from, other, rows, columns);
  }

  function variance(out: Tensor, x: Tensor, correction: number): Kernel {
    const plan = isSingle(out) ? matrixToReduce(out, x) : null;
    if (plan?.direction !== 'columns') return referenceKernels.variance(out, x, correction);
    const { rows, columns, rowBytes, from } = plan;
    const to = addressOf(out);
    const divisor = rows - correction;
    const run = functions.varianceOfColumns;
    return () => run(to, from, rows, columns, rowBytes, divisor);
  }

  function rowArgmax(indices: Tensor, x: Tensor): Kernel {
    if (!isSingle(x) || x.strides[1] !== 1) return referenceKernels.rowArgmax(indices, x);
    const [to, from] = [indices, x].map(addressOf);
    const [rows, columns] = x.shape;
    const rowBytes = x.strides[0] * bytesPerSingle;
    const run = functions.rowArgmax;
    return () => run(to, from, rows, columns, rowBytes);
  }

  return {
    binary,
    unary,
    scalar,
    fill(out, value) {
      if (!isSingle(out)) return referenceKernels.fill(out, value);
      const to = addressOf(out);
      const count = out.elements;
      const run = functions.fill;
      return () => run(to, count, value);
    },
    tanhGradient,
    divisorGradient,
    matmul,
    sum,
    sumOfProducts,
    variance,
    ...simdBatchNorm(functions),
    rowArgmax,
    ...simdIndexing(functions),
    ...simdSoftmax(functions),
    ...simdNormaliseRows(functions),
    // Losses are of few numbers, and those of classes are picked here and there.
    ...lossKernels(unary),
    classWeights: referenceKernels.classWeights,
    nllLoss: referenceKernels.nllLoss,
    nllLossGradient: referenceKernels.nllLossGradient,
    maskIgnored: referenceKernels.maskIgnored,
    moments(out, x) {
      if (!isSingle(x)) return referenceKernels.moments(out, x);
      const [to, from] = [out, x].map(addressOf);
      const count = x.elements;
      const run = functions.moments;
      return () => run(to, from, count);
    },
    distribution(out, range, density, x) {
      if (!isSingle(x)) return referenceKernels.distribution(out, range, density, x);
      const [to, limits, densities, from] = [out, range, density, x].map(addressOf);
      const count = x.elements;
      const own = workspace.take(0, functions.distributionBytes());
      const run = functions.distribution;
      return () => run(to, limits, densities, from, count, own);
    },
    saturation(map, totals, x, threshold) {
      if (!isSingle(x)) return referenceKernels.saturation(map, totals, x, threshold);
      const [bits, sums, from] = [map, totals, x].map(addressOf);
      const [rows, columns] = x.shape;
      const run = functions.saturation;
      return () => run(bits, sums, from, rows, columns, threshold);
    },
    update(parameter, gradient, learningRate, deviations) {
      if (!isSingle(parameter)) return referenceKernels.update(parameter, gradient, learningRate, deviations);
      const [to, from, out] = [parameter, gradient, deviations].map(addressOf);
      const count = parameter.elements;
      const sums = arena.allocate('float64', sumsOfUpdate).byteOffset;
      const { update, deviations: finish } = functions;
      const factor = arena.allocate('float32', 1);
      const alone = () => update(to, from, count, factor.data[0], sums);
      const job = [to, from, count, factor.byteOffset, sums];
      const work = crew === null ? alone : crew.plan('update', count, job, alone);
      return () => {
        factor.data[0] = -learningRate();
        work();
        finish(out, sums);
      };
    },
  };
}

/** Numbers that `update` sums in, of both parts. */
const sumsOfUpdate = 16;
const isSingle = (x: Tensor) => x.dtype === 'float32';

/** A sum over all rows or all columns of a matrix. */
interface MatrixReduction {
  readonly direction: 'columns' | 'rows';
  readonly from: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowBytes: number;
}

/**
 * `x` as a matrix that is summed down its columns or along its rows, whatever dimensions of size 1 there are; null where
 * the sum is of another kind, or its numbers do not lie in runs.
 */
function matrixToReduce(out: Tensor, x: Tensor): MatrixReduction | null {
  const lead = x.shape.length - out.shape.length;
  const isReduced = x.shape.map((size, dim) => size !== 1 && (dim < lead || out.shape[dim - lead] === 1));
  const present = x.shape.flatMap((size, dim) => (size === 1 ? [] : [dim]));
  const from = addressOf(x);
  // Sums over everything, or over nothing, are of one row.
  if (x.isContiguous && present.every((dim) => isReduced[dim])) {
    return { direction: 'rows', from, rows: 1, columns: x.elements, rowBytes: x.elements * bytesPerSingle };
  }
  if (present.length !== 2) return null;
  const [outer, inner] = present;
  if (x.strides[inner] !== 1 || isReduced[outer] === isReduced[inner]) return null;
  return {
    direction: isReduced[outer] ? 'columns' : 'rows',
    from,
    rows: x.shape[outer],
    columns: x.shape[inner],
    rowBytes: x.strides[outer] * bytesPerSingle,
  };
}
