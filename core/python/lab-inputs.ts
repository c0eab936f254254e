import type { Arithmetic, Settings } from '../programs/settings';
import type { Unjudged } from '../protocol/answers';
import type { GeneratorState } from '../tensor/generators/torch-generator';
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

/** What the notebook's names besides the nodes stand for at one step. Plain data: it crosses from thread to thread. */
export interface NotebookInputs {
  readonly step: number;
  readonly settings: Settings;
  /** Examples in the batch: `n` and `batch_size`. */
  readonly n: number;
  readonly vocabularySize: number;
  /** `Xb`, [n, 3]. */
  readonly contexts: Int32Array;
  /** `Yb`, [n]. */
  readonly targets: Int32Array;
  /** `ix`, [n]: which training examples the batch is. */
  readonly examples: Int32Array;
  /** The step's loss in float32. */
  readonly loss: number;
  /** The trained nodes, in the notebook's order of `parameters`. */
  readonly parameters: readonly string[];
  readonly data: NotebookData;
}

/** What is large, or costs to make: there only as far as the code names it. */
export interface NotebookData {
  /** Words before which the training set ends, and before which the development set does: `n1` and `n2`. */
  readonly splitEnds: readonly [number, number];
  /** Character by token, for `chars`, `stoi`, `itos` and what makes a data set. */
  readonly labels: readonly string[] | null;
  /** `words`, shuffled as the notebook has shuffled them by then. */
  readonly words: readonly string[] | null;
  /** Of `Xtr`, `Ytr`, `Xdev`, …: tokens, [count, 3] and [count]. */
  readonly tensors: readonly { readonly name: string; readonly shape: Shape; readonly values: Int32Array }[];
  /** Where `g` stands: after it drew the first values and every minibatch up to the step's. */
  readonly generator: GeneratorState | null;
}

/** Everything a check of the person's code needs of one step. Plain data: it crosses from thread to thread. */
export interface LabInputs extends NotebookInputs {
  /** Of the session, so that the same formula gives the same bits. */
  readonly arithmetic: Arithmetic;
  /** The step's loss computed in float64. */
  readonly doubleLoss: number;
  /** Every node but the loss, in forward order. */
  readonly nodes: readonly LabNode[];
  /** The nodes whose gradients are compared, in the table's order. */
  readonly comparedNodes: readonly string[];
  /** Those that are asked for: of these alone a gradient is missed. */
  readonly askedNodes: readonly string[];
  /** Why the step can judge nothing; null where it can. */
  readonly unjudged: Unjudged | null;
}
