import type { Shape } from '../tensor/shape';

type None = Record<string, never>;
export interface ScalarAttributes {
  readonly scalar: number;
}
export interface ReductionAttributes {
  /** The dimension to reduce; null for all. */
  readonly dim: number | null;
  readonly keepdim: boolean;
}
export interface VarianceAttributes extends ReductionAttributes {
  /** What is taken off the count: 1 for the unbiased variance. */
  readonly correction: number;
}
export interface BatchNormAttributes {
  /** Added to the variance. */
  readonly epsilon: number;
}
export interface ShapeAttributes {
  readonly shape: Shape;
}
export interface PutAttributes extends ShapeAttributes {
  /** Whether rows put at the same place add up; else the last one stays. */
  readonly accumulate: boolean;
}

/** Every op and what it takes besides tensors; `ops.ts` says what it computes. */
export interface OpAttributes {
  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  addScalar: ScalarAttributes;
  multiplyScalar: ScalarAttributes;
  divideScalar: ScalarAttributes;
  power: ScalarAttributes;
  negate: None;
  exp: None;
  log: None;
  tanh: None;
  sqrt: None;
  clone: None;
  expand: ShapeAttributes;
  view: ShapeAttributes;
  transpose: None;
  matmul: None;
  linear: None;
  sum: ReductionAttributes;
  mean: ReductionAttributes;
  variance: VarianceAttributes;
  batchNorm: BatchNormAttributes;
  batchNormBackward: None;
  tanhBackward: None;
  rowMaximum: None;
  rowArgmax: None;
  logSoftmax: None;
  index: None;
  pick: None;
  scatterPick: ShapeAttributes;
  putRows: PutAttributes;
  full: ScalarAttributes & ShapeAttributes;
}
export type OpName = keyof OpAttributes;
