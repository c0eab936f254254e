import type { Tensor } from '../tensor/tensor';
import type { Kernel, Normalised } from './kernel';

/** The loops that make of each row of a matrix another one. */
export interface RowKernels {
  /** Probabilities of each row of the matrix `logits`, stable for large ones. */
  softmax(out: Tensor, logits: Tensor): Kernel;
  /** Log-probabilities of each row of the matrix `logits`, stable for large ones. */
  logSoftmax(out: Tensor, logits: Tensor): Kernel;
  /** out = gradient · result − result · Σ (gradient · result), sums along the rows, rounded after each operation. */
  softmaxGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel;
  /** out = gradient − e^result · Σ gradient, sums along the rows, rounded after each operation. */
  logSoftmaxGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel;
  /**
   * x̂ = (x − mean) / √(variance + ε) of each row of a matrix, mean and biased variance its own, rounded after each
   * operation; and `inverse`, 1 / √(variance + ε), a number a row.
   */
  normaliseRows(saved: Normalised, x: Tensor, epsilon: number): Kernel;
  /**
   * What passes back to the rows that were normalised, through mean and variance, too, rounded after each operation:
   * inverse / n · (n · gradient − Σ gradient − x̂ · Σ (gradient · x̂)), sums along the row of n.
   */
  normaliseRowsGradient(out: Tensor, gradient: Tensor, saved: Normalised): Kernel;
}
