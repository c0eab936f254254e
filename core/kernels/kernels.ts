import type { Tensor } from '../tensor/tensor';

/** A planned piece of numeric work on fixed tensors. Running it reads and writes them and allocates nothing. */
export type Kernel = () => void;

export type BinaryKind = 'add' | 'subtract' | 'multiply' | 'divide';
export type UnaryKind = 'copy' | 'negate' | 'exp' | 'log' | 'tanh' | 'sqrt';
/** With one number `s`: x + s, x · s, x / s, s − x, x ** s. */
export type ScalarKind = 'add' | 'multiply' | 'divide' | 'subtractFrom' | 'power';

/** What a batch is normalised by: a number a column, and ε. */
export interface BatchStatistics {
  readonly mean: Tensor;
  /** Unbiased. */
  readonly variance: Tensor;
  readonly epsilon: number;
}

/** A normalised batch. */
export interface Normalised {
  /** x̂ = (x − mean) / √(variance + ε). */
  readonly normalised: Tensor;
  /** 1 / √(variance + ε), a number a column. */
  readonly inverse: Tensor;
}

/**
 * The numeric loops the engine needs. Every method plans a kernel; nothing is computed until it runs. Operands broadcast
 * to `out`'s shape and may be strided; `out` and indices are contiguous. Results are rounded to the tensors' type after each
 * elementary operation, so that a formula written in elementary operations by hand gives the same bits. A scalar is
 * rounded to the tensors' type first, as PyTorch does.
 */
export interface Kernels {
  /** out = a ∘ b. `out` may be `a` or `b`. */
  binary(kind: BinaryKind, out: Tensor, a: Tensor, b: Tensor): Kernel;
  /** out = f(x). `out` may be `x`. */
  unary(kind: UnaryKind, out: Tensor, x: Tensor): Kernel;
  /** out = x ∘ scalar. `out` may be `x`. */
  scalar(kind: ScalarKind, out: Tensor, x: Tensor, scalar: number): Kernel;
  fill(out: Tensor, value: number): Kernel;
  /** out = gradient · (1 − result · result), rounded after each operation: tanh's backward. */
  tanhGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel;
  /** out = −gradient · ((a / b) / b), rounded after each operation: the backward of a / b to b. `b` may broadcast. */
  divisorGradient(out: Tensor, gradient: Tensor, a: Tensor, b: Tensor): Kernel;
  /**
   * out[m, n] = Σ_k a[m, k] · b[k, n], then + bias[n] where there is one; any strides of `a` and `b`, so that a transposed
   * factor costs no copy.
   */
  matmul(out: Tensor, a: Tensor, b: Tensor, bias?: Tensor): Kernel;
  /** Sums `x` over every dimension that `out` has as 1 or lacks at the front. */
  sum(out: Tensor, x: Tensor): Kernel;
  /**
   * Sums a · b, each product rounded, over the dimensions that `out` has as 1 or lacks at the front. `temporary` has the
   * shape of all products.
   */
  sumOfProducts(out: Tensor, a: Tensor, b: Tensor, temporary: Tensor): Kernel;
  /** Σ (x − mean)² / (count − correction) over the dimensions that `out` has as 1. */
  variance(out: Tensor, x: Tensor, correction: number): Kernel;
  /**
   * x̂ = (x − mean) / √(variance + ε), out = gamma · x̂ + beta, a matrix column by column, rounded after each operation.
   * @param saved Written, too, for the backward.
   */
  batchNorm(
    out: Tensor,
    saved: Normalised,
    x: Tensor,
    statistics: BatchStatistics,
    gamma: Tensor,
    beta: Tensor,
  ): Kernel;
  /**
   * What passes back to the `x` that the statistics are of, through them, too, in the lecture's form, rounded after each
   * operation: gamma · inverse / n · (n · gradient − Σ gradient − n / (n − 1) · x̂ · Σ (gradient · x̂)), sums down the n rows.
   */
  batchNormGradient(out: Tensor, gradient: Tensor, saved: Normalised, gamma: Tensor): Kernel;
  /** Column of the first of the largest elements of each row of a matrix; not-a-number counts as the largest. */
  rowArgmax(indices: Tensor, x: Tensor): Kernel;
  /** out[i…, :] = table[indices[i…], :]. @throws RangeError (when run) for an index outside the table. */
  gatherRows(out: Tensor, table: Tensor, indices: Tensor): Kernel;
  /**
   * out = 0, then for each i in order out[indices[i…], :] += x[i…, :], or = without `accumulate`. `x` is a matrix, or
   * contiguous. @throws RangeError (when run) for an index outside `out`.
   */
  putRows(out: Tensor, x: Tensor, indices: Tensor, accumulate: boolean): Kernel;
  /** out[i] = x[i, indices[i]]. @throws RangeError (when run) for an index outside the row. */
  pick(out: Tensor, x: Tensor, indices: Tensor): Kernel;
  /** out = 0, then out[i, indices[i]] = x[i]. @throws RangeError (when run) for an index outside the row. */
  scatterPick(out: Tensor, x: Tensor, indices: Tensor): Kernel;
  /** Log-probabilities of each row of `logits`, stable for large ones. */
  logSoftmax(out: Tensor, logits: Tensor): Kernel;
  /** Mean, unbiased standard deviation, least and largest of a contiguous tensor, as four float64; NaN anywhere is NaN. */
  moments(out: Tensor, x: Tensor): Kernel;
  /**
   * `moments`, and torch.histogram(x, bins=100, density=True) of the finite numbers. `range`: least and largest of these,
   * two float64, NaN where none is finite; `density`: 100 float32.
   */
  distribution(moments: Tensor, range: Tensor, density: Tensor, x: Tensor): Kernel;
  /**
   * Where |x| > threshold in a contiguous matrix. `map`: a bit a cell, row by row, 32 to an int32, lowest first;
   * `totals`: cells so marked, and columns marked in every row, two int32.
   */
  saturation(map: Tensor, totals: Tensor, x: Tensor, threshold: number): Kernel;
  /**
   * parameter += −learningRate · gradient, with the product rounded first, as `p.data += -lr * p.grad`. `deviations`: the
   * unbiased standard deviations of the gradient and of the parameter as it then is, two float64, to about 1e-6 of
   * themselves; NaN of fewer than two numbers.
   */
  update(parameter: Tensor, gradient: Tensor, learningRate: () => number, deviations: Tensor): Kernel;
}

/** The kernel that does nothing. */
export const nothing: Kernel = () => {};

/** Runs the kernels one after the other. */
export function sequence(...kernels: readonly Kernel[]): Kernel {
  return () => {
    for (let index = 0; index < kernels.length; index++) kernels[index]?.();
  };
}
