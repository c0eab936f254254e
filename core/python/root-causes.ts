import type { CodeCheck, RootCause } from '../protocol/answers';
import { broadcast, broadcastsTo } from '../tensor/broadcasting';
import { unravelIndex } from '../tensor/shape';
import type { Answer } from './find-answers';
import type { Captured } from './follower';
import { type Formula, Formulas } from './formulas';
import type { Points } from './points';
import type { Runner } from './runner';
import type { TensorTable } from './tensor-table';
import type { TrialDraw } from './terms-judge';
import { nodeOf, type Trial } from './trial';

/** Rewritings that are tried of one formula before the search is given up: what a few seconds allow on a slow machine. */
const mostEdits = 400;
/** So many formulas' mistakes are remembered, so that a lab does not grow while somebody types all day. */
const rememberedFormulas = 2000;

/** A formula that is not right, to be looked into. */
export interface Suspect {
  readonly node: string;
  /** Null where a statement failed before the gradient was complete. */
  readonly answer: Answer | null;
  readonly reason: string;
  /** Whether its shape is not the node's. */
  readonly isMisshapen: boolean;
}

/** What was found out about one. */
export type Mistake = Pick<RootCause, 'line' | 'mistake' | 'explanation'>;

export interface Investigation {
  readonly trial: Trial;
  readonly points: Points;
  readonly draw: TrialDraw;
  readonly suspects: readonly Suspect[];
  /** Whether mistakes are searched for; otherwise only those that are remembered are told. */
  readonly isThorough: boolean;
}

export interface Findings {
  readonly search: CodeCheck['search'];
  readonly mistakes: ReadonlyMap<Suspect, Mistake>;
}

/** Finds where a formula that is wrong is wrong and, if one mistake explains all of the difference, which. */
export class RootCauseFinder {
  readonly #runner: Runner;
  readonly #table: TensorTable;
  /** Mistakes found before, by formula and what it reads: a person types on while the mistake stays. */
  readonly #found = new Map<string, string>();

  constructor(runner: Runner, table: TensorTable) {
    this.#runner = runner;
    this.#table = table;
  }

