import type { Arithmetic } from '../programs/settings';
import type { Shape } from '../tensor/shape';

/** A node of one step, as the lab is given it: both precisions of its value and of autograd's gradient. */
export interface LabNode {
  readonly name: string;
  readonly shape: Shape;
  /** The forward line that makes it, in the notebook's Python; empty for parameters. */
  readonly formula: string;
  readonly value: Float32Array;
  readonly gradient: Float32Array;
  /** The same step computed in float64. */
  readonly doubleValue: Float64Array;
  readonly doubleGradient: Float64Array;
}

/** Everything a check of the person's code needs of one step. Plain data: it crosses from thread to thread. */
export interface LabInputs {
  readonly step: number;
  /** Of the session, so that the same formula gives the same bits. */
  readonly arithmetic: Arithmetic;
  /** Examples in the batch: `n`. */
  readonly n: number;
  readonly vocabularySize: number;
  /** `Xb`, [n, 3]. */
  readonly contexts: Int32Array;
  /** `Yb`, [n]. */
  readonly targets: Int32Array;
  /** Every node but the loss, in forward order. */
  readonly nodes: readonly LabNode[];
  /** The nodes whose gradients are compared, in the table's order. */
  readonly comparedNodes: readonly string[];
}
