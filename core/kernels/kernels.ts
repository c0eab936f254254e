import type { Selection } from '../tensor/selection';
import type { Tensor } from '../tensor/tensor';
import type { Kernel, Normalised } from './kernel';
import type { LossKernels } from './losses';
import type { ReductionKernels } from './reductions';
import type { RowKernels } from './rows';

export { type Kernel, type Normalised, nothing, sequence } from './kernel';

/** They give 1 where it is so and 0 where it is not. */
export type ComparisonKind = 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual';
/** Of whole numbers of 32 bits, or of truth values, for which everything but 0 is true. */
export type LogicKind = 'bitwiseAnd' | 'bitwiseOr' | 'bitwiseXor' | 'logicalAnd' | 'logicalOr' | 'logicalXor';
export type BinaryKind =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'power'
  | 'floorDivide'
  | 'remainder'
  | 'fmod'
  | 'atan2'
  | 'hypot'
  | 'logaddexp'
  | 'xlogy'
  | ComparisonKind
  | LogicKind;
/** They give 1 where it is so and 0 where it is not. */
export type PredicateKind = 'isnan' | 'isinf' | 'isfinite' | 'logicalNot';
export type UnaryKind =
  | 'copy'
  | 'negate'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'round'
  | 'reciprocal'
  | 'sqrt'
  | 'exp'
  | 'exp2'
  | 'expm1'
  | 'log'
  | 'log2'
  | 'log10'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'erf'
  | 'erfc'
  | PredicateKind;
/** With one number `s`: x + s, x · s, x / s, s − x, x ** s, s ** x. */
export type ScalarKind = 'add' | 'multiply' | 'divide' | 'subtractFrom' | 'power' | 'powerOf';

/** A function that is one pass forward and one back. */
export interface Activation {
  readonly kind: 'relu' | 'leakyRelu' | 'gelu' | 'geluTanh' | 'sigmoid' | 'silu' | 'softplus' | 'elu' | 'clamp';
  /** leakyRelu's slope, elu's α, softplus' β, the least that clamp lets pass. */
  readonly first?: number;
  /** softplus' threshold, the largest that clamp lets pass. */
  readonly second?: number;
}

/** What is kept of a matrix: what is on a diagonal and below it, or above it. */
export type TriangleKind = 'lower' | 'upper';

/** What a batch is normalised by: a number a column, and ε. */
export interface BatchStatistics {
  readonly mean: Tensor;
  /** Unbiased. */
  readonly variance: Tensor;
  readonly epsilon: number;
}

/** How a window moves over an image; of each a number for the rows and one for the columns. */
export interface Window {
  readonly size: readonly [number, number];
  /** From one place to the next. */
  readonly stride: readonly [number, number];
  /** By how much the first place lies outside, and the last one may. */
  readonly padding: readonly [number, number];
  /** From one element of the window to the next. */
  readonly dilation: readonly [number, number];
}

/**
 * The numeric loops the engine needs. Every method plans a kernel; nothing is computed until it runs. Operands broadcast
 * to `out`'s shape and may be strided; `out` and indices are contiguous, where nothing else is said. Results are rounded to
 * the tensors' type after each elementary operation, so that a formula written in elementary operations by hand gives the
 * same bits. A scalar is rounded to the tensors' type first, as PyTorch does.
 */
