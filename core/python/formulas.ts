import { largestMagnitude } from '../gradients/compare';
import { gives } from '../gradients/terms';
import type { Captured, Planned } from './follower';
import { forwardLines } from './lab-scope';
import type { Edit, EditsRequest, Given, Runner } from './runner';
import { type TensorTable, valuesOf } from './tensor-table';
import type { TrialDraw } from './terms-judge';
import type { Followed, Trial } from './trial';

export interface FormulasParts {
  readonly runner: Runner;
  readonly table: TensorTable;
  readonly trial: Trial;
  readonly draw: TrialDraw;
}

/** What is asked about: an answer, or a place that a statement failed to write. */
export interface Formula {
  readonly node: string;
  readonly place: string;
  /** The statement that completes it. */
  readonly statement: number;
}

/** A gradient of the loss below this, in float64, is zero but for rounding. */
const zero = 1e-12;

/**
 * Runs single formulas of a trial again, as they stand or rewritten, at the draw at which the trial was judged: each statement
 * in what it could see in a run of the whole, whose tensors are kept for as long as this is in use.
 */
export class Formulas {
  readonly #parts: FormulasParts;
  readonly #run: Followed;
  /** Places of which the numbers are changed in place. */
  readonly #cloned: readonly string[];

  /** Runs the code once; nothing else may run until this is done with. */
  constructor(parts: FormulasParts) {
    this.#parts = parts;
    const { trial, draw } = parts;
    const places = trial.holdings.filter(({ changes }) => changes.length > 1).map(({ place }) => baseOf(place));
    const nodes = trial.inputs.nodes.map(({ name }) => name);
    // A forward value that the code writes to may be changed in place.
    const written = nodes.filter((name) => trial.program.statements.some(({ writes }) => writes.includes(name)));
    this.#cloned = [...new Set([...places, ...written])];
    this.#run = trial.elsewhere({
      ...draw,
      gradSeed: draw.seed + 200,
      keep: { cloned: this.#cloned, offered: this.#gradients() },
    });
  }

  /** The rewritings of a formula, the likeliest first, at most so many. */
  edits(formula: Formula, purpose: EditsRequest['purpose'], most: number): readonly Edit[] {
    const { runner, trial } = this.#parts;
    const statements = this.statementsOf(formula);
    const last = statements.at(-1) ?? formula.statement;
    const reads = this.run(formula, null)?.reads;
    return runner.edits({
      node: formula.node,
      place: formula.place,
      purpose,
      most,
      forward: forwardLines(trial.inputs),
      statements,
      scope: this.#scopeAt(last),
      incomplete: this.#pairs(statements, (name, values) => this.#isIncomplete(name, values)),
      overwritten: this.#pairs(statements, (name, values) => this.#isOverwritten(name, values)),
      given: reads === undefined ? null : [...reads],
    });
  }

  /** What the formula gives with an edit in place (null: as it stands); null where it fails. */
  run(formula: Formula, edit: string | null): Captured | null {
    const { runner, trial, draw } = this.#parts;
    const codes = edit === null ? {} : runner.edited(formula.node, edit);
    if (codes === null) return null;
    const statements = this.statementsOf(formula);
    // Rewritten, it may be complete at another moment than it was: what its place holds in the end counts.
    const own: Planned = { ...formula, key: -1, hook: null };
    const others = trial.answers.filter(
      ({ node, statement }) => node !== formula.node && statements.includes(statement),
    );
    const follower = trial.followAgain([own, ...others], draw.replacements);
    const error = runner.runFormula({ statements, carried: this.#carried(formula, statements), codes }, follower);
    follower.finish();
    return error === null ? (follower.captured.get(-1) ?? null) : null;
  }

  /** Whether the formula is right with this edit. */
  isRight(formula: Formula, edit: string | null): boolean {
    const { draw } = this.#parts;
    const captured = this.run(formula, edit);
    if (captured === null) return false;
    // One that reads nothing any more is right by being zero where the gradient is: that mends nothing.
    const isZero = () => largestMagnitude(draw.point.gradient(formula.node)) <= zero;
    if (captured.reads.size === 0 && isZero()) return false;
    return gives(formula.node, captured, captured.reads, draw);
  }

  /** What it has to give, where it gave this. */
  expected({ node }: Formula, { reads }: Captured): Float64Array {
    return this.#parts.draw.point.expected(node, reads, this.#parts.draw.cotangents);
  }

  /** The gradient of a node's place as the edits know it: `_grad_logits`. */
  #gradients(): readonly Given[] {
    return [...this.#parts.draw.replacements].map(([node, { shape, values }]) => ({
      name: `_grad_${node}`,
      type: 'float64',
      shape,
      values,
      source: node,
    }));
  }

  /**
   * The statements that write the place, and those that write the helpers they read, transitively; in order. A helper is what is
   * neither the program's nor a gradient of a node.
   */
  statementsOf(formula: Formula): readonly number[] {
    const { program } = this.#parts.trial;
    const direct = this.#parts.trial.holdings
      .filter(({ place }) => place === formula.place)
      .flatMap(({ changes }) => changes.map(({ statement }) => statement));
    const indices = new Set([...direct.filter((index) => index <= formula.statement), formula.statement]);
    const waiting = [...indices];
    while (waiting.length > 0) {
      const reader = waiting.pop() ?? 0;
      const reads = new Set(program.statements[reader]?.reads);
      for (let index = 0; index <= reader; index++) {
        if (indices.has(index) || !this.#helpersOf(index).some((name) => reads.has(name))) continue;
        indices.add(index);
        waiting.push(index);
      }
    }
    return [...indices].toSorted((one, other) => one - other);
  }

  /** Helpers that a statement writes. */
  #helpersOf(index: number): readonly string[] {
    const { trial } = this.#parts;
    const gradients = new Set(trial.answers.map(({ place }) => baseOf(place ?? '')));
    for (const node of trial.inputs.comparedNodes) gradients.add(`d${node}`);
    const scope = new Set(trial.inputs.nodes.map(({ name }) => name));
    const changed = trial.holdings
      .filter(({ changes }) => changes.some(({ statement }) => statement === index))
      .map(({ place }) => baseOf(place));
    const names = [...(trial.program.statements[index]?.writes ?? []), ...changed];
    return names.filter((name) => !gradients.has(name) && !scope.has(name));
  }

  #carried({ place }: Formula, statements: readonly number[]): readonly string[] {
    return [...new Set([baseOf(place), ...statements.flatMap((index) => this.#helpersOf(index))])];
  }

  #scopeAt(index: number): Record<string, number | readonly number[]> {
    const { table, trial, draw } = this.#parts;
    const tensors = Object.entries(this.#run.before[index] ?? {}).map(([name, handle]) => {
      return [name, table.peek(handle).tensor.shape] as const;
    });
    return {
      n: draw.point.batchSize,
      batch_size: draw.point.batchSize,
      vocab_size: trial.inputs.vocabularySize,
      ...Object.fromEntries(tensors),
    };
  }

  /** [statement, name] for each tensor in its sight that it reads and of which this holds. */
  #pairs(
    statements: readonly number[],
    holds: (name: string, values: ArrayLike<number>) => boolean,
  ): readonly (readonly [number, string])[] {
    const { table, trial } = this.#parts;
    return statements.flatMap((index) => {
      const reads = new Set(trial.program.statements[index]?.reads);
      return Object.entries(this.#run.before[index] ?? {})
        .filter(([name, handle]) => reads.has(name) && holds(name, valuesOf(table.peek(handle)).values))
        .map(([name]) => [index, name] as const);
    });
  }

  #isIncomplete(name: string, values: ArrayLike<number>): boolean {
    const cotangent = name.startsWith('d') ? this.#parts.draw.cotangents.get(name.slice(1)) : undefined;
    return cotangent !== undefined && !isEqual(values, cotangent);
  }

  #isOverwritten(name: string, values: ArrayLike<number>): boolean {
    const isNode = this.#parts.trial.inputs.nodes.some((node) => node.name === name);
    return isNode && !isEqual(values, this.#parts.draw.point.value(name));
  }
}

/** `grads` of `grads['logits']`. */
function baseOf(place: string): string {
  return /^\w*/.exec(place)?.[0] ?? place;
}

function isEqual(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
