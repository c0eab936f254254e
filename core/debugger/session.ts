import { Tape } from '../autograd/tape';
import { blockSize, type Dataset } from '../data/dataset';
import { Checker } from '../gradients/checker';
import type { ManualGradients } from '../gradients/manual-backward';
import type { KernelDescription } from '../kernels/build';
import type { Kernels } from '../kernels/kernels';
import { Evaluator } from '../programs/evaluation';
import { type Network, NotFoundError } from '../programs/network';
import { buildNetwork, manualBackwardOf } from '../programs/registry';
import { learningRateAt, type Settings } from '../programs/settings';
import type { Blame, Check, DriftHistory, NodeDetail, Samples, SessionDescription } from '../protocol/answers';
import type { BuiltInBackward } from '../protocol/commands';
import type { Frame } from '../protocol/frame';
import type { LabInputs } from '../python/lab-inputs';
import type { ManualGradient, ManualGradientsByNode } from '../python/lab-service';
import { StepStatistics } from '../stats/step-statistics';
import type { Arena } from '../tensor/arena';
import { TorchGenerator } from '../tensor/generators/torch-generator';
import { sameShape } from '../tensor/shape';
import { blame } from './blame';
import { Drift } from './drift';
import { History } from './history';
import { nodeDetail } from './inspect';
import { labInputs } from './lab-inputs';
import { Updates } from './updates';

/** Data and where it came from. */
export interface NamedDataset {
  readonly dataset: Dataset;
  readonly name: string;
  readonly builtIn: boolean;
}

export interface SessionParts {
  readonly kernels: Kernels;
  /** What the kernels are, for the record. */
  readonly kernelDescription: KernelDescription;
  /** A new arena, of memory that the kernels see. */
  readonly newArena: () => Arena;
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
  readonly #parts: SessionParts;
  readonly #checker: Checker | null;
  readonly #generator: TorchGenerator;
  readonly #updates: Updates;
  readonly #statistics: StepStatistics;
  /**
   * The built-in backward whose gradients the updates use; autograd's are then computed only where they are looked at. Null
   * where the updates use autograd's.
   */
  #byHand: ManualGradients | null = null;
  #isSettled = true;
  #drift: Drift | null = null;
  /** Whether the drift is still measured; its history stays. */
  #isDrifting = false;
  #step = 0;

