import { Checker } from '../gradients/checker';
import { Evaluator } from '../programs/evaluation';
import { NotFoundError } from '../programs/network';
import { manualBackwardOf } from '../programs/registry';
import type {
  BatchNormStatistics,
  Blame,
  Check,
  NodeDetail,
  Samples,
  SessionDescription,
  Unjudged,
} from '../protocol/answers';
import type { BuiltInBackward } from '../protocol/commands';
import type { Frame } from '../protocol/frame';
import type { Flow, OpDetail } from '../protocol/ops';
import type { WhatIf, WhatIfChange } from '../protocol/what-if';
import type { LabInputs } from '../python/lab-inputs';
import type { ManualGradient } from '../python/lab-service';
import { StepStatistics } from '../stats/step-statistics';
import { sameShape } from '../tensor/shape';
import { statisticsOf } from './batch-norms';
import { blame } from './blame';
import { StepFacts, type StepFactsParts } from './conditions/facts';
import { describeSession } from './describe';
import { DivergedError } from './divergence';
import { nodeDetail } from './inspect';
import { JudgingSteps } from './judging-step';
import { labInputs } from './lab-inputs';
import { flow, opDetail } from './ops';
import { Run } from './run';
import type { SessionParts } from './session-parts';
import type { BackwardByHand } from './stepper';
import type { BuiltInSource } from './time-travel/gradient-source';
import { Scratch } from './what-if';

/** A run with all that can be asked of its present step: checks, numbers, statistics, what would be. */
export class Session extends Run {
  readonly evaluator: Evaluator;
  readonly #checker: Checker | null;
  readonly #statistics: StepStatistics;
  /** Null where the program has no backward by hand. */
  readonly #judging: JudgingSteps | null;
  /** Planned when it is first asked what would be. */
  #scratch: Scratch | null = null;

  /** As `Run`; everything else is planned, and nothing of it computed yet. */
  constructor(parts: SessionParts) {
    super(parts);
    const { kernels, newArena, data, settings } = parts;
    const { network } = this;
    const vocabularySize = data.dataset.vocabulary.labels.length;
    this.evaluator = new Evaluator(kernels, newArena(), network, data.dataset);
    const manual = manualBackwardOf(settings.program);
    this.#checker = manual && new Checker({ kernels, newArena, network, settings, vocabularySize, manual });
    this.#judging = manual && new JudgingSteps(this, manual.comparedNodes, () => new Session(parts));
    this.#statistics = new StepStatistics(network, kernels, newArena());
  }

  /** One op's numbers as the session stands. @throws NotFoundError for an op that is not there. */
  opDetail(op: number): OpDetail {
    this.settle();
    return opDetail(this.network, this.step, op, this.stepper.hasWalkedBack(op));
  }

  /** What flows along the edges of the graph as the session stands. */
  flow(): Flow {
    this.settle();
    return flow(this.network, this.step);
  }

  /** What conditions ask of the present step. */
  facts(check: StepFactsParts['check']): StepFacts {
    const { kernels, newArena } = this.parts;
    return new StepFacts({ kernels, arena: newArena(), network: this.network, session: this, check });
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

  /**
   * From the next update on, uses the gradients of the built-in backward that is chosen, or autograd's again; as `trainBy`.
   * @throws NotFoundError where the program has no backward by hand.
   */
  trainByBuiltIn(isByHand: boolean): void {
    const { chosen } = this.requireManualBackward();
    this.trainBy(isByHand ? chosen : null);
  }

  protected override builtInGradients({ backward, mistake }: BuiltInSource): BackwardByHand {
    return this.requireManualBackward().trainings.of(backward, mistake);
  }

  /**
   * Why no gradient can be judged at the present step, and which step can; null where this one can.
   * @throws WithinStepError where the step is not whole.
   */
  unjudged(): Unjudged | null {
    this.requireWholeStep();
    this.settle();
    return this.#judging?.unjudged() ?? null;
  }

  /**
   * The check of the present step; null where the program has no backward by hand.
   * @throws WithinStepError where the step is not whole.
   */
  check(): Check | null {
    return this.#checker && this.#checkBy(this.#checker);
  }

  /** A step that can judge nothing has no rows: any word on a gradient would be a false one. */
  #checkBy(checker: Checker): Check {
    const unjudged = this.unjudged();
    if (unjudged === null) return { ...checker.check(this.step), unjudged };
    return { ...checker.description, step: this.step, rows: [], unjudged };
  }