export interface Kernels extends ReductionKernels, RowKernels, LossKernels {
  /** out = a ∘ b. `out` may be `a` or `b`; of truth values it may be of another type. */
  binary(kind: BinaryKind, out: Tensor, a: Tensor, b: Tensor): Kernel;
  /** out = f(x). `out` may be `x`; of truth values it may be of another type. Where it is copied to, may be strided. */
  unary(kind: UnaryKind, out: Tensor, x: Tensor): Kernel;
  /** out = x ∘ scalar. `out` may be `x`. */
  scalar(kind: ScalarKind, out: Tensor, x: Tensor, scalar: number): Kernel;
  fill(out: Tensor, value: number): Kernel;
  /** out = f(x). `out` may be `x`. */
  activation(activation: Activation, out: Tensor, x: Tensor): Kernel;
  /**
   * out = gradient · f′, rounded after each operation in PyTorch's order. `saved` is f's result for relu and sigmoid, else x.
   */
  activationGradient(activation: Activation, out: Tensor, gradient: Tensor, saved: Tensor): Kernel;
  /** out = condition ≠ 0 ? a : b. The condition may be of any type; `out` may be `a` or `b`. */
  where(out: Tensor, condition: Tensor, a: Tensor, b: Tensor): Kernel;
  /** What passes back to `a` of max(a, b): the gradient, half of it where they are equal, 0 where a < b. */
  maximumGradient(out: Tensor, gradient: Tensor, a: Tensor, b: Tensor): Kernel;
  /** out = gradient · (1 − result · result), rounded after each operation: tanh's backward. */
  tanhGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel;
  /** out = −gradient · ((a / b) / b), rounded after each operation: the backward of a / b to b. `b` may broadcast. */
  divisorGradient(out: Tensor, gradient: Tensor, a: Tensor, b: Tensor): Kernel;
  /**
   * out[…, m, n] = Σ_k a[…, m, k] · b[…, k, n], summed in the order of k, then + bias where there is one, which broadcasts to
   * `out`. The leading dimensions of `a` and `b`, however many, broadcast to `out`'s. Any strides, so that a transposed
   * factor costs no copy.
   */
  matmul(out: Tensor, a: Tensor, b: Tensor, bias?: Tensor): Kernel;
  /**
   * out[p, i, j, oy, ox] = x[p, oy · stride + i · dilation − padding, ox · …], 0 beyond the edge: for each place of the window
   * what its element (i, j) sees, of every image. Both contiguous.
   */
  unfold(out: Tensor, x: Tensor, window: Window): Kernel;
  /** The opposite: out = 0, then every number of `x` is added to the one that `unfold` takes it from, in order. */
  fold(out: Tensor, x: Tensor, window: Window): Kernel;
  /**
   * out[p, oy, ox] = the largest number that the window sees there of image p; not-a-number counts as the largest.
   * @param indices Written, too: its place in the image, row by row, the first of equal ones, the last that is not a number;
   *   −1, and −∞ in `out`, where the window sees nothing. All contiguous.
   */
  maxPool(out: Tensor, indices: Tensor, x: Tensor, window: Window): Kernel;
  /** out = 0, then out[p, indices[p, …]] += gradient[p, …] in order, but where the index is −1. All contiguous. */
  maxPoolGradient(out: Tensor, gradient: Tensor, indices: Tensor): Kernel;
  /**
   * out[p, oy, ox] = the sum of what the window sees there of image p, row by row, over how much it sees, or with `countsPadding`
   * over the window's size. Both contiguous; no dilation.
   */
  avgPool(out: Tensor, x: Tensor, window: Window, countsPadding: boolean): Kernel;
  /** out = 0, then each place's share of `gradient` is added to every number that the window sees there. Both contiguous. */
  avgPoolGradient(out: Tensor, gradient: Tensor, window: Window, countsPadding: boolean): Kernel;
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
  /**
   * out = what is selected. @throws RangeError (when run) for a position outside its dimension.
   * @param out May be strided; of the selection's shape.
   */
  gather(out: Tensor, selection: Selection): Kernel;
  /**
   * What is selected = x, or with `accumulate` += x, element by element in row-major order, each sum rounded.
   * @param x Broadcasts to the selection's shape. @throws RangeError (when run) for a position outside its dimension.
   */
  scatter(selection: Selection, x: Tensor, accumulate: boolean): Kernel;
  /** out = the matrices of `x` but for what is above the diagonal, or below it. 0 is the main diagonal, 1 the one above. */
  triangle(kind: TriangleKind, out: Tensor, x: Tensor, diagonal: number): Kernel;
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
