import type { Point } from '../gradients/point';
import { randomNumbers } from '../gradients/random-numbers';
import { type Draw, drawCount, gives, otherBatchSize } from '../gradients/terms';
import type { TermsWord } from '../gradients/verdict';
import { broadcastsTo, repeatedAxes } from '../tensor/broadcasting';
import { elementCount, type Shape, sameShape, unravelIndex } from '../tensor/shape';
import type { Answer } from './find-answers';
import type { Captured, Replacement } from './follower';
import type { Points } from './points';
import { nodeOf, type Trial } from './trial';

/** Larger than any gradient or any cotangent. */
const largeGrad = 1e6;

/** What judging one answer by its terms came to. */
export interface JudgedTerms {
  readonly word: TermsWord;
  /** Nodes whose gradients the formula reads. */
  readonly reads: ReadonlySet<string>;
}

/** A draw, and the cotangents with the shapes of the nodes whose gradients they stand for. */
export interface TrialDraw extends Draw {
  readonly replacements: ReadonlyMap<string, Replacement>;
}

/**
 * Judges every answer of a trial by its own terms: the code runs in float64 at other points, with random cotangents in the
 * place of the gradients that it has completed, and each answer is held against the walk back through the graph from the
 * cotangents that it reads.
 */
export class TermsJudge {
  readonly #trial: Trial;
  readonly #points: Points;
  readonly #sizes: readonly number[];
  /**
   * Of the draws: of the session's seed and of the code itself, so that they are the same whenever it is judged, and no code can
   * hold the answers at the points at which it will be judged.
   */
  readonly #seeds: readonly number[];
  readonly #unjudgedSeed: number;
  readonly #draws = new Map<string, TrialDraw>();
  readonly #tried = new Map<string, ReadonlyMap<number, Captured>>();
  #judgedSize: number;

  constructor(trial: Trial, points: Points) {
    this.#trial = trial;
    this.#points = points;
    const { n, nodes } = trial.inputs;
    const shapes = nodes.map(({ shape }) => shape);
    this.#sizes = [otherBatchSize(n, shapes), n];
    this.#judgedSize = n;
    const seeds = trial.program.digest.map((number) => (number ^ trial.inputs.settings.seed) >>> 1);
    this.#seeds = seeds.slice(0, drawCount);
    this.#unjudgedSeed = seeds[drawCount];
  }

  /** Where formulas were judged: the seed of each draw, and the size of its batch. */
  get judgedAt(): readonly { readonly seed: number; readonly batchSize: number }[] {
    return this.#seeds.map((seed) => ({ seed, batchSize: this.#judgedSize }));
  }

