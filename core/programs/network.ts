import type { Graph } from '../graph/graph';
import { planGraph } from '../graph/plan';
import { GraphRecorder } from '../graph/recorder';
import type { Tape } from '../graph/tape';
import type { LayerDescription, NodeDescription } from '../protocol/answers';
import type { TorchGenerator } from '../tensor/generators/torch-generator';
import type { Tensor } from '../tensor/tensor';
import type { Program, Purpose } from './program';
import type { Settings } from './settings';

/** A node, a backward or a mistake that the program does not have. */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
}

/** A node with its tensor. */
export interface NetworkNode extends NodeDescription {
  readonly tensor: Tensor;
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
  /** Whether every training step moves them; else they are measured over the training set before predicting. */
  readonly isKept: boolean;
}

/** A program as it is to be recorded: with which settings, for a vocabulary of so many tokens. */
export interface ProgramChoice {
  readonly program: Program;
  readonly settings: Settings;
  readonly vocabularySize: number;
}

/** A program's training graph, planned: what a session steps through. */
export class Network {
  readonly graph: Graph;
  readonly tape: Tape;
  /** Of the graph's values, by number. */
  readonly tensors: readonly Tensor[];
  /** Tokens of the minibatch's contexts, [batch, blockSize]. */
  readonly contexts: Tensor;
  /** Tokens to predict, [batch]. */
  readonly targets: Tensor;
  /** In forward order. */
  readonly nodes: readonly NetworkNode[];
  /** The trained nodes, in the notebook's order of `parameters`. */
  readonly parameters: readonly NetworkNode[];
  /** State besides parameters that a step changes. */
  readonly buffers: readonly Tensor[];
  /** The Tanh layers. */
  readonly layers: readonly LayerDescription[];
  /** The batch norms, in forward order. */
  readonly batchNorms: readonly BatchNormTensors[];
  readonly loss: Tensor;
  /** Parameters and buffers by name. */
  readonly kept: ReadonlyMap<string, Tensor>;
  readonly #choice: ProgramChoice;
  /** Per batch norm that every step moves: what moves towards what, and how fast. */
  readonly #blends: readonly { readonly running: Tensor; readonly batch: Tensor; readonly momentum: number }[];
  readonly #nodes: ReadonlyMap<string, NetworkNode>;

  /** @param graph one that was recorded already, of the same choice; recorded where it is left out. */
  constructor(choice: ProgramChoice, tape: Tape, graph = recordProgram(choice, 'training', choice.settings.batchSize)) {
    this.#choice = choice;
    this.graph = graph;
    this.tape = tape;
    const { tensors } = planGraph(graph, tape);
    this.tensors = tensors;
    const tensor = (value: number) => tensors[value];
    const named = new Map(
      [...graph.inputs, ...graph.parameters, ...graph.buffers].map(({ name, value }) => [name, tensor(value)]),
    );
    this.contexts = required(named, 'Xb');
    this.targets = required(named, 'Yb');
    this.nodes = graph.nodes.map(({ name, kind, group, formula, value }) => {
      return { name, kind, group, formula, shape: tensor(value).shape, tensor: tensor(value) };
    });
    this.#nodes = new Map(this.nodes.map((node) => [node.name, node]));
    this.parameters = graph.parameters.map(({ name }) => this.node(name));
    this.kept = new Map([...graph.parameters, ...graph.buffers].map(({ name, value }) => [name, tensor(value)]));
    this.#blends = graph.normalisations.flatMap(({ momentum, ...values }) =>
      momentum === null
        ? []
        : [
            { running: tensor(values.runningMean), batch: tensor(values.batchMean), momentum },
            { running: tensor(values.runningVariance), batch: tensor(values.batchVariance), momentum },
          ],
    );
    this.buffers = this.#blends.map(({ running }) => running);
    this.layers = graph.nodes.flatMap(({ name, layer }) => (layer === null ? [] : [{ ...layer, node: name }]));
    this.batchNorms = graph.normalisations.map(({ node, momentum, ...values }) => ({
      node,
      batchMean: tensor(values.batchMean),
      batchVariance: tensor(values.batchVariance),
      runningMean: tensor(values.runningMean),
      runningVariance: tensor(values.runningVariance),
      isKept: momentum !== null,
    }));
    if (graph.loss === null) throw new Error('A graph without a loss cannot be stepped through.');
    this.loss = tensor(graph.loss);
  }

  /** A node by name. @throws NotFoundError where there is none. */
  node(name: string): NetworkNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new NotFoundError(`The program has no node named '${name}'.`);
    return node;
  }

  /** First values, drawn in the notebook's order. */
  initialise(generator: TorchGenerator): void {
    const { program, settings } = this.#choice;
    program.initialise((name) => required(this.kept, name), settings, generator);
  }

  /** After each training forward: moves the running statistics of the batch norms. */
  updateBuffers(): void {
    for (let index = 0; index < this.#blends.length; index++) {
      const { running, batch, momentum } = this.#blends[index];
      blend(running, batch, momentum);
    }
  }

  /** The same graph once more, on another tape: planned, its numbers zero. */
  twin(tape: Tape): Network {
    return new Network(this.#choice, tape, this.graph);
  }

  /** Takes over the parameters of a network of the same graph, in whatever type that one computes. */
  copyParameters(from: Network): void {
    for (const { name, tensor } of this.parameters) tensor.copyFrom(from.node(name).tensor.values());
  }

  /** Takes over the minibatch of a network of the same graph. */
  copyBatch(from: Network): void {
    this.contexts.copyFrom(from.contexts.values());
    this.targets.copyFrom(from.targets.values());
  }

  /** The program written down for another purpose, so many examples at a time. Its parameters are `kept`, by name. */
  variant(purpose: Purpose, examples: number): Graph {
    return recordProgram(this.#choice, purpose, examples);
  }
}

/** A program written down. */
function recordProgram(
  { program, settings, vocabularySize }: ProgramChoice,
  purpose: Purpose,
  examples: number,
): Graph {
  const recorder = new GraphRecorder();
  program.record(recorder, { settings, vocabularySize, purpose, examples });
  return recorder.finish();
}

function required(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new NotFoundError(`The program has no tensor named '${name}'.`);
  return tensor;
}

/** (1 − momentum) · running + momentum · batch, rounded as the notebook's line rounds. */
function blend(running: Tensor, batch: Tensor, momentum: number): void {
  // The storage itself, since a window on it would be an object a step.
  const target = running.storage.data;
  const source = batch.storage.data;
  if (running.dtype === 'float64') {
    for (let i = 0; i < target.length; i++) target[i] = (1 - momentum) * target[i] + momentum * source[i];
    return;
  }
  const keep = Math.fround(1 - momentum);
  const take = Math.fround(momentum);
  for (let i = 0; i < target.length; i++) target[i] = Math.fround(keep * target[i]) + Math.fround(take * source[i]);
}
