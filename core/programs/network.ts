import type { Operations } from '../autograd/operations';
import type { Tape } from '../autograd/tape';
import type { LayerDescription, NodeDescription, NodeKind } from '../protocol/answers';
import type { TorchGenerator } from '../tensor/generators/torch-generator';
import type { Tensor } from '../tensor/tensor';

/** Numbers that stand for a character, as the notebook's n_embd. */
export const embeddingSize = 10;

/** A node, a backward or a mistake that the program does not have. */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
}

/** A node with its tensor. */
export interface NetworkNode extends NodeDescription {
  readonly tensor: Tensor;
}

/** A program built for given sizes: its forward pass recorded and its backward planned. */
export interface Network {
  readonly tape: Tape;
  /** Tokens of the minibatch's contexts, [batch, blockSize]. */
  readonly contexts: Tensor;
  /** Tokens to predict, [batch]. */
  readonly targets: Tensor;
  /** In forward order. */
  readonly nodes: readonly NetworkNode[];
  /** A node by name. @throws NotFoundError where there is none. */
  node(name: string): NetworkNode;
  /** The trained nodes, in the notebook's order of `parameters`. */
  readonly parameters: readonly NetworkNode[];
  /** State besides parameters that a step changes. */
  readonly buffers: readonly Tensor[];
  /** The Tanh layers. */
  readonly layers: readonly LayerDescription[];
  /** The batch norms, in forward order. */
  readonly batchNorms: readonly BatchNormTensors[];
  readonly loss: Tensor;
  /** First values, drawn in the notebook's order. */
  initialise(generator: TorchGenerator): void;
  /** After each training forward. */
  updateBuffers(): void;
  /** The logits for `contexts`, as the trained network predicts: batch norm by kept statistics. */
  predict(operations: Operations, contexts: Tensor): Tensor;
  /**
   * The layer whose statistics a prediction needs and the forward pass does not keep; the evaluation measures them over
   * the training set. Null where there is none.
   */
  readonly calibration: Calibration | null;
}

/** What a batch norm normalises by: [1, features] each. */
export interface BatchNormTensors {
  /** The node that is its output. */
  readonly node: string;
  /** Of the present minibatch. */
  readonly batchMean: Tensor;
  readonly batchVariance: Tensor;
  /** For predicting. */
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
  /** Whether every training step moves them; else they are measured before predicting, by `calibration`. */
  readonly isKept: boolean;
}

/** What is to be measured over a whole training set before predicting. */
export interface Calibration {
  /** The tensor to measure, [examples, features], for `contexts`. */
  measured(operations: Operations, contexts: Tensor): Tensor;
  /** Where its mean and its unbiased variance go, [1, features]. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Collects nodes while a forward pass is written. */
export class NodeList {
  readonly nodes: NetworkNode[] = [];

  /** Names `tensor` and gives it back. */
  add(kind: NodeKind, name: string, group: string, tensor: Tensor, formula = ''): Tensor {
    this.nodes.push({ kind, name, group, shape: tensor.shape, formula, tensor });
    return tensor;
  }

  /** A node by name. @throws NotFoundError where there is none. */
  node(name: string): NetworkNode {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new NotFoundError(`The program has no node named '${name}'.`);
    return node;
  }
}
