import { Tape } from '../autograd/tape';
import { blockSize, type Dataset } from '../data/dataset';
import { Checker } from '../gradients/checker';
import type { Kernel, Kernels } from '../kernels/kernels';
import { Evaluator } from '../programs/evaluation';
import { type Network, NotFoundError } from '../programs/network';
import { buildNetwork, manualBackwardOf } from '../programs/registry';
import { learningRateAt, type Settings } from '../programs/settings';
import type { Check, NodeDetail, Samples, SessionDescription } from '../protocol/answers';
import type { BuiltInBackward } from '../protocol/commands';
import type { Frame } from '../protocol/frame';
import { standardDeviation, updateToData } from '../stats/moments';
import { stepFrame } from '../stats/step-frame';
import { Arena, type ArenaMemory } from '../tensor/arena';
import { TorchGenerator } from '../tensor/generators/torch-generator';
import { History } from './history';
import { nodeDetail } from './inspect';

/** Data and where it came from. */
export interface NamedDataset {
  readonly dataset: Dataset;
  readonly name: string;
  readonly builtIn: boolean;
}

export interface SessionParts {
  readonly kernels: Kernels;
  /** New empty memory for an arena. */
  readonly createMemory: () => ArenaMemory;
  readonly data: NamedDataset;
  readonly settings: Settings;
}

/**
 * A program being stepped. At rest it stands at step k with forward, loss and backward done and the update not yet
 * applied, so that every view of one moment agrees; `advance` applies the update and does the next forward and backward.
 */
export class Session {
  readonly settings: Settings;
  readonly data: NamedDataset;
  readonly network: Network;
  readonly history: History;
  readonly evaluator: Evaluator;
  /** Training examples of the present minibatch. */
  readonly batch: Int32Array;
  readonly #checker: Checker | null;
  readonly #generator: TorchGenerator;
  readonly #updates: readonly Kernel[];
  #step = 0;

  /** Builds the network, draws its first values and the first minibatch, and does step 0's forward and backward. */
  constructor({ kernels, createMemory, data, settings }: SessionParts) {
    const vocabularySize = data.dataset.vocabulary.labels.length;
    this.settings = settings;
    this.data = data;
    const tape = new Tape(kernels, new Arena(createMemory()), 'float32');
    this.network = buildNetwork(tape, settings, vocabularySize);
    const { network } = this;
    this.history = new History(network.parameters.length);
    this.evaluator = new Evaluator(kernels, new Arena(createMemory()), network, data.dataset);
    const manual = manualBackwardOf(settings.program);
    const arena = new Arena(createMemory());
    this.#checker = manual && new Checker({ kernels, arena, network, settings, vocabularySize, manual });
    const learningRate = () => this.learningRate;
    this.#updates = network.parameters.map(({ tensor }) => kernels.sgd(tensor, tape.gradientOf(tensor), learningRate));
    this.batch = new Int32Array(settings.batchSize);
    this.#generator = new TorchGenerator(settings.seed);
    network.initialise(this.#generator);
    this.#forwardAndBackward();
  }

  get step(): number {
    return this.#step;
  }

  /** Loss of the present step's minibatch. */
  get loss(): number {
    return this.network.loss.item();
  }

  /** What the present step's update will use. */
  get learningRate(): number {
    return learningRateAt(this.settings, this.#step);
  }

  /** One step: the update of the present one, then the next one's forward, loss and backward. */
  advance(): void {
    this.applyUpdate();
    this.beginNextStep();
  }

  /** The present step's update alone; `beginNextStep` must follow. For reports on finished steps. */
  applyUpdate(): void {
    for (let index = 0; index < this.#updates.length; index++) this.#updates[index]();
    this.history.pushUpdates(this.updateRatios());
  }

  /** Forward, loss and backward of the next minibatch. */
  beginNextStep(): void {
    this.#step++;
    this.#forwardAndBackward();
  }

  /** log10 of std(lr · grad) / std(data), parameter by parameter, with the data as it is now. */
  updateRatios(): number[] {
    const { learningRate } = this;
    return this.network.parameters.map(({ tensor }) => {
      const gradientStd = standardDeviation(this.network.tape.gradientOf(tensor).values());
      return updateToData(learningRate, gradientStd, standardDeviation(tensor.values()));
    });
  }

  /** Statistics of the present step. */
  frame(stepsPerSecond: number, running: boolean): Frame {
    const { step, loss, learningRate } = this;
    return stepFrame(this.network, { step, loss, learningRate, stepsPerSecond, running });
  }

  /** The check of the present step; null where the program has no backward by hand. */
  check(): Check | null {
    return this.#checker?.check(this.#step) ?? null;
  }

  /**
   * Takes another backward by hand, or plants a mistake in it.
   * @throws NotFoundError where the program has none, or for a mistake that cannot be planted in it.
   */
  chooseBackward(backward: BuiltInBackward, mistake: string | null): Check {
    if (this.#checker === null) {
      throw new NotFoundError(`${this.settings.program} has no hand-written backward. Choose decomposed-mlp.`);
    }
    this.#checker.choose(backward, mistake);
    return this.#checker.check(this.#step);
  }

  /** One node's numbers; the window of cells begins at (row, column). @throws NotFoundError for an unknown node. */
  inspect(name: string, row: number, column: number): NodeDetail {
    const { tensor } = this.network.node(name);
    const gradient = this.network.tape.gradientOf(tensor);
    const manual = this.#checker?.manualGradients().get(name) ?? null;
    return nodeDetail({ node: name, step: this.#step, value: tensor, gradient, manual }, row, column);
  }

  /** Names drawn from the network as it stands. */
  sample(count: number, seed: number): Samples {
    for (const _ of this.evaluator.calibrate());
    return { step: this.#step, seed, names: this.evaluator.sample(count, seed) };
  }

  describe(): SessionDescription {
    const { network, settings, data } = this;
    const { dataset, name, builtIn } = data;
    const manual = manualBackwardOf(settings.program);
    const parameters = network.parameters.map((node) => ({
      name: node.name,
      shape: node.shape,
      elements: node.tensor.elements,
    }));
    return {
      settings,
      dataset: {
        name,
        builtIn,
        words: dataset.words,
        vocabulary: dataset.vocabulary.labels,
        train: dataset.train.count,
        dev: dataset.dev.count,
        test: dataset.test.count,
      },
      nodes: network.nodes.map(({ tensor: _, ...description }) => description),
      layers: network.layers,
      parameters,
      parameterCount: parameters.reduce((sum, { elements }) => sum + elements, 0),
      mistakes: manual?.mistakes.map(({ plant: _, ...description }) => description) ?? [],
      backward: this.#checker?.description ?? null,
    };
  }

  #forwardAndBackward(): void {
    const { network, batch } = this;
    const { train } = this.data.dataset;
    this.#generator.randint(batch, 0, train.count);
    const contexts = network.contexts.values();
    const targets = network.targets.values();
    for (let example = 0; example < batch.length; example++) {
      targets[example] = train.targets[batch[example]];
      for (let i = 0; i < blockSize; i++)
        contexts[example * blockSize + i] = train.contexts[batch[example] * blockSize + i];
    }
    network.tape.forward();
    network.updateBuffers();
    network.tape.backward();
    this.history.pushLoss(this.loss);
  }
}
