import { type Decision, decide } from '../gradients/verdict';
import type { Kernels } from '../kernels/kernels';
import type { Arithmetic } from '../programs/settings';
import type { CheckRow, CodeCheck } from '../protocol/answers';
import type { FloatType } from '../tensor/arena';
import { sameShape, unravelIndex } from '../tensor/shape';
import type { LabInputs, LabNode } from './lab-inputs';
import { batchOf, gradientsOf, numbersOf, scopeOf } from './lab-scope';
import type { LabCheck, ManualGradientsByNode, Patience, TrainingGradients, TrainingInputs } from './lab-service';
import { notebookOf } from './notebook-names';
import type { PythonRuntime } from './python-runtime';
import { isWritten, RootCauseFinder } from './root-causes';
import { type Run, Runner } from './runner';
import type { TensorTable } from './tensor-table';
import { VacuityFinder } from './vacuity';

export interface LabParts {
  readonly runtime: PythonRuntime;
  /** The table behind the runtime's tensors. */
  readonly table: TensorTable;
  /** What computes for a session of this arithmetic. */
  readonly kernelsFor: (arithmetic: Arithmetic) => Kernels;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Looking further ends here: a check as one types is to take under 150 ms in all. */
const searchMilliseconds: Readonly<Record<Patience, number>> = { brief: 80, thorough: 4000 };
/** Names of earlier versions that are remembered, so that a lab does not grow while somebody types all day. */
const rememberedNames = 2000;

/** Runs a person's own backward pass and tells, row by row, whether it is right, and if not, what is wrong. */
export class Lab {
  readonly #clock: () => number;
  readonly #table: TensorTable;
  readonly #kernelsFor: LabParts['kernelsFor'];
  readonly #runner: Runner;
  readonly #causes: RootCauseFinder;
  readonly #vacuity: VacuityFinder;
  readonly #earlierNames = new Set<string>();

  constructor({ runtime, table, clock, kernelsFor }: LabParts) {
    this.#clock = clock;
    this.#table = table;
    this.#kernelsFor = kernelsFor;
    this.#runner = new Runner(runtime, table);
    this.#causes = new RootCauseFinder(this.#runner);
    this.#vacuity = new VacuityFinder(this.#runner);
  }

  /** The gradients that the code gives for the parameters, in float32: one plain run, nothing compared. */
  gradients(inputs: TrainingInputs, code: string): TrainingGradients {
    this.#table.kernels = this.#kernelsFor(inputs.arithmetic);
    const values = inputs.nodes.map(({ name, shape, value }) => ({
      name,
      type: 'float32' as const,
      shape,
      values: value,
    }));
    const { error, gradients } = this.#runner.run({
      code,
      dtype: 'float32',
      scope: [...batchOf(inputs), ...values],
      numbers: numbersOf(inputs),
      notebook: notebookOf(inputs, 'float32', inputs.loss),
      replace: null,
      nodes: inputs.parameters,
    });
    return { error, gradients };
  }

  /**
   * Checks every compared node. In float32 as the code stands; where that differs from autograd anywhere, in float64 as
   * it stands and on right inputs, and for what is wrong even then the mistake is looked for.
   */
  check(inputs: LabInputs, code: string, patience: Patience): LabCheck {
    const start = this.#clock();
    this.#table.kernels = this.#kernelsFor(inputs.arithmetic);
    const plain = this.#run(inputs, code, 'float32', false);
    let double: { readonly plain: Run; readonly corrected: Run } | null = null;
    const inDouble = () => {
      double ??= {
        plain: this.#run(inputs, code, 'float64', false),
        corrected: this.#run(inputs, code, 'float64', true),
      };
      return double;
    };
    let rows = inputs.comparedNodes.map((name) => {
      const node = nodeOf(inputs, name);
      return row(node, plain, decideNode(node, plain, inDouble));
    });

    const end = start + searchMilliseconds[patience];
    const hasTime = () => this.#clock() < end;
    const investigate = () => {
      const { corrected } = inDouble();
      return this.#causes.find({ inputs, rows, plain, corrected, earlierNames: this.#earlierNames, hasTime });
    };
    const isSuspect = ({ node, verdict }: CheckRow) =>
      verdict === 'wrong' || verdict === 'shape' || (verdict === 'missing' && isWritten(node, plain));
    const rootCauses = plain.error !== null || rows.some(isSuspect) ? investigate() : [];

    const right = rows.filter(({ verdict }) => verdict === 'exact' || verdict === 'rounding').map(({ node }) => node);
    // A brief check tells what is remembered of rows that cannot fail: to look anew takes several runs.
    const mayLook = () => patience === 'thorough' && hasTime();
    const vacuity = this.#vacuity.find(right, inputs, code, plain, inDouble, mayLook);
    rows = rows.map((present) => {
      const reason = vacuity.reasons.get(present.node);
      return reason === undefined ? present : { ...present, verdict: 'vacuous', reason };
    });
    this.#remember(code, plain);
    const check: CodeCheck = {
      backward: 'python',
      mistake: null,
      step: inputs.step,
      statements: statementsOf(plain, rootCauses),
      rows: rows.map((present) => told(present, rootCauses)),
      rootCauses,
      error: plain.error,
      output: plain.output,
      names: plain.names,
      milliseconds: this.#clock() - start,
    };
    return {
      check,
      isComplete: hasTime() && vacuity.isComplete,
      gradients: plain.gradients satisfies ManualGradientsByNode,
    };
  }

  #run(inputs: LabInputs, code: string, dtype: FloatType, isCorrected: boolean): Run {
    return this.#runner.run({
      code,
      dtype,
      scope: scopeOf(inputs, dtype),
      numbers: numbersOf(inputs),
      notebook: notebookOf(inputs, dtype, dtype === 'float32' ? inputs.loss : inputs.doubleLoss),
      replace: isCorrected ? gradientsOf(inputs) : null,
      nodes: inputs.comparedNodes,
    });
  }

  /** Keeps the names that this version of the code assigns, to recognise those that a later one no longer does. */
  #remember(code: string, { error }: Run): void {
    if (error?.type === 'SyntaxError' || this.#earlierNames.size > rememberedNames) return;
    for (const [, name] of code.matchAll(/^[ \t]*([A-Za-z_]\w*)[ \t]*=(?!=)/gm)) this.#earlierNames.add(name);
  }
}

