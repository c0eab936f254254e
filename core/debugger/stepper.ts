import { blockSize, type Dataset } from '../data/dataset';
import type { Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import type { OpPosition } from '../protocol/ops';
import type { ManualGradientsByNode } from '../python/lab-service';
import type { Arena } from '../tensor/arena';
import { type GeneratorState, TorchGenerator } from '../tensor/generators/torch-generator';
import type { Tensor } from '../tensor/tensor';
import type { Drift } from './drift';
import { OpWalk } from './op-walk';
import { restoreSnapshot, type Snapshot, takeSnapshot } from './time-travel/snapshot';
import { Updates } from './updates';

/** Something that needs a whole step was asked while the session stands within one. */
export class WithinStepError extends Error {
  override name = 'WithinStepError';
}

export interface StepperParts {
  readonly kernels: Kernels;
  readonly newArena: () => Arena;
  readonly network: Network;
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly seed: number;
  /** Of the update of the present step. */
  readonly learningRate: () => number;
}

/** A backward by hand whose gradients the updates use, computed after each forward. */
export interface BackwardByHand {
  readonly gradients: ReadonlyMap<string, Tensor>;
  readonly tape: { forward(): void };
}

/**
 * The step machine: minibatch, forward, loss, backward, update, as a whole or op by op. It knows the present step only;
 * what came before is the session's.
 */
export class Stepper {
  readonly network: Network;
  /** Training examples of the present minibatch. */
  readonly batch: Int32Array;
  readonly updates: Updates;
  readonly #parts: StepperParts;
  readonly #walk: OpWalk;
  #generator: TorchGenerator;
  #step = 0;
  #isWithin = false;
  #isSettled = true;
  /** Null where the updates use autograd's gradients; else autograd's are computed only where they are looked at. */
  #byHand: BackwardByHand | null = null;
  #drift: Drift | null = null;

  /** Draws the network's first values; `draw` and `compute` must follow. */
  constructor(parts: StepperParts) {
    this.#parts = parts;
    const { kernels, newArena, network, learningRate } = parts;
    this.network = network;
    this.batch = new Int32Array(parts.batchSize);
    this.updates = new Updates({ kernels, arena: newArena(), network, learningRate });
    this.#walk = new OpWalk(network);
    this.#generator = new TorchGenerator(parts.seed);
    network.initialise(this.#generator);
  }

  get step(): number {
    return this.#step;
  }

  /** Loss of the present step's minibatch; NaN before it is computed. */
  get loss(): number {
    return this.network.loss.item();
  }

  /** Where the generator of first values and minibatches stands. A copy. */
  get generatorState(): GeneratorState {
    return this.#generator.saveState();
  }

  /** The op at which the stepper stands within a step; null at a whole one. */
  get position(): OpPosition | null {
    return this.#isWithin ? this.#walk.position : null;
  }

  /** Whether the op just done is the last of its phase. */
  get isAtEndOfPhase(): boolean {
    return this.#walk.isAtEndOfPhase;
  }

  /** Whether the backward walk has come to this op. */
  hasWalkedBack(op: number): boolean {
    return !this.#isWithin || this.#walk.hasWalkedBack(op);
  }

  /** @throws WithinStepError where the step is not whole. */
  requireWholeStep(): void {
    if (!this.#isWithin) return;
    throw new WithinStepError(`The session stands within step ${this.#step}. Finish the step (F10) first.`);
  }

  /** Measures this, step by step; null for nothing. */
  follow(drift: Drift | null): void {
    this.#drift = drift;
  }

  /**
   * From the next update on, uses these gradients; null for autograd's.
   * @throws ManualGradientError, changing nothing, where they do not give every parameter's gradient in its shape.
   */
  trainByHand(byHand: BackwardByHand | null): void {
    this.requireWholeStep();
    this.updates.follow(byHand?.gradients ?? null);
    this.#byHand = byHand;
    byHand?.tape.forward();
    this.settle();
  }

  /** The next update alone uses these. @throws ManualGradientError, changing nothing, where one does not fit. */
  prepareUpdate(gradients: ManualGradientsByNode): void {
    this.updates.prepare(gradients);
  }

  /** The present step's update. Returns log10 of how far each parameter moved; valid until the next update. */
  applyUpdate(): Float64Array {
    const ratios = this.updates.apply();
    this.#drift?.update();
    return ratios;
  }

  /** The next step's number. */
  enterNextStep(): void {
    this.#step++;
  }

  /** What decides this step, before `draw`. */
  takeSnapshot(): Snapshot {
    return takeSnapshot(this.#step, this.network, this.#generator);
  }

  /** Stands where the snapshot was taken; `draw` must follow. */
  restore(snapshot: Snapshot): void {
    this.#generator = restoreSnapshot(snapshot, this.network);
    this.#step = snapshot.step;
    this.#isWithin = false;
  }

  /** Draws the minibatch of a step that has just begun. */
  draw(): void {
    const { network, batch } = this;
    const { train } = this.#parts.dataset;
    this.#generator.randint(batch, 0, train.count);
    // The storage itself, since a window on it would be an object a step; both begin at its start.
    const contexts = network.contexts.storage.data;
    const targets = network.targets.storage.data;
    for (let example = 0; example < batch.length; example++) {
      targets[example] = train.targets[batch[example]];
      for (let i = 0; i < blockSize; i++)
        contexts[example * blockSize + i] = train.contexts[batch[example] * blockSize + i];
    }
  }

  /** Forward, loss and backward of the minibatch drawn. */
  compute(): void {
    const { network } = this;
    network.tape.forward();
    network.updateBuffers();
    this.#isSettled = false;
    if (this.#byHand === null) this.settle();
    this.#computed();
  }

  /** Begins the same op by op. */
  beginWalk(): void {
    this.#walk.begin();
    this.#isWithin = true;
  }

  /** One op further. Returns the nodes whose gradient that completed. */
  walk(): readonly string[] {
    this.#walk.next();
    if (this.#walk.isAtLoss) this.network.updateBuffers();
    if (this.#walk.isDone) {
      this.#isWithin = false;
      this.#isSettled = true;
      this.#computed();
    }
    return this.#walk.completed;
  }

  /** Autograd's gradients of the present step, where training by hand has not needed them. Within a step, as far as it is. */
  settle(): void {
    if (this.#isSettled || this.#isWithin) return;
    this.network.tape.backward();
    this.#isSettled = true;
  }

  #computed(): void {
    this.#byHand?.tape.forward();
    this.#drift?.follow();
  }
}
