import type { Operations } from '../graph/operations';
import type { BuiltInBackward } from '../protocol/commands';
import type { Tensor } from '../tensor/tensor';

/** What a statement may use: `Xb`, `Yb`, every forward node by name, and every gradient written so far as `d` + name. */
export interface BackwardScope {
  readonly [name: string]: Tensor;
}

/** What the batch gives besides tensors, by the notebook's names. */
interface BatchNumbers {
  /** Examples in the batch. */
  readonly n: number;
}

/** One line of a backward pass written by hand. */
export interface Statement {
  /** The node whose gradient it writes. */
  readonly node: string;
  /** The line in the notebook's Python. */
  readonly formula: string;
  /** `+=`: adds to what earlier lines wrote. */
  readonly accumulate: boolean;
  readonly compute: (operations: Operations, scope: BackwardScope, batch: BatchNumbers) => Tensor;
}

/** A classic error. */
export interface Mistake {
  /** As the command line and commands name it. */
  readonly name: string;
  readonly title: string;
  /** The node whose formula it breaks. */
  readonly node: string;
  /** The statements with the error in them; null where they have no line that could hold it. */
  plant(statements: readonly Statement[]): Planted | null;
}

export interface Planted {
  readonly statements: readonly Statement[];
  /** The wrong lines among them; empty where the error is a line left out. */
  readonly planted: readonly Statement[];
}

/** The backward passes written by hand for a program. */
export interface ManualBackward {
  /** The nodes whose gradients are compared, in the notebook's order. */
  readonly comparedNodes: readonly string[];
  readonly statements: Readonly<Record<BuiltInBackward, readonly Statement[]>>;
  readonly mistakes: readonly Mistake[];
}
