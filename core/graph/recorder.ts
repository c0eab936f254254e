import { type OpAttributes, type OpName, ops } from '../ops/table';
import type { NodeKind } from '../protocol/answers';
import { elementCount, formatShape, type Shape, ShapeError } from '../tensor/shape';
import {
  type Graph,
  type GraphConstant,
  type GraphNode,
  type GraphOp,
  type GraphValue,
  graphVersion,
  type NamedValue,
  type Normalisation,
  type ValueType,
  valueTypeOf,
} from './graph';
import { Operations } from './operations';

/** A tensor while a graph is written: its shape is known, its numbers are not. */
export interface GraphTensor {
  readonly value: number;
  readonly shape: Shape;
}

/** What a node is called and where it stands. */
export interface NodeWords {
  readonly name: string;
  readonly group: string;
  /** The line that makes it. */
  readonly formula: string;
  readonly layer?: GraphNode['layer'];
}

/** What a batch norm normalises by, and what it keeps. */
export interface RecordedNormalisation {
  readonly node: string;
  readonly batchMean: GraphTensor;
  readonly batchVariance: GraphTensor;
  readonly runningMean: GraphTensor;
  readonly runningVariance: GraphTensor;
  readonly momentum: number | null;
}

/** Writes a graph down: the calls of a forward pass give tensors without numbers, and `finish` the graph. */
export class GraphRecorder extends Operations<GraphTensor> {
  readonly #values: GraphValue[] = [];
  readonly #inputs: NamedValue[] = [];
  readonly #parameters: NamedValue[] = [];
  readonly #buffers: NamedValue[] = [];
  readonly #constants: GraphConstant[] = [];
  readonly #ops: GraphOp[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #normalisations: Normalisation[] = [];
  readonly #outputs: NamedValue[] = [];
  #loss: number | null = null;

  /** What the minibatch brings. */
  input(name: string, shape: Shape, type: ValueType): GraphTensor {
    return this.#named(this.#inputs, name, shape, type);
  }

  /** A trained tensor. `listParameter` must say where it stands among the nodes. */
  parameter(name: string, shape: Shape): GraphTensor {
    return this.#named(this.#parameters, name, shape, 'float');
  }

  /** Lists a parameter among the nodes, here. @throws ReferenceError where there is none of the name. */
  listParameter(name: string, group: string): void {
    const parameter = this.#parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) throw new ReferenceError(`listParameter: there is no parameter '${name}'.`);
    this.#addNode('parameter', { name, group, formula: '' }, parameter.value);
  }

  /** A tensor that is kept and not trained. */
  buffer(name: string, shape: Shape): GraphTensor {
    return this.#named(this.#buffers, name, shape, 'float');
  }

  /** A tensor that stays as it is, row-major. @throws ShapeError where the numbers do not fill the shape. */
  constant(shape: Shape, numbers: readonly number[], type: ValueType = 'float'): GraphTensor {
    if (numbers.length !== elementCount(shape)) {
      throw new ShapeError(`constant: ${numbers.length} numbers do not fill the shape ${formatShape(shape)}.`);
    }
    const constant = this.#add(shape, type);
    this.#constants.push({ value: constant.value, numbers: [...numbers] });
    return constant;
  }

  override apply<Name extends OpName>(
    name: Name,
    inputs: readonly GraphTensor[],
    attributes: OpAttributes[Name],
  ): GraphTensor {
    const shape = ops[name].shape(
      inputs.map((input) => input.shape),
      attributes,
    );
    const output = this.#add(shape, valueTypeOf(name));
    const entry: GraphOp<Name> = {
      op: name,
      inputs: inputs.map(({ value }) => value),
      output: output.value,
      attributes,
      source: null,
    };
    this.#ops.push(entry);
    return output;
  }

  /** Names an intermediate tensor and gives it back. */
  node(words: NodeWords, tensor: GraphTensor): GraphTensor {
    this.#addNode('intermediate', words, tensor.value);
    return tensor;
  }

  /** Says which tensor is the loss, and names it. @throws ShapeError where it is not one number. */
  loss(words: NodeWords, tensor: GraphTensor): void {
    if (elementCount(tensor.shape) !== 1) {
      throw new ShapeError(`loss: must be one number, not ${formatShape(tensor.shape)}.`);
    }
    this.#addNode('loss', words, tensor.value);
    this.#loss = tensor.value;
  }

  /** What the graph will be asked for, by name. */
  output(name: string, tensor: GraphTensor): void {
    this.#outputs.push({ name, value: tensor.value });
  }

  normalisation({ node, momentum, ...tensors }: RecordedNormalisation): void {
    const { batchMean, batchVariance, runningMean, runningVariance } = tensors;
    this.#normalisations.push({
      node,
      batchMean: batchMean.value,
      batchVariance: batchVariance.value,
      runningMean: runningMean.value,
      runningVariance: runningVariance.value,
      momentum,
    });
  }

  /** The graph that was written. */
  finish(): Graph {
    return {
      version: graphVersion,
      values: [...this.#values],
      inputs: [...this.#inputs],
      parameters: [...this.#parameters],
      buffers: [...this.#buffers],
      constants: [...this.#constants],
      ops: [...this.#ops],
      nodes: [...this.#nodes],
      normalisations: [...this.#normalisations],
      loss: this.#loss,
      outputs: [...this.#outputs],
    };
  }

  #add(shape: Shape, type: ValueType): GraphTensor {
    this.#values.push({ shape: [...shape], type });
    return { value: this.#values.length - 1, shape };
  }

  #named(list: NamedValue[], name: string, shape: Shape, type: ValueType): GraphTensor {
    const tensor = this.#add(shape, type);
    list.push({ name, value: tensor.value });
    return tensor;
  }

  #addNode(kind: NodeKind, { name, group, formula, layer = null }: NodeWords, value: number): void {
    this.#nodes.push({ name, kind, group, formula, value, layer });
  }
}
