import { Tape } from '../graph/tape';
import type { EvaluationProgress } from '../programs/evaluation';
import { type Network, NotFoundError } from '../programs/network';
import { buildNetwork } from '../programs/registry';
import { learningRateAt, type Rates, type Settings } from '../programs/settings';
import type { DriftHistory } from '../protocol/answers';
import type { OpPosition } from '../protocol/ops';
import type { Timeline } from '../protocol/timeline';
import type { ManualGradientsByNode } from '../python/lab-service';
import type { GeneratorState } from '../tensor/generators/torch-generator';
import { type Divergence, divergenceAt } from './divergence';
import { Drift } from './drift';
import type { History } from './history';
import { type Apart, type SavedBranches, SavedSessionError, saveBranches } from './saved-session';
import type { NamedDataset, SessionParts } from './session-parts';
import { type BackwardByHand, Stepper } from './stepper';
import { type Branch, TimeTravelError } from './time-travel/branch';
import { Branches } from './time-travel/branches';
import {
  type BuiltInSource,
  type GradientSources,
  isSameSource,
  type KnownSource,
} from './time-travel/gradient-source';
import { compareBeginnings, type Restoration, restoreBranches } from './time-travel/restoration';
import { type Snapshot, stateElements } from './time-travel/snapshot';
import { Updates } from './updates';

/**
 * A program being stepped through training and through time. At rest it stands at step k with forward, loss and backward
 * done and the update not yet applied, so that every view of one moment agrees; `advance` applies the update and does the
 * next forward and backward.
 */
export abstract class Run {
  readonly data: NamedDataset;
  readonly network: Network;
  protected readonly parts: SessionParts;
  protected readonly stepper: Stepper;
  readonly #branches: Branches;
  #drift: Drift | null = null;
  /** What a person trains with. */
  #source: KnownSource = 'autograd';
  /** What the next update uses: while going through time, what it used then. */
  #followed: KnownSource = 'autograd';

  /** Builds the network, draws its first values and the first minibatch, and does step 0's forward and backward. */
  constructor(parts: SessionParts) {
    const { kernels, newArena, data, settings } = parts;
    const { dataset } = data;
    this.parts = parts;
    this.data = data;
    const tape = new Tape(kernels, newArena(), 'float32');
    this.network = buildNetwork(tape, settings, dataset.vocabulary.labels.length);
    const { network } = this;
    this.#branches = new Branches(settings, network.parameters.length);
    const { batchSize, seed } = settings;
    const learningRate = () => this.learningRate;
    this.stepper = new Stepper({ kernels, newArena, network, dataset, batchSize, seed, learningRate });
    this.#draw();
    this.#compute();
  }

  get step(): number {
    return this.stepper.step;
  }

  /** Training examples of the present minibatch. */
  get batch(): Int32Array {
    return this.stepper.batch;
  }

  /** Where the generator of first values and minibatches stands: after the present minibatch. A copy. */
  get generatorState(): GeneratorState {
    return this.stepper.generatorState;
  }

  /** The op at which the session stands within a step; null at rest. */
  get position(): OpPosition | null {
    return this.stepper.position;
  }

  /** Of the present branch. */
  get settings(): Settings {
    return this.#branches.current.settings;
  }

  /** What every step of the present branch gave. */
  get history(): History {
    return this.#branches.current.history;
  }

  /** Which course of training it stands on. */
  get branchId(): number {
    return this.#branches.current.id;
  }

  /** The farthest step of the present branch. */
  get head(): number {
    return this.#branches.current.head;
  }

  /** Loss of the present step's minibatch; NaN before it is computed. */
  get loss(): number {
    return this.stepper.loss;
  }