  /**
   * Takes another backward by hand, or plants a mistake in it.
   * @throws NotFoundError where the program has none, or for a mistake that cannot be planted in it.
   */
  chooseBackward(backward: BuiltInBackward, mistake: string | null): Check {
    const checker = this.requireManualBackward();
    this.requireWholeStep();
    checker.choose(backward, mistake);
    this.settle();
    if (this.trainsByBuiltIn) this.trainByBuiltIn(true);
    return this.#checkBy(checker);
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
   * @param code the person's; of the data set, no more than it names is taken along.
   * @param only the nodes that are asked for; all that are compared where it is left out.
   * @throws NotFoundError where the program has no backward by hand.
   */
  labInputs(code: string, only?: readonly string[]): LabInputs {
    const checker = this.requireManualBackward();
    this.requireWholeStep();
    this.settle();
    const { comparedNodes } = checker;
    const askedNodes = only === undefined ? comparedNodes : comparedNodes.filter((node) => only.includes(node));
    const unjudged = this.unjudged();
    return labInputs(this, code, { double: checker.here().network, comparedNodes, askedNodes, unjudged });
  }

  /** The built-in backward's gradient of a node at the present step; null where it has none, or the step is not whole. */
  manualGradient(name: string): ManualGradient | null {
    const gradient = this.position === null ? this.#checker?.manualGradients().get(name) : undefined;
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
    return nodeDetail({ node: name, step: this.step, value: tensor, gradient, manual }, row, column);
  }

  /**
   * The chain behind one element of a node's gradient.
   * @param manual the gradient by hand that it is compared with.
   * @throws NotFoundError for an unknown node, or an index outside it.
   */
  blame(node: string, index: readonly number[], manual = this.manualGradient(node)): Blame {
    const { network } = this;
    this.requireWholeStep();
    this.settle();
    const { vocabulary } = this.data.dataset;
    const isComparable = manual !== null && sameShape(manual.shape, network.node(node).shape);
    return blame({ network, vocabulary, node, index, manual: isComparable ? manual.values : null });
  }

  /** Names drawn from the network as it stands. @throws DivergedError where what it predicts is not a number. */
  sample(count: number, seed: number): Samples {
    for (const _ of this.evaluator.calibrate());
    const sampled = this.evaluator.sample(count, seed);
    if (sampled === null) throw this.#divergedError();
    return {
      step: this.step,
      seed,
      names: sampled.map(({ name }) => name),
      choices: sampled.map(({ choices }) => choices),
    };
  }

  #divergedError(): DivergedError {
    const { reason, advice } = this.divergence ?? {
      reason: `The run has diverged: at step ${this.step} the network’s probabilities are not numbers.`,
      advice: 'Go to an earlier step or restart with a smaller learning rate.',
    };
    return new DivergedError(`${reason} ${advice}`);
  }

  /** Batch against running statistics of every batch norm. */
  batchNorms(): BatchNormStatistics[] {
    return this.network.batchNorms.map(statisticsOf);
  }

  /** The present step with other numbers, beside the live one. @throws WithinStepError where the step is not whole. */
  whatIf(change: WhatIfChange): WhatIf {
    this.requireWholeStep();
    this.settle();
    this.#scratch ??= new Scratch(this.network, this.parts);
    const { network, settings, step, learningRate } = this;
    return this.#scratch.compare({ network, settings, step, learningRate, statistics: this.#statistics }, change);
  }

  describe(): SessionDescription {
    const { network, settings, data } = this;
    const { kernelDescription: kernels } = this.parts;
    return describeSession({ network, settings, data, kernels, backward: this.#checker?.description ?? null });
  }
}
