import type { Point } from '../gradients/point';
import type { RoundingBounds } from '../gradients/rounding';
import { type Decision, decide, hasWrongValue, type ShapedValues, vanishes } from '../gradients/verdict';
import { broadcast, broadcastsTo } from '../tensor/broadcasting';
import type { Answer } from './find-answers';
import type { Captured } from './follower';
import type { ManualGradient } from './lab-service';
import type { Points } from './points';
import type { JudgedTerms } from './terms-judge';
import { nodeOf, type Trial } from './trial';

/** Decides on every answer of a trial, by its value at the step and by its terms. */
export class AnswerJudge {
  readonly #trial: Trial;
  readonly #terms: ReadonlyMap<number, JudgedTerms>;
  readonly #points: Points;
  readonly #decisions = new Map<number, Decision>();
  readonly #deciding = new Set<number>();
  /** Nodes with an answer that is autograd's own: it is not judged, and what reads it is, as if it had been derived. */
  readonly #copied: ReadonlySet<string>;
  /** In float32, where that is not as recorded; and in float64. */
  #single: ReadonlyMap<number, Captured> | null = null;
  #double: ReadonlyMap<number, Captured> | null = null;
  /** At another point, with everything that is read right. */
  #corrected: ReadonlyMap<number, Captured> | null = null;
  #bounds: ReadonlyMap<string, RoundingBounds> | null = null;

  constructor(trial: Trial, terms: ReadonlyMap<number, JudgedTerms>, points: Points) {
    this.#trial = trial;
    this.#terms = terms;
    this.#points = points;
    const { answers } = trial;
    this.#copied = new Set(answers.filter(({ key }) => terms.get(key)?.word === 'copied').map(({ node }) => node));
  }

  answersOf(node: string): readonly Answer[] {
    return this.#trial.answers.filter((answer) => answer.node === node);
  }

  /** Nodes whose gradients an answer reads. */
  readsOf({ key }: Answer): ReadonlySet<string> {
    return this.#terms.get(key)?.reads ?? new Set();
  }

  decide(answer: Answer): Decision {
    const present = this.#decisions.get(answer.key);
    if (present !== undefined) return present;
    this.#deciding.add(answer.key);
    const { name, shape, gradient, doubleGradient } = nodeOf(this.#trial.inputs, answer.node);
    const decision = decide({
      node: name,
      shape,
      manual: this.#given(answer),
      autograd: gradient,
      double: () => ({ manual: this.#inDouble(answer), autograd: doubleGradient }),
      bounds: () => this.#boundsOf(name),
      terms: () => this.#terms.get(answer.key)?.word ?? 'unknown',
      readsWrong: () => this.#readsWrong(answer),
    });
    this.#deciding.delete(answer.key);
    this.#decisions.set(answer.key, decision);
    return decision;
  }

  /** Nodes with a formula that is wrong by itself, from which an answer inherits, however far up. */
  rootsOf(answer: Answer, seen = new Set<string>()): readonly string[] {
    return [...this.readsOf(answer)].flatMap((node) => {
      if (seen.has(node)) return [];
      seen.add(node);
      return this.answersOf(node).flatMap((read) => {
        const decision = this.decide(read);
        return decision.verdict === 'inherited' ? this.rootsOf(read, seen) : hasWrongValue(decision) ? [node] : [];
      });
    });
  }

  /** Whether an answer has the right value at another point, where everything that it reads is right. */
  isRightElsewhere({ key, node }: Answer, point: Point): boolean {
    this.#corrected ??= this.#trial.corrected(point);
    const given = this.#corrected.get(key);
    const shape = point.shape(node);
    if (given === undefined || !broadcastsTo(given.shape, shape)) return false;
    const bounds = point.roundingBounds().get(node) ?? { single: 0, double: 0 };
    return vanishes({ manual: broadcast(given.values, given.shape, shape), autograd: point.gradient(node) }, bounds);
  }

  /** What the code gave in float32: in the node's shape where it broadcasts to that, since it is then right with a note. */
  gradientOf(answer: Answer): ManualGradient {
    const given = this.#given(answer);
    const { shape } = nodeOf(this.#trial.inputs, answer.node);
    return broadcastsTo(given.shape, shape) ? { shape, values: broadcast(given.values, given.shape, shape) } : given;
  }

  #readsWrong(answer: Answer): boolean {
    return [...this.readsOf(answer)].some((node) =>
      this.answersOf(node).some((read) => !this.#deciding.has(read.key) && hasWrongValue(this.decide(read))),
    );
  }

  #inDouble({ key }: Answer): Captured | null {
    this.#double ??= this.#trial.atTheStep('float64', this.#copied);
    return this.#double.get(key) ?? null;
  }

  /** What the code gives in float32: as recorded, unless something that it copies would then be other numbers. */
  #given(answer: Answer): ShapedValues {
    if (this.#copied.size === 0) return answer;
    this.#single ??= this.#trial.atTheStep('float32', this.#copied);
    return this.#single.get(answer.key) ?? answer;
  }

  #boundsOf(node: string): RoundingBounds {
    this.#bounds ??= this.#points.here(this.#trial.inputs).roundingBounds();
    return this.#bounds.get(node) ?? { single: 0, double: 0 };
  }
}