function nodeOf({ nodes }: LabInputs, name: string): LabNode {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new ReferenceError(`The lab was given no node '${name}' to compare.`);
  return node;
}

function decideNode(node: LabNode, plain: Run, inDouble: () => { plain: Run; corrected: Run }): Decision {
  const { name, shape, gradient, doubleGradient } = node;
  const manual = plain.gradients.get(name);
  const decision = decide({
    node: name,
    shape,
    manualShape: manual?.shape ?? null,
    single: () => ({ manual: manual?.values ?? [], autograd: gradient }),
    double: () => ({ manual: valuesIn(inDouble().plain, node), autograd: doubleGradient }),
    corrected: () => ({ manual: valuesIn(inDouble().corrected, node), autograd: doubleGradient }),
  });
  if (decision.verdict === 'missing' && plain.error !== null) {
    const place = plain.error.line === null ? 'The code' : `Line ${plain.error.line}`;
    const reason = `${place} failed (${plain.error.type}) before d${name} was complete.`;
    return isWritten(name, plain) ? { ...decision, reason } : decision;
  }
  if (decision.verdict === 'wrong' && !inDouble().corrected.gradients.has(name)) {
    const { error, statements } = inDouble().corrected;
    const line = error?.line ?? null;
    const isStoppedHere = statements.some(({ line: first, endLine, writes }) => {
      return line !== null && first <= line && line <= endLine && writes.includes(name);
    });
    if (isStoppedHere) return decision;
    // Right inputs stop the code before this formula: nothing speaks against it.
    const reason = `Not judged by itself: given right gradients, the code stops before it${line === null ? '' : `, in line ${line}`}.`;
    return { ...decision, verdict: 'inherited', reason };
  }
  return decision;
}

/** A gradient of this run with the node's shape; not-a-number where the run gave none such. */
function valuesIn({ gradients }: Run, { name, shape, doubleGradient }: LabNode): ArrayLike<number> {
  const given = gradients.get(name);
  return given !== undefined && sameShape(given.shape, shape) ? given.values : doubleGradient.map(() => Number.NaN);
}

function row({ name, shape }: LabNode, plain: Run, { verdict, reason, comparison }: Decision): CheckRow {
  return {
    node: name,
    shape,
    exact: comparison?.exact ?? false,
    approximate: comparison?.approximate ?? false,
    maxdiff: comparison?.maxdiff ?? null,
    maxUlp: comparison?.maxUlp ?? null,
    worstIndex: comparison === null ? null : unravelIndex(comparison.worst, shape),
    verdict,
    reason,
    line: plain.gradients.get(name)?.lines.at(-1) ?? null,
  };
}

/** The row with what was found out about its root cause. */
function told(present: CheckRow, causes: CodeCheck['rootCauses']): CheckRow {
  const own = causes.find(({ node }) => node === present.node);
  if (present.verdict === 'wrong' && own !== undefined) {
    return { ...present, line: own.line ?? present.line, reason: sentence(own.explanation) };
  }
  if (present.verdict === 'inherited' && causes.length > 0) {
    const nodes = causes.map(({ node }) => `d${node}`).join(', ');
    return { ...present, reason: `${present.reason} It inherits from ${nodes}.` };
  }
  return present;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function statementsOf({ statements }: Run, causes: CodeCheck['rootCauses']): CodeCheck['statements'] {
  return statements.flatMap(({ line, endLine, source, writes }) => {
    const mistaken = causes.some((cause) => cause.line !== null && line <= cause.line && cause.line <= endLine);
    return writes.map((node) => ({ line, node, formula: source, mistaken }));
  });
}
