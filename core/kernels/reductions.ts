import type { Tensor } from '../tensor/tensor';
import type { Kernel } from './kernel';

export type ExtremeKind = 'max' | 'min';
/** The product, 1 of nothing; whether all, or any, are other than 0. */
export type ReductionKind = 'product' | 'all' | 'any';
export type CumulativeKind = 'sum' | 'product';

/** What `isClose` allows. */
export interface Tolerance {
  /** Of the magnitude of the second number. */
  readonly rtol: number;
  readonly atol: number;
  /** Whether two numbers that are not a number count as close. */
  readonly equalNan: boolean;
}

/**
 * The loops that make few numbers of many, or put them in order. Where `out` is smaller than `x`, each of its elements is made
 * of a group of elements of `x`: those along every dimension that `out` has as 1 or lacks at the front, in row-major order.
 * Sums and products are in float64 and rounded once.
 */
export interface ReductionKernels {
  /** The sum of each group; 0 of an empty one. */
  sum(out: Tensor, x: Tensor): Kernel;
  /** The sum of a · b of each group, each product rounded. `temporary` has the shape of all products. */
  sumOfProducts(out: Tensor, a: Tensor, b: Tensor, temporary: Tensor): Kernel;
  /** Σ (x − mean)² / max(count − correction, 0) of each group; not a number of an empty one. */
  variance(out: Tensor, x: Tensor, correction: number): Kernel;
  /** The product of each group, or whether all or any of it are other than 0; not-a-number is other than 0. */
  reduce(kind: ReductionKind, out: Tensor, x: Tensor): Kernel;
  /**
   * The largest, or smallest, of each group, and its position in the group; of equals the first. Not-a-number counts as
   * larger, or smaller, than all. `values` or `positions` is null where it is not wanted. No group may be empty.
   */
  extreme(kind: ExtremeKind, values: Tensor | null, positions: Tensor | null, x: Tensor): Kernel;
  /**
   * The gradient of an extreme of each group, shared evenly among the elements that equal it.
   * @param isNaNTie Whether the elements that are not a number share where the extreme is none; else all become NaN.
   */
  shareAmongTies(out: Tensor, gradient: Tensor, x: Tensor, extreme: Tensor, isNaNTie: boolean): Kernel;
  /** The gradient of the product of each group: times result / x, or, where any x is 0, times the product of the others. */
  productGradient(out: Tensor, gradient: Tensor, x: Tensor, result: Tensor): Kernel;
  /** out = 0, but along `dim`, at `positions` (which have it as 1, or lack it), what `values` has there. */
  putAlong(out: Tensor, values: Tensor, positions: Tensor, dim: number): Kernel;
  /** Running sums or products along `dim`, each rounded. `out` may be strided. */
  cumulative(kind: CumulativeKind, out: Tensor, x: Tensor, dim: number): Kernel;
  /** The gradient of the running products `result` of `x` along `dim`. */
  cumulativeProductGradient(out: Tensor, gradient: Tensor, x: Tensor, result: Tensor, dim: number): Kernel;
  /** The positions that sort each line along `dim`, equals in their order; not-a-number counts as the largest. */
  argsort(out: Tensor, x: Tensor, dim: number, isDescending: boolean): Kernel;
  /**
   * For each of `values`, before which position of the ascending `sorted` it belongs: the first such position, or with
   * `isRight` the last. `sorted` is a vector, or has a line of its own for each line of `values`.
   */
  searchSorted(out: Tensor, sorted: Tensor, values: Tensor, isRight: boolean): Kernel;
  /** Whether a and b are equal, or |a − b| ≤ atol + rtol · |b|, computed in float64; they broadcast to `out`. */
  isClose(out: Tensor, a: Tensor, b: Tensor, tolerance: Tolerance): Kernel;
  /** out = a / b, and 0 where b is 0; of one shape. `out` may be `a` or `b`. */
  divideOrZero(out: Tensor, a: Tensor, b: Tensor): Kernel;
  /** out = x, and 0 where x is infinite; of one shape. */
  infiniteToZero(out: Tensor, x: Tensor): Kernel;
}
