import type { Tensor } from '../tensor/tensor';
import type { Kernel } from './kernel';

/** A loss that is computed element by element. */
export type LossKind = 'l1' | 'smoothL1' | 'binaryCrossEntropy' | 'binaryCrossEntropyWithLogits';

/** What smooth L1 takes; the other losses ignore it. */
export interface SmoothL1Parameters {
  /** The distance from which on it is linear. */
  readonly beta: number;
  /** What its gradient is multiplied by, before anything else. */
  readonly norm: number;
}

/** The loops of losses: of an input and a target element by element, and of scores and classes. */
export interface LossKernels {
  /**
   * The loss of each element, as PyTorch computes it, rounded after each operation; `beta` is smooth L1's.
   * @throws RangeError (when run) where an input of 'binaryCrossEntropy' is no probability.
   */
  loss(kind: LossKind, out: Tensor, input: Tensor, target: Tensor, beta: number): Kernel;
  /** out = gradient · ∂loss/∂input of each element, as PyTorch computes it. */
  lossGradient(
    kind: LossKind,
    out: Tensor,
    gradient: Tensor,
    input: Tensor,
    target: Tensor,
    parameters: SmoothL1Parameters,
  ): Kernel;
  /**
   * out = weight[target], or 1 without weights, and 0 where the target is `ignored`. Targets may be strided and of any type.
   * @throws RangeError (when run) for a target out of range.
   */
  classWeights(out: Tensor, targets: Tensor, classes: number, weight: Tensor | null, ignored: number): Kernel;
  /** out = −x[…, target, …] · weights, the class along `dim`; 0 where the target is `ignored`. Targets are checked before. */
  nllLoss(out: Tensor, x: Tensor, dim: number, targets: Tensor, weights: Tensor, ignored: number): Kernel;
  /** out = 0, then out[…, target, …] = −gradient · weights, the class along `dim`, but where the target is `ignored`. */
  nllLossGradient(
    out: Tensor,
    dim: number,
    gradient: Tensor,
    targets: Tensor,
    weights: Tensor,
    ignored: number,
  ): Kernel;
  /** out = x, and 0 where the target is `ignored`. */
  maskIgnored(out: Tensor, x: Tensor, targets: Tensor, ignored: number): Kernel;
}