  /** What the present step's update will use. */
  get learningRate(): number {
    return learningRateAt(this.#branches.current.settingsAt(this.step), this.step);
  }

  /** One step: the update of the present one, then the next one's forward, loss and backward. Within a step, its rest. */
  advance(): void {
    if (this.position !== null) {
      this.finishStep();
      return;
    }
    this.applyUpdate();
    this.beginNextStep();
  }

  /**
   * One op further: from rest, the update and the next minibatch; then each op of the forward and the backward walk.
   * @returns the nodes whose gradient that completed.
   */
  stepOp(): readonly string[] {
    if (this.position !== null) {
      const completed = this.stepper.walk();
      if (this.position === null) this.#keepLoss();
      return completed;
    }
    this.applyUpdate();
    this.stepper.enterNextStep();
    this.#draw();
    this.stepper.beginWalk();
    return [];
  }

  /** Every op of the phase that the next one begins or goes on with. */
  *finishPhase(): Generator<EvaluationProgress, void> {
    this.stepOp();
    while (this.position !== null && !this.stepper.isAtEndOfPhase) {
      yield this.position;
      this.stepOp();
    }
  }

  /** Every op that the step still lacks. */
  finishStep(): void {
    while (this.position !== null) this.stepOp();
  }

  /** @throws WithinStepError where the session stands within a step. */
  requireWholeStep(): void {
    this.stepper.requireWholeStep();
  }

  /** The gradients of a backward that comes with the program. @throws NotFoundError where it has none such. */
  protected abstract builtInGradients(source: BuiltInSource): BackwardByHand;

  /**
   * The present step's update alone; `beginNextStep` must follow. At an earlier step, one by other gradients than it was made
   * with begins a branch.
   */
  applyUpdate(): void {
    this.requireWholeStep();
    const source = this.stepper.updates.isPrepared ? 'code' : this.#followed;
    // A step that is done again gives what it gave, unless its gradients come from elsewhere: that is another course.
    const isMade = this.step < this.history.updates;
    if (isMade && !isSameSource(source, this.#branches.current.sources.at(this.step))) {
      this.#branches.fork(this.step, this.settings);
    }
    const isNew = this.step === this.history.updates;
    if (isNew) this.#branches.current.sources.record(this.step, source);
    const ratios = this.stepper.applyUpdate();
    if (isNew) this.history.pushUpdates(ratios);
    else if (isMade) this.history.recoverUpdates(this.step, ratios);
  }

  /**
   * From the next update on, uses the gradients of a built-in backward, and computes autograd's only where they are looked
   * at; or autograd's again.
   * @throws NotFoundError where the program has none such; ManualGradientError where it does not give every parameter's
   * gradient in its shape.
   */
  protected trainBy(source: BuiltInSource | null): void {
    const chosen = source ?? 'autograd';
    this.#follow(chosen);
    this.#source = chosen;
  }

  /** Whether the updates use a built-in backward's gradients. */
  get trainsByBuiltIn(): boolean {
    return this.#source !== 'autograd';
  }

  #follow(source: KnownSource): void {
    if (isSameSource(source, this.#followed)) return;
    this.stepper.trainByHand(source === 'autograd' ? null : this.builtInGradients(source));
    this.#followed = source;
  }

  /**
   * The present step's update will use these gradients instead of autograd's.
   * @throws ManualGradientError, changing nothing, where a parameter has none, or one of another shape.
   */
  prepareUpdate(gradients: ManualGradientsByNode): void {
    this.stepper.prepareUpdate(gradients);
  }

  /** From this step on, measures how far the losses are from those of a twin trained by autograd. */
  beginDrift(): void {
    this.requireWholeStep();
    const { kernels, newArena } = this.parts;
    const twin = this.network.twin(new Tape(kernels, newArena(), 'float32'));
    const updates = new Updates({ kernels, arena: newArena(), network: twin, learningRate: () => this.learningRate });
    this.#drift = new Drift(this.network, twin, updates, this.step);
    this.stepper.follow(this.#drift);
  }

  /** Measures no further. */
  endDrift(): void {
    this.stepper.follow(null);
  }

  /** The drift measured last, thinned to at most `points` buckets; empty where none was. */
  driftHistory(points: number): DriftHistory {
    return this.#drift?.history(points) ?? { steps: new Float64Array(), drift: new Float64Array() };
  }

  /** Forward, loss and backward of the next minibatch. */
  beginNextStep(): void {
    this.stepper.enterNextStep();
    this.#draw();
    this.#compute();
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
    const snapshot = this.#branches.current.snapshots.latestAt(step);
    const goesOn = this.step <= step && this.step >= (snapshot?.step ?? 0);
    const from = goesOn ? this.step : (snapshot?.step ?? 0);
    const lost = this.#branches.current.firstByCode(from, step);
    if (lost !== null) {
      throw new TimeTravelError(
        `Step ${step} cannot be gone to: step ${lost} was updated by gradients of code, which are not kept. Step ${from} can.`,
      );
    }
    return this.#replay(step, goesOn ? null : (snapshot ?? null));
  }

  /** Steps on to `step`, from where the session stands or from a snapshot, by the updates that were made then. */
  *#replay(step: number, snapshot: Snapshot | null): Generator<EvaluationProgress, void> {
    this.endDrift();
    try {
      if (snapshot === null) this.finishStep();
      else {
        this.stepper.restore(snapshot);
        this.stepper.draw();
        this.#compute();
      }
      const from = this.step;
      while (this.step < step) {
        const source = this.#branches.current.sources.at(this.step);
        if (source !== 'code') this.#follow(source);
        this.advance();
        yield { done: this.step - from, total: step - from };
      }
    } finally {
      this.#follow(this.#source);
    }
  }

  /** Begins another branch at the present step, with other learning rates. The one that is left stays as it is. */
  fork(rates: Rates): void {
    this.requireWholeStep();
    this.#branches.fork(this.step, { ...this.settings, ...rates });
  }

  /** Goes to the farthest step of another branch. @throws NotFoundError where there is none such. */
  switchTo(id: number): Generator<EvaluationProgress, void> {
    const branch = this.#branches.choose(id);
    return this.#replay(branch.head, branch.snapshots.latestAt(branch.head) ?? null);
  }

  /** The first step before this one whose update used other gradients than autograd's; null where none did. */
  firstByHand(step: number): number | null {
    return this.#branches.current.sources.first(0, step, (source) => source !== 'autograd');
  }

  /** Whether the update of a step that was made used autograd's gradients, at a learning rate that moves something. */
  isUpdatedByAutograd(step: number): boolean {
    const branch = this.#branches.current;
    return branch.sources.at(step) === 'autograd' && learningRateAt(branch.settingsAt(step), step) !== 0;
  }

  /** Whether and since when the run has diverged, by the last loss that is known at the present step; null where it has not. */
  get divergence(): Divergence | null {
    return divergenceAt(this.history, Math.min(this.step, this.history.length - 1));
  }

  /** @throws NotFoundError where there is none such. */
  branch(id: number): Branch {
    return this.#branches.get(id);
  }

  /** All branches, and what going back costs. */
  timeline(): Timeline {
    const { size, ...timeline } = this.#branches.describe(this.step);
    return { ...timeline, size: { ...size, bytes: size.bytes + (this.#drift?.bytes ?? 0) } };
  }

  /** Its branches, to be saved, with at most `budget` bytes of snapshots each; parts of their histories `apart`, if given. */
  saveBranches(budget: number, apart: Apart | null): SavedBranches {
    return saveBranches(this.#branches, { budget, apart, step: this.step });
  }

  /**
   * Takes branches that were saved in place of its own, and goes to a step of the present one.
   * @param longest a way of more steps is not gone: the session then stands at the last snapshot before.
   * @throws SavedSessionError at once, changing nothing, where they do not fit the program, or the step cannot be gone to.
   */
  restoreBranches(saved: SavedBranches, step: number, longest = Number.POSITIVE_INFINITY): Restoration {
    const { branches, lost } = restoreBranches(saved, this.network.parameters.length, stateElements(this.network));
    const branch = branches[saved.branch];
    if (step > branch.head)
      throw new SavedSessionError(`The session was saved at step ${step}, but has steps 0 to ${branch.head}.`);
    const snapshot = branch.snapshots.latestAt(step) ?? null;
    const byCode = branch.firstByCode(snapshot?.step ?? 0, step);
    if (byCode !== null)
      throw new SavedSessionError(`Step ${byCode} was updated by gradients of code, which are not saved.`);
    for (const { sources } of branches) this.#requireKnown(sources);
    const from = snapshot?.step ?? 0;
    const target = step - from > longest ? from : step;
    const beginning = compareBeginnings(branches[0], this.#branches.all[0]);
    this.#branches.restore(branches, saved.branch);
    return { travel: this.#replay(target, snapshot), step: target, lost, beginning };
  }

  /** @throws SavedSessionError for a source that the program does not have. */
  #requireKnown({ changes }: GradientSources): void {
    for (const { source } of changes) {
      if (typeof source === 'string') continue;
      try {
        this.builtInGradients(source);
      } catch (error) {
        throw error instanceof NotFoundError ? new SavedSessionError(error.message) : error;
      }
    }
  }

  /** Autograd's gradients of the present step, where training by the built-in backward has not needed them. */
  settle(): void {
    this.stepper.settle();
  }

  /** Begins the present step. */
  #draw(): void {
    if (this.#branches.current.wantsSnapshot(this.step))
      this.#branches.current.snapshots.add(this.stepper.takeSnapshot());
    this.stepper.draw();
  }

  #compute(): void {
    this.stepper.compute();
    this.#keepLoss();
  }

  #keepLoss(): void {
    if (this.step === this.history.length) this.history.pushLoss(this.loss);
    else this.history.recoverLoss(this.step, this.loss);
  }
}