  find({ trial, points, draw, suspects, isThorough }: Investigation): Findings {
    const mistakes = new Map<Suspect, Mistake>();
    if (suspects.length === 0) return { search: 'complete', mistakes };
    const formulas = new Formulas({ runner: this.#runner, table: this.#table, trial, draw });
    let isCut = false;
    const unnamed: Suspect[] = [];
    for (const suspect of suspects) {
      const formula = formulaOf(suspect, trial);
      if (formula === null) {
        unnamed.push(suspect);
        continue;
      }
      // A statement that fails only for what it is given is not to blame.
      if (suspect.answer === null && formulas.isRight(formula, null)) continue;
      const aliased = aliasOf(suspect, trial);
      if (aliased === null && suspect.answer !== null && !suspect.isMisshapen && formulas.isRight(formula, null)) {
        // Right by its terms: it overflows, or cancels, in float32. Any edit would seem to mend it.
        mistakes.set(suspect, unmistaken(suspect, suspect.answer, trial));
        continue;
      }
      const named = aliased ?? this.#mistake(formula, formulas, trial, isThorough);
      if (named === 'cut') isCut = true;
      if (named !== null && named !== 'cut') mistakes.set(suspect, named);
      else unnamed.push(suspect);
    }
    const described = unnamed.map((suspect) => ({
      suspect,
      line: lineToBlame(suspect, trial, formulas),
      ratio: { value: ratioOf(suspect, trial, formulas), n: draw.point.batchSize },
    }));
    // The numbers that are told of a formula without a name are those of the step, so that they can be looked at.
    const atTheStep = described.length > 0 ? trial.corrected(points.here(trial.inputs)) : null;
    for (const { suspect, line, ratio } of described) {
      mistakes.set(suspect, {
        line,
        mistake: null,
        explanation: explanationOf(suspect, line, trial, ratio, atTheStep),
      });
    }
    return { search: isCut ? 'cut' : 'complete', mistakes };
  }

  /** The first edit with which the formula is right; 'cut' where too many would have to be tried. */
  #mistake(formula: Formula, formulas: Formulas, trial: Trial, isThorough: boolean): Mistake | 'cut' | null {
    const sources = formulas.statementsOf(formula).map((index) => trial.program.statements[index]?.source ?? '');
    const key = [formula.node, formula.place, trial.inputs.n, ...sources].join('\n');
    const known = this.#found.get(key);
    if (!isThorough && known === undefined) return 'cut';
    const edits = formulas.edits(formula, 'mistakes', mostEdits + 1);
    const likeliest = edits.filter(({ id }) => id === known);
    const tried = isThorough ? [...likeliest, ...edits.slice(0, mostEdits)] : likeliest;
    for (const { id, kind, line } of tried) {
      if (!formulas.isRight(formula, id)) continue;
      if (this.#found.size >= rememberedFormulas) this.#found.clear();
      this.#found.set(key, id);
      return { line, mistake: kind, explanation: `${this.#runner.describe(formula.node, id)}.` };
    }
    return edits.length > mostEdits ? 'cut' : null;
  }
}

function unmistaken({ reason }: Suspect, answer: Answer, trial: Trial): Mistake {
  const line = trial.lineOf(answer);
  return { line, mistake: null, explanation: line === null ? reason : `line ${line}: ${reason}` };
}

function formulaOf({ node, answer }: Suspect, trial: Trial): Formula | null {
  if (answer === null) {
    const statement = trial.failedAt;
    return statement === null ? null : { node, place: `d${node}`, statement };
  }
  const { place, statement } = answer;
  return place === null ? null : { node, place, statement };
}

/** A formula whose result something else changes under another name: its last change stands in another place's line. */
function aliasOf({ answer, node }: Suspect, trial: Trial): Mistake | null {
  if (answer === null || answer.place === null) return null;
  const second = new RegExp(`^\\s*(\\w+)\\s*=\\s*${answer.place}\\s*(#.*)?$`);
  const statement = trial.program.statements.find(({ source }) => second.test(source));
  const last = answer.changes.findLast(({ site }) => trial.program.sites[site]?.loop === undefined);
  if (statement === undefined || last === undefined) return null;
  const [, name = ''] = second.exec(statement.source) ?? [];
  const isOfAlias = trial.program.sites[last.site]?.places.includes(name) ?? false;
  if (!isOfAlias) return null;
  return {
    line: statement.line,
    mistake: 'updated-for-old',
    explanation: `line ${statement.line} gives d${node} a second name, ${name}: what is then done to ${name} in place is done to both. Copy it with .clone().`,
  };
}

/** The first line whose term is no sum of what the chain rule gives; the last that writes where that cannot be told. */
function lineToBlame(suspect: Suspect, trial: Trial, formulas: Formulas): number | null {
  const formula = formulaOf(suspect, trial);
  if (formula === null) return suspect.answer === null ? null : trial.lineOf(suspect.answer);
  const edits = formulas.edits(formula, 'terms', mostEdits);
  const valuesOf = (wanted: string) =>
    edits
      .filter(({ kind }) => kind === wanted)
      .map(({ id, line }) => ({ line, values: formulas.run(formula, id)?.values ?? null }));
  const sums = valuesOf('path').flatMap(({ values }) => (values === null ? [] : [values]));
  if (sums.length > 0) {
    const wrong = valuesOf('term').find(({ values }) => values === null || !sums.some((sum) => isSameSum(values, sum)));
    if (wrong !== undefined) return wrong.line;
  }
  return suspect.answer === null ? (trial.run.error?.line ?? null) : trial.lineOf(suspect.answer);
}

function isSameSum(one: Float64Array, other: Float64Array): boolean {
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return one.length === other.length && one.every((value, at) => Math.abs(value - other[at]) <= 1e-9 * largest);
}

/** What every element of what the formula gives is of what it should be; null where it is not one and the same. */
function ratioOf(suspect: Suspect, trial: Trial, formulas: Formulas): number | null {
  const formula = formulaOf(suspect, trial);
  const given = formula === null ? null : formulas.run(formula, null);
  if (formula === null || given === null) return null;
  const expected = formulas.expected(formula, given);
  return given.values.length === expected.length ? commonRatio(given.values, expected) : null;
}

function explanationOf(
  { node, answer, reason, isMisshapen }: Suspect,
  line: number | null,
  trial: Trial,
  elsewhere: Ratio,
  atTheStep: ReadonlyMap<number, Captured> | null,
): string {
  const place = line === null ? '' : `line ${line}: `;
  if (answer === null) return `line ${line} fails: ${trial.run.error?.message ?? ''}`;
  if (isMisshapen) return `${place}${reason}`;
  const { shape, doubleGradient } = nodeOf(trial.inputs, node);
  const given = atTheStep?.get(answer.key);
  if (given === undefined || !broadcastsTo(given.shape, shape)) return `${place}${reason}`;
  const values = broadcast(given.values, given.shape, shape);
  const here = { value: commonRatio(values, doubleGradient), n: trial.inputs.n };
  const factor = factorOf(here, elsewhere);
  if (factor !== null) return `${place}d${node} is ${factor} times what it should be, everywhere.`;
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i] - doubleGradient[i]) > Math.abs(values[worst] - doubleGradient[worst])) worst = i;
  }
  const at = unravelIndex(worst, shape).join(', ');
  const numbers = `${formatNumber(values[worst])} instead of ${formatNumber(doubleGradient[worst])}`;
  return `${place}given right inputs, d${node}[${at}] is ${numbers}.`;
}

/** What a formula gives is so many times what it should be, at a batch of n; null where there is no such number. */
interface Ratio {
  readonly value: number | null;
  readonly n: number;
}

/** Factors that follow the size of the batch. */
const factorsOfSize: Readonly<Record<string, (n: number) => number>> = {
  n: (n) => n,
  '1/n': (n) => 1 / n,
  '(n − 1)': (n) => n - 1,
  '1/(n − 1)': (n) => 1 / (n - 1),
  'n/(n − 1)': (n) => n / (n - 1),
  '(n − 1)/n': (n) => (n - 1) / n,
};

/** The one factor that both ratios are, as a number or by the batch's size; null where there is none. */
function factorOf(one: Ratio, other: Ratio): string | null {
  if (one.value === null || other.value === null) return null;
  const isNear = (value: number, wanted: number) => Math.abs(value - wanted) <= 1e-9 * Math.abs(wanted);
  if (isNear(one.value, other.value)) return formatNumber(one.value);
  const [found] = Object.entries(factorsOfSize).find(
    ([, factor]) =>
      isNear(one.value ?? Number.NaN, factor(one.n)) && isNear(other.value ?? Number.NaN, factor(other.n)),
  ) ?? [null];
  return found;
}

/** What every element of `values` is of that of `right`; null where it is not one and the same. */
function commonRatio(values: ArrayLike<number>, right: ArrayLike<number>): number | null {
  let ratio: number | null = null;
  for (let i = 0; i < values.length; i++) {
    if (right[i] === 0 && values[i] === 0) continue;
    const here = values[i] / right[i];
    ratio ??= here;
    if (!Number.isFinite(here) || Math.abs(here - ratio) > 1e-9 * Math.abs(ratio)) return null;
  }
  return ratio;
}

function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