  /** Every answer whose shape fits its node, by key. */
  judge(): ReadonlyMap<number, JudgedTerms> {
    const judged = new Map<number, JudgedTerms>();
    let open = this.#trial.answers;
    for (const size of this.#sizes) {
      const failing = this.#judgeAt(size, open, judged);
      if (failing === null) continue;
      if (failing.length === 0 || size === this.#trial.inputs.n || !this.#fixesSize()) break;
      open = failing;
    }
    if (this.#trial.readsGrad) this.#findCopied(judged);
    return judged;
  }

  /** The draw by which formulas that are not right are looked into: at the batch size at which they could be judged. */
  drawFor(): TrialDraw {
    return this.#draw(this.#judgedSize, 0);
  }

  /**
   * A point at which no formula is judged. There the code may be given autograd's gradients: what it keeps of them is no answer
   * anywhere else, when it is checked again.
   */
  unjudgedPoint(): Point {
    return this.#points.at(this.#trial.inputs, this.#judgedSize, this.#unjudgedSeed);
  }

  /**
   * Judges at one batch size.
   * @returns the answers that are not right; null where the code does not run at this size.
   */
  #judgeAt(size: number, answers: readonly Answer[], judged: Map<number, JudgedTerms>): readonly Answer[] | null {
    const isOwnSize = size === this.#trial.inputs.n;
    let open = answers;
    const wrong: Answer[] = [];
    for (let number = 0; number < drawCount && open.length > 0; number++) {
      const draw = this.#draw(size, number);
      const { captured, failed } = this.#trial.elsewhere({ ...draw, gradSeed: draw.seed + 200 });
      if (number === 0) {
        if (!isOwnSize && (failed.length > 0 || this.#changesShape(captured, draw))) return null;
        this.#judgedSize = size;
      }
      const before = open;
      open = open.filter((answer) => this.#isRight(answer, captured, draw, judged));
      wrong.push(...before.filter((answer) => !open.includes(answer)));
    }
    return wrong;
  }

  #isRight(
    answer: Answer,
    captured: ReadonlyMap<number, Captured>,
    draw: TrialDraw,
    judged: Map<number, JudgedTerms>,
  ): boolean {
    const given = captured.get(answer.key);
    if (given === undefined) {
      judged.set(answer.key, { word: 'unknown', reads: new Set() });
      return false;
    }
    let reads = given.reads;
    let isRight = gives(answer.node, given, reads, draw);
    const apart = [...reads].filter((read) => !draw.point.isBelow(read, answer.node));
    if (!isRight && apart.length > 0) {
      // It is computed from a gradient that does not come after it: from that one's formula, then.
      const again = this.#trial
        .elsewhere({ ...draw, unreplaced: new Set(apart), gradSeed: draw.seed + 200 })
        .captured.get(answer.key);
      if (again !== undefined) {
        reads = again.reads;
        isRight = gives(answer.node, again, reads, draw);
      }
    }
    if (!isRight && given.mayRead.size > given.reads.size) {
      reads = this.#readsByTrying(answer, given, draw);
      isRight = gives(answer.node, given, reads, draw);
    }
    judged.set(answer.key, { word: isRight ? 'right' : 'wrong', reads });
    return isRight;
  }

  /**
   * Python has seen numbers, so that tensors no longer tell what they were computed from: each gradient that may be read is
   * given other numbers, and is read where the answer changes.
   */
  #readsByTrying(answer: Answer, given: Captured, draw: TrialDraw): ReadonlySet<string> {
    return new Set(
      [...given.mayRead].filter((node) => {
        const changed = this.#withOther(node, draw).get(answer.key);
        return changed === undefined || !isSame(changed, given);
      }),
    );
  }

  /** What the answers come to where one gradient has other numbers. */
  #withOther(node: string, draw: TrialDraw): ReadonlyMap<number, Captured> {
    const key = `${draw.point.batchSize} ${draw.seed} ${node}`;
    let captured = this.#tried.get(key);
    const present = draw.replacements.get(node);
    if (captured === undefined && present !== undefined) {
      const other = { shape: present.shape, values: present.values.map((value) => value * 1.5 + 0.25) };
      const replacements = new Map([...draw.replacements, [node, other]]);
      captured = this.#trial.elsewhere({ ...draw, replacements, gradSeed: draw.seed + 200 }).captured;
      this.#tried.set(key, captured);
    }
    return captured ?? new Map();
  }

  /**
   * An answer that changes with the numbers of `.grad` was copied, in whatever way. Beside other numbers there are large ones, and
   * the same with the other sign: of two candidates, the one that is nearer to them is another then.
   */
  #findCopied(judged: Map<number, JudgedTerms>): void {
    const draw = this.drawFor();
    const others = [
      { gradSeed: draw.seed + 200 },
      { gradSeed: draw.seed + 300 },
      { gradSeed: draw.seed + 300, gradScale: largeGrad },
      { gradSeed: draw.seed + 300, gradScale: -largeGrad },
    ].map((grad) => this.#trial.elsewhere({ ...draw, ...grad }).captured);
    for (const { key } of this.#trial.answers) {
      const [first, ...rest] = others.map((captured) => captured.get(key));
      const reads = judged.get(key)?.reads ?? new Set<string>();
      const isUnchanged = first !== undefined && rest.every((other) => other !== undefined && isSame(first, other));
      if (!isUnchanged) judged.set(key, { word: 'copied', reads });
    }
  }

  #draw(size: number, number: number): TrialDraw {
    const key = `${size} ${number}`;
    const present = this.#draws.get(key);
    const { inputs, answers, given } = this.#trial;
    const seed = this.#seeds[number] ?? 0;
    const point = this.#points.at(inputs, size, seed);
    if (present !== undefined) return present;
    const replacements = new Map(
      inputs.comparedNodes.map((node, index) => {
        const shape = point.shape(node);
        const own = answers.filter((answer) => answer.node === node);
        const axes = own.flatMap((answer) => {
          const expected = nodeOf(inputs, node).shape;
          return broadcastsTo(answer.shape, expected) ? repeatedAxes(answer.shape, expected) : [];
        });
        const values = randomNumbers(seed + 100 + index, elementCount(shape));
        return [node, { shape, values: given.includes(node) ? values : alikeAlong(values, shape, axes) }];
      }),
    );
    const cotangents = new Map([...replacements].map(([node, { values }]) => [node, values]));
    const draw = { point, replacements, cotangents, seed };
    this.#draws.set(key, draw);
    return draw;
  }

  /** Whether an answer that fits its node here does not fit it there: the code then fixes the size of the batch. */
  #changesShape(captured: ReadonlyMap<number, Captured>, { point }: Draw): boolean {
    return this.#trial.answers.some(({ key, node, shape }) => {
      const there = captured.get(key)?.shape;
      return (
        there !== undefined &&
        broadcastsTo(shape, nodeOf(this.#trial.inputs, node).shape) &&
        !broadcastsTo(there, point.shape(node))
      );
    });
  }

  /** Whether a number in the code is the size of the batch, or made of it, and nothing else that the network has. */
  #fixesSize(): boolean {
    const { inputs, program } = this.#trial;
    const { n, nodes } = inputs;
    if (n <= 3) return false;
    const sizes = new Set(nodes.flatMap(({ shape }) => shape));
    sizes.delete(n);
    const made = [n, n - 1, ...[...sizes].map((size) => n * size)].filter((size) => !sizes.has(size));
    return program.numbers.some((number) =>
      made.some((size) => number === size || Math.abs(number * size - 1) < 1e-12 || Math.abs(number + size) < 1e-12),
    );
  }
}

function isSame(one: Captured, other: Captured): boolean {
  return sameShape(one.shape, other.shape) && one.values.every((value, at) => Object.is(value, other.values[at]));
}

/** The same numbers all along these axes: those at their beginning. */
function alikeAlong(values: Float64Array, shape: Shape, axes: readonly number[]): Float64Array {
  if (axes.length === 0) return values;
  return values.map((_, position) => {
    const index = unravelIndex(position, shape);
    const at = shape.reduce((sum, size, dim) => sum * size + (axes.includes(dim) ? 0 : index[dim]), 0);
    return values[at];
  });
}