  /** Builds the network, draws its first values and the first minibatch, and does step 0's forward and backward. */
  constructor(parts: SessionParts) {
    const { kernels, newArena, data, settings } = parts;
    const vocabularySize = data.dataset.vocabulary.labels.length;
    this.#parts = parts;
    this.settings = settings;
    this.data = data;
    const tape = new Tape(kernels, newArena(), 'float32');
    this.network = buildNetwork(tape, settings, vocabularySize);
    const { network } = this;
    this.history = new History(network.parameters.length);
    this.evaluator = new Evaluator(kernels, newArena(), network, data.dataset);
    const manual = manualBackwardOf(settings.program);
    const arena = newArena();
    this.#checker = manual && new Checker({ kernels, arena, network, settings, vocabularySize, manual });
    this.#updates = this.#updatesOf(network);
    this.#statistics = new StepStatistics(network, kernels, newArena());
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
    const ratios = this.#updates.apply();
    if (this.#isDrifting) this.#drift?.update();
    this.history.pushUpdates(ratios);
  }

  /**
   * The present step's update will use these gradients instead of autograd's.
   * @throws ManualGradientError, changing nothing, where a parameter has none, or one of another shape.
   */
  prepareUpdate(gradients: ManualGradientsByNode): void {
    this.#updates.prepare(gradients);
  }

  /** From this step on, measures how far the losses are from those of a twin trained by autograd. */
  beginDrift(): void {
    const tape = new Tape(this.#parts.kernels, this.#parts.newArena(), 'float32');
    const twin = buildNetwork(tape, this.settings, this.data.dataset.vocabulary.labels.length);
    this.#drift = new Drift(this.network, twin, this.#updatesOf(twin), this.#step);
    this.#isDrifting = true;
  }

  /** Measures no further. */
  endDrift(): void {
    this.#isDrifting = false;
  }

  /** The drift measured last, thinned to at most `points` buckets; empty where none was. */
  driftHistory(points: number): DriftHistory {
    return this.#drift?.history(points) ?? { steps: new Float64Array(), drift: new Float64Array() };
  }

  /** Forward, loss and backward of the next minibatch. */
  beginNextStep(): void {
    this.#step++;
    this.#forwardAndBackward();
  }

  /** Statistics of the present step. */
  frame(stepsPerSecond: number, running: boolean): Frame {
    this.settle();
    const { step, loss, learningRate } = this;
    return this.#statistics.frame({ step, loss, learningRate, stepsPerSecond, running });
  }

  /** Measures every Tanh layer of the present step, as a frame does, and keeps nothing of it. */
  measureLayers(): void {
    this.settle();
    this.#statistics.measureLayers();
  }

  /** Autograd's gradients of the present step, where training by the built-in backward has not needed them. */
  settle(): void {
    if (this.#isSettled) return;
    this.network.tape.backward();
    this.#isSettled = true;
  }

  /**
   * From the next update on, uses the gradients of the built-in backward that is chosen, and computes autograd's only
   * where they are looked at; or autograd's again.
   * @throws NotFoundError where the program has no backward by hand; ManualGradientError where the one that is chosen does
   * not give every parameter's gradient in its shape.
   */
  trainByBuiltIn(isByHand: boolean): void {
    const checker = this.requireManualBackward();
    const byHand = isByHand ? checker.forTraining() : null;
    this.#updates.follow(byHand?.gradients ?? null);
    this.#byHand = byHand;
    byHand?.tape.forward();
    this.settle();
  }

  /** Whether the updates use the built-in backward's gradients. */
  get trainsByBuiltIn(): boolean {
    return this.#byHand !== null;
  }

  /** The check of the present step; null where the program has no backward by hand. */
  check(): Check | null {
    this.settle();
    return this.#checker?.check(this.#step) ?? null;
  }

  /**
   * Takes another backward by hand, or plants a mistake in it.
   * @throws NotFoundError where the program has none, or for a mistake that cannot be planted in it.
   */
  chooseBackward(backward: BuiltInBackward, mistake: string | null): Check {
    const checker = this.requireManualBackward();
    checker.choose(backward, mistake);
    this.settle();
    if (this.#byHand !== null) this.trainByBuiltIn(true);
    return checker.check(this.#step);
  }

  /** @throws NotFoundError where the program has no backward by hand, so that none can be checked or trained with. */
  requireManualBackward(): Checker {
    if (this.#checker === null) {
      throw new NotFoundError(`${this.settings.program} has no hand-written backward. Choose decomposed-mlp.`);
    }
    return this.#checker;
  }

  /**
   * What a check of a person's own backward needs of the present step.
   * @throws NotFoundError where the program has no backward by hand.
   */
  labInputs(): LabInputs {
    const checker = this.requireManualBackward();
    this.settle();
    return labInputs(this, checker.doubleNetwork(), checker.comparedNodes);
  }

  /** The built-in backward's gradient of a node at the present step; null where it has none. */
  manualGradient(name: string): ManualGradient | null {
    const gradient = this.#checker?.manualGradients().get(name);
    return gradient === undefined ? null : { shape: gradient.shape, values: gradient.values() };
  }

  /**
   * One node's numbers; the window of cells begins at (row, column).
   * @param manual the gradient by hand that they are compared with.
   * @throws NotFoundError for an unknown node.
   */
  inspect(name: string, row: number, column: number, manual = this.manualGradient(name)): NodeDetail {
    const { tensor } = this.network.node(name);
    this.settle();
    const gradient = this.network.tape.gradientOf(tensor);
    return nodeDetail({ node: name, step: this.#step, value: tensor, gradient, manual }, row, column);
  }

  /**
   * The chain behind one element of a node's gradient.
   * @param manual the gradient by hand that it is compared with.
   * @throws NotFoundError for an unknown node, or an index outside it.
   */
  blame(node: string, index: readonly number[], manual = this.manualGradient(node)): Blame {
    const { network } = this;
    this.settle();
    const { vocabulary } = this.data.dataset;
    const isComparable = manual !== null && sameShape(manual.shape, network.node(node).shape);
    return blame({ network, vocabulary, node, index, manual: isComparable ? manual.values : null });
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
      kernels: this.#parts.kernelDescription,
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

  #updatesOf(network: Network): Updates {
    const { kernels, newArena } = this.#parts;
    return new Updates({ kernels, arena: newArena(), network, learningRate: () => this.learningRate });
  }

  #forwardAndBackward(): void {
    const { network, batch } = this;
    const { train } = this.data.dataset;
    this.#generator.randint(batch, 0, train.count);
    // The storage itself, since a window on it would be an object a step; both begin at its start.
    const contexts = network.contexts.storage.data;
    const targets = network.targets.storage.data;
    for (let example = 0; example < batch.length; example++) {
      targets[example] = train.targets[batch[example]];
      for (let i = 0; i < blockSize; i++)
        contexts[example * blockSize + i] = train.contexts[batch[example] * blockSize + i];
    }
    network.tape.forward();
    network.updateBuffers();
    this.#isSettled = false;
    if (this.#byHand === null) this.settle();
    else this.#byHand.tape.forward();
    if (this.#isDrifting) this.#drift?.follow();
    this.history.pushLoss(this.loss);
  }
}
