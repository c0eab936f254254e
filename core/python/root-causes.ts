import { vanishes } from '../gradients/verdict';
import type { CheckRow, RootCause } from '../protocol/answers';
import { sameShape, unravelIndex } from '../tensor/shape';
import type { LabInputs, LabNode } from './lab-inputs';
import { forwardLines } from './lab-scope';
import type { Run, Runner } from './runner';

/** What the root causes of one check are found from. */
export interface Investigation {
  readonly inputs: LabInputs;
  readonly rows: readonly CheckRow[];
  /** As the code stands, in float32. */
  readonly plain: Run;
  /** On right inputs, in float64; the last run that Python did. */
  readonly corrected: Run;
  /** Names that earlier versions of the code defined. */
  readonly earlierNames: ReadonlySet<string>;
  /** Whether there is time left to look for mistakes. */
  readonly hasTime: () => boolean;
}

/** So many formulas' mistakes are remembered, so that a lab does not grow while somebody types all day. */
const rememberedFormulas = 2000;

type Mistake = Pick<RootCause, 'line' | 'mistake' | 'explanation'>;

/** Finds which formulas are wrong by themselves, where, and, if one mistake explains all of the difference, which. */
export class RootCauseFinder {
  readonly #runner: Runner;
  /** Mistakes found before, by formula and what it reads: a person types on while the mistake stays. */
  readonly #found = new Map<string, string>();

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  find(investigation: Investigation): readonly RootCause[] {
    const causes = investigation.rows
      .filter((row) => isOwnFault(row, investigation))
      .map(({ node }) => ({ node, ...this.#explain(node, investigation) }));
    const failure = this.#failure(investigation);
    if (failure !== null && !causes.some(({ node }) => node === failure.node)) causes.push(failure);
    return causes.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
  }

  #explain(name: string, investigation: Investigation): Mistake {
    const node = nodeOf(investigation.inputs, name);
    return (
      this.#aliased(node, investigation) ?? this.#mistake(node, investigation) ?? this.#unnamed(node, investigation)
    );
  }

  /** The first edit with which the formula is right. */
  #mistake(node: LabNode, { inputs, corrected, hasTime }: Investigation): Mistake | null {
    const sources = corrected.statements.filter(({ writes }) => writes.length === 0 || writes.includes(node.name));
    const key = [node.name, ...sources.map(({ source }) => source)].join('\n');
    const known = this.#found.get(key);
    const edits = this.#runner.edits(node.name, 'mistakes', forwardLines(inputs));
    const likeliest = edits.filter(({ id }) => id === known);
    for (const { id, kind, line } of [...likeliest, ...edits]) {
      if (!hasTime()) return null;
      if (!this.#isRight(node, id)) continue;
      if (this.#found.size >= rememberedFormulas) this.#found.clear();
      this.#found.set(key, id);
      return { line, mistake: kind, explanation: `${this.#runner.describe(node.name, id)}.` };
    }
    return null;
  }

  /** A formula that is right, but whose result something else changes under another name. */
  #aliased(node: LabNode, { corrected }: Investigation): Mistake | null {
    if (!corrected.gradients.has(node.name) || !this.#isRight(node, null)) return null;
    const second = new RegExp(`^\\s*(\\w+)\\s*=\\s*d${node.name}\\s*(#.*)?$`);
    const statement = corrected.statements.find(({ source }) => second.test(source));
    if (statement === undefined) return null;
    const [, name] = second.exec(statement.source) ?? [];
    return {
      line: statement.line,
      mistake: 'updated-for-old',
      explanation: `line ${statement.line} gives d${node.name} a second name, ${name}: what is then done to ${name} in place is done to both. Copy it with .clone().`,
    };
  }

  #unnamed(node: LabNode, investigation: Investigation): Mistake {
    const line = this.#lineToBlame(node, investigation);
    const place = line === null ? '' : `line ${line}: `;
    const given = investigation.corrected.gradients.get(node.name);
    const { doubleGradient } = node;
    if (given === undefined) return { line, mistake: null, explanation: `${place}d${node.name} is no tensor.` };
    if (!sameShape(given.shape, node.shape)) {
      const row = investigation.rows.find((candidate) => candidate.node === node.name);
      return { line, mistake: null, explanation: `${place}${row?.reason ?? ''}` };
    }
    const { values } = given;
    const ratio = commonRatio(values, doubleGradient);
    if (ratio !== null) {
      const explanation = `${place}d${node.name} is ${formatNumber(ratio)} times what it should be, everywhere.`;
      return { line, mistake: null, explanation };
    }
    let worst = 0;
    for (let i = 0; i < values.length; i++) {
      if (Math.abs(values[i] - doubleGradient[i]) > Math.abs(values[worst] - doubleGradient[worst])) worst = i;
    }
    const at = unravelIndex(worst, node.shape).join(', ');
    const numbers = `${formatNumber(values[worst])} instead of ${formatNumber(doubleGradient[worst])}`;
    return { line, mistake: null, explanation: `${place}given right inputs, d${node.name}[${at}] is ${numbers}.` };
  }

  /** The first line whose term is no sum of what the chain rule gives; the last that writes where that cannot be told. */
  #lineToBlame(node: LabNode, { inputs, plain, corrected }: Investigation): number | null {
    const edits = this.#runner.edits(node.name, 'terms', forwardLines(inputs));
    const valuesOf = (wanted: string) =>
      edits
        .filter(({ kind }) => kind === wanted)
        .map(({ id, line }) => ({ line, values: this.#runner.runFormula(node.name, id, node.shape) }));
    const sums = valuesOf('path').flatMap(({ values }) => (values === null ? [] : [values]));
    if (sums.length > 0) {
      const isRight = (manual: ArrayLike<number> | null) =>
        manual !== null && sums.some((autograd) => vanishes({ manual, autograd }, node.gradient));
      const wrong = valuesOf('term').find(({ values }) => !isRight(values));
      if (wrong !== undefined) return wrong.line;
    }
    const lines = (corrected.gradients.get(node.name) ?? plain.gradients.get(node.name))?.lines;
    const statement = corrected.statements.findLast(({ writes }) => writes.includes(node.name));
    return lines?.at(-1) ?? statement?.line ?? null;
  }

  #isRight(node: LabNode, edit: string | null): boolean {
    const manual = this.#runner.runFormula(node.name, edit, node.shape);
    return manual !== null && vanishes({ manual, autograd: node.doubleGradient }, node.gradient);
  }

  /** The formula at which the code stops, on right inputs too. */
  #failure(investigation: Investigation): RootCause | null {
    const { inputs, corrected, earlierNames } = investigation;
    const { error, statements } = corrected;
    const line = error?.line ?? null;
    if (error === null || line === null) return null;
    const statement = statements.find((candidate) => candidate.line <= line && line <= candidate.endLine);
    const node = statement?.writes[0];
    const [, unknown] = /^name '(\w+)' is not defined/.exec(error.message) ?? [];
    if (error.type === 'NameError' && unknown !== undefined) {
      const isEarlier = earlierNames.has(unknown);
      const gradient = inputs.comparedNodes.find((name) => `d${name}` === unknown);
      const mistake = isEarlier ? 'stale-variable' : null;
      const before = isEarlier ? '; only an earlier version of the code did' : '';
      if (gradient !== undefined) {
        const later = statements.find(({ writes }) => writes.includes(gradient));
        const explanation =
          later === undefined
            ? `line ${line} uses ${unknown}, which no line writes${before}.`
            : `line ${line} uses ${unknown} before line ${later.line} writes it.`;
        return later === undefined || node === undefined
          ? { node: gradient, line: null, mistake, explanation }
          : { node, line, mistake: null, explanation };
      }
      if (node === undefined) return null;
      const explanation = `line ${line} uses ${unknown}, which no line before it defines${before}.`;
      return { node, line, mistake, explanation };
    }
    if (node === undefined) return null;
    const mistake = this.#mistake(nodeOf(inputs, node), investigation);
    return { node, ...(mistake ?? { line, mistake: null, explanation: `line ${line} fails: ${error.message}` }) };
  }
}

/** Whether the row's formula is wrong given right inputs. */
function isOwnFault({ node, verdict, shape }: CheckRow, { corrected }: Investigation): boolean {
  const given = corrected.gradients.get(node)?.shape;
  switch (verdict) {
    case 'wrong':
      return given !== undefined;
    case 'shape':
      return given !== undefined && !sameShape(given, shape);
    case 'missing':
      // A row that is not yet written is nobody's fault; one that is written as something else than a tensor is.
      return given === undefined && corrected.error === null && isWritten(node, corrected);
    case 'exact':
    case 'rounding':
    case 'inherited':
    case 'vacuous':
      return false;
    default:
      return verdict satisfies never;
  }
}

/** Whether a statement writes the node's gradient, as whatever it may be. */
export function isWritten(node: string, { statements }: Run): boolean {
  return statements.some(({ writes }) => writes.includes(node));
}

function nodeOf({ nodes }: LabInputs, name: string): LabNode {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new ReferenceError(`The lab was given no node '${name}'.`);
  return node;
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
