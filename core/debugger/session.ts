import { Tape } from '../autograd/tape';
import { blockSize, type Dataset } from '../data/dataset';
import { Checker } from '../gradients/checker';
import type { ManualGradients } from '../gradients/manual-backward';
import type { KernelDescription } from '../kernels/build';
import type { Kernels } from '../kernels/kernels';
import { type EvaluationProgress, Evaluator } from '../programs/evaluation';
import { type Network, NotFoundError } from '../programs/network';
import { buildNetwork, manualBackwardOf } from '../programs/registry';
import { learningRateAt, type Settings } from '../programs/settings';
import type {
  Blame,
  Check,
  DriftHistory,
  NodeDetail,
  Samples,
  SessionDescription,
  Timeline,
} from '../protocol/answers';
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
import type { History } from './history';
import { nodeDetail } from './inspect';
import { labInputs } from './lab-inputs';
import { Branch } from './time-travel/branch';
import { restoreSnapshot, type Snapshot, takeSnapshot } from './time-travel/snapshot';
import { Updates } from './updates';

/** A step that cannot be gone to. */
export class TimeTravelError extends Error {
  override name = 'TimeTravelError';
}

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
  readonly data: NamedDataset;
  readonly network: Network;
  readonly evaluator: Evaluator;
  /** Training examples of the present minibatch. */
  readonly batch: Int32Array;
  readonly #parts: SessionParts;
  readonly #checker: Checker | null;
  #generator: TorchGenerator;
  /** In the order in which they were begun. */
  readonly #branches: Branch[];
  #branch: Branch;
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
    this.data = data;
    const tape = new Tape(kernels, newArena(), 'float32');
    this.network = buildNetwork(tape, settings, vocabularySize);
    const { network } = this;
    this.#branch = Branch.first(settings, network.parameters.length);
    this.#branches = [this.#branch];
    this.evaluator = new Evaluator(kernels, newArena(), network, data.dataset);
    const manual = manualBackwardOf(settings.program);
    const arena = newArena();
    this.#checker = manual && new Checker({ kernels, arena, network, settings, vocabularySize, manual });
    this.#updates = this.#updatesOf(network);
    this.#statistics = new StepStatistics(network, kernels, newArena());
    this.batch = new Int32Array(settings.batchSize);
    this.#generator = new TorchGenerator(settings.seed);
    network.initialise(this.#generator);
    this.#begin();
  }

  get step(): number {
    return this.#step;
  }

  /** Of the present branch. */
  get settings(): Settings {
    return this.#branch.settings;
  }

  /** What every step of the present branch gave. */
  get history(): History {
    return this.#branch.history;
  }

  /** The farthest step of the present branch. */
  get head(): number {
    return this.#branch.head;
  }

  /** Loss of the present step's minibatch. */
  get loss(): number {
    return this.network.loss.item();
  }

  /** What the present step's update will use. */
  get learningRate(): number {
    return learningRateAt(this.#branch.settingsAt(this.#step), this.#step);
  }

  /** One step: the update of the present one, then the next one's forward, loss and backward. */
  advance(): void {
    this.applyUpdate();
    this.beginNextStep();
  }

  /** The present step's update alone; `beginNextStep` must follow. For reports on finished steps. */
  applyUpdate(): void {
    if (this.#updates.isByHand) this.#branch.updatedByHand(this.#step);
    const ratios = this.#updates.apply();
    if (this.#isDrifting) this.#drift?.update();
    // A step that is done again gives what it gave.
    if (this.#step === this.history.updates) this.history.pushUpdates(ratios);
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
    this.#begin();
  }

  /**
   * Goes to any step that was made, step by step from the nearest snapshot: what is there then is what was there, bit for
   * bit. Abandoned half-way, the session rests at the step it has come to.
   * @throws TimeTravelError at once, changing nothing, for a step that was not made, or that only an update by hand leads to.
   */
  goTo(step: number): Generator<EvaluationProgress, void> {
    if (!Number.isInteger(step) || step < 0 || step > this.head) {
      throw new TimeTravelError(`There is no step ${step} to go to: steps 0 to ${this.head} were made.`);
    }
    const snapshot = this.#branch.snapshots.latestAt(step);
    const goesOn = this.#step <= step && this.#step >= (snapshot?.step ?? 0);
    const from = goesOn ? this.#step : (snapshot?.step ?? 0);
    const lost = this.#branch.firstByHand(from, step);
    if (lost !== null) {
      throw new TimeTravelError(
        `Step ${step} cannot be gone to: step ${lost} was updated by gradients by hand, which are not kept. Step ${from} can.`,
      );
    }
    return this.#replay(step, goesOn ? null : (snapshot ?? null));
  }

  /** Steps on to `step`, from where the session stands or from a snapshot, by autograd's updates. */
  *#replay(step: number, snapshot: Snapshot | null): Generator<EvaluationProgress, void> {
    this.endDrift();
    this.#updates.follow(null);
    try {
      if (snapshot !== null) this.#restore(snapshot);
      const from = this.#step;
      while (this.#step < step) {
        this.advance();
        yield { done: this.#step - from, total: step - from };
      }
    } finally {
      this.#updates.follow(this.#byHand?.gradients ?? null);
    }
  }

  /**
   * Begins another branch at the present step, with other learning rates. The one that is left stays as it is.
   */
  fork(rates: Pick<Settings, 'learningRate' | 'learningRateDropStep' | 'droppedLearningRate'>): void {
    const branch = this.#branch.fork(this.#branches.length, this.#step, { ...this.settings, ...rates });
    this.#branches.push(branch);
    this.#branch = branch;
  }

  /** Goes to the farthest step of another branch. @throws NotFoundError where there is none such. */
  switchTo(id: number): Generator<EvaluationProgress, void> {
    const branch = this.branch(id);
    this.#branch = branch;
    return this.#replay(branch.head, branch.snapshots.latestAt(branch.head) ?? null);
  }

  /** @throws NotFoundError where there is none such. */
  branch(id: number): Branch {
    const branch = this.#branches.find((candidate) => candidate.id === id);
    if (branch === undefined) throw new NotFoundError(`There is no branch ${id}.`);
    return branch;
  }

  /** All branches, and what going back costs. */
  timeline(): Timeline {
    return {
      step: this.#step,
      branches: this.#branches.map((branch) => branch.describe(this.#branch)),
      snapshots: this.#branch.snapshots.steps,
      snapshotBytes: this.#branches.reduce((sum, { snapshots }) => sum + snapshots.bytes, 0),
    };
  }

  #restore(snapshot: Snapshot): void {
    this.#generator = restoreSnapshot(snapshot, this.network);
    this.#step = snapshot.step;
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

  /** Draws the minibatch of a step that has just begun, and computes it. */
  #begin(): void {
    const { network, history } = this;
    if (this.#branch.wantsSnapshot(this.#step)) {
      this.#branch.snapshots.add(takeSnapshot(this.#step, network, this.#generator));
    }
    this.#forwardAndBackward();
    if (this.#step === history.length) history.pushLoss(this.loss);
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
  }
}
