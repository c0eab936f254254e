import type { Unjudged } from '../protocol/answers';
import type { Tensor } from '../tensor/tensor';
import { isCancelled } from './batch-norms';
import type { History } from './history';
import { SavedSessionError } from './saved-session';
import type { Session } from './session';

/** So many earlier steps that may be able to judge are tried. */
const mostCandidates = 4;
/** Making a candidate again may take so many multiply-adds: about two seconds of one core. */
const mostMultiplyAdds = 1e10;
/** Of one step for each trained number and example: once forward, twice backward. */
const multiplyAddsOfStep = 3;

/**
 * Says whether a session's present step can judge gradients, and where not, which is the last one that can.
 *
 * The rule follows from the chain rule, by which every formula is a product with a gradient that was computed before. Where
 * that is zero in every element or not a number, right and wrong formulas give the same. So the loss and autograd's gradient
 * of every compared node must be finite, and the gradient of every parameter must have an element that is not zero: every
 * path of the backward pass ends in a parameter. A bias whose gradient is zero at any step, since a batch norm takes it away
 * again, is left out, and single elements may be zero anywhere.
 */
export class JudgingSteps {
  readonly #session: Session;
  readonly #comparedNodes: readonly string[];
  /** Places of the parameters whose gradient tells something. */
  readonly #columns: readonly number[];
  readonly #newTwin: () => Session;
  /** Where earlier steps are made again; planned when it is first needed. */
  #twin: Session | null = null;
  /** What making a step again has shown, by what the branch gave and step. */
  readonly #shown = new WeakMap<History, Map<number, boolean>>();

  /**
   * @param comparedNodes what a check compares, in the order of the backward pass.
   * @param newTwin gives another session of the same parts, on which nothing else depends.
   */
  constructor(session: Session, comparedNodes: readonly string[], newTwin: () => Session) {
    this.#session = session;
    this.#comparedNodes = comparedNodes;
    const { network } = session;
    this.#columns = [...network.parameters.keys()].filter((at) => !isCancelled(network, network.parameters[at].name));
    this.#newTwin = newTwin;
  }

  /** Why the present step, which must be whole and settled, can judge nothing; null where it can. */
  unjudged(): Unjudged | null {
    const reason = this.#hindrance(this.#session);
    return reason === null ? null : { reason, step: this.#lastJudging() };
  }

  #hindrance({ network, step, divergence }: Session): string | null {
    if (divergence !== null) return divergence.reason;
    const gradientOf = (node: string) => network.tape.gradientOf(network.node(node).tensor);
    const infinite = this.#comparedNodes.find((node) => !isFiniteEverywhere(gradientOf(node)));
    if (infinite !== undefined) {
      return `The run has diverged: autograd’s gradient of ${infinite} is not finite at step ${step}.`;
    }
    const names = this.#columns.map((at) => network.parameters[at].name).filter((name) => isZero(gradientOf(name)));
    if (names.length === 0) return null;
    return `Autograd’s gradient of ${names.join(', ')} is zero in every element at step ${step}: wrong formulas would give the same.`;
  }

  #lastJudging(): number | null {
    const session = this.#session;
    let tried = 0;
    for (let step = session.step - 1; step >= 0 && tried < mostCandidates; step--) {
      if (!this.#mayJudge(step)) continue;
      const can = this.#canJudge(step);
      if (can === null) return null;
      if (can) return step;
      tried++;
    }
    return null;
  }

  /**
   * Whether what was recorded of an earlier step leaves open that it can judge. Only a gradient without deviation leaves
   * −Infinity as log10 of its update ratio, or a parameter that the update made infinite, after which no loss is finite.
   */
  #mayJudge(step: number): boolean {
    const session = this.#session;
    const { history } = session;
    if (!Number.isFinite(history.lossAt(step))) return false;
    if (!session.isUpdatedByAutograd(step) || !Number.isFinite(history.lossAt(step + 1))) return true;
    return this.#columns.every((at) => history.meanUpdateRatio(step + 1, 1, at) !== Number.NEGATIVE_INFINITY);
  }

  /** Makes the step again, beside the session, and looks; null where that is not possible or takes too long. */
  #canJudge(step: number): boolean | null {
    const session = this.#session;
    const { history } = session;
    const shown = this.#shown.get(history) ?? new Map<number, boolean>();
    this.#shown.set(history, shown);
    const known = shown.get(step);
    if (known !== undefined) return known;
    if (replayCost(session, step) > mostMultiplyAdds) return null;
    this.#twin ??= this.#newTwin();
    const twin = this.#twin;
    try {
      for (const _ of twin.restoreBranches(session.saveBranches(Number.POSITIVE_INFINITY, null), step).travel);
    } catch (error) {
      // Updates by a person's own code cannot be made again.
      if (error instanceof SavedSessionError) return null;
      throw error;
    }
    twin.settle();
    const can = this.#hindrance(twin) === null;
    shown.set(step, can);
    return can;
  }
}

/** Multiply-adds that making an earlier step again takes, from the snapshot before it. */
function replayCost(session: Session, step: number): number {
  const { network, settings } = session;
  const snapshot = session.timeline().snapshots.findLast((at) => at <= step) ?? 0;
  const trained = network.parameters.reduce((sum, { tensor }) => sum + tensor.elements, 0);
  return (step - snapshot + 1) * settings.batchSize * trained * multiplyAddsOfStep;
}

const isZero = (tensor: Tensor) => tensor.values().every((value) => value === 0);

/** Whether every element is; a plain loop, since every check asks it of every gradient. */
function isFiniteEverywhere(tensor: Tensor): boolean {
  const values = tensor.values();
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index])) return false;
  return true;
}
