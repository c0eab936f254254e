import type { Kernels } from '../kernels/kernels';
import type { Arithmetic } from '../programs/settings';
import type { CodeCheck } from '../protocol/answers';
import type { Arena } from '../tensor/arena';
import { AnswerJudge } from './answer-judge';
import { failureOf } from './failure';
import type { LabInputs } from './lab-inputs';
import type { LabCheck, Patience, TrainingGradients, TrainingInputs } from './lab-service';
import { Points } from './points';
import type { ReadingPython, RunningPython } from './python-runtime';
import { RootCauseFinder } from './root-causes';
import { gradientsOf, missingRow, rowsOf, suspectsOf, withCauses, withCopied } from './rows';
import { type Program, Runner } from './runner';
import type { TensorTable } from './tensor-table';
import { TermsJudge } from './terms-judge';
import { trainingGradients } from './training-gradients';
import { nodeOf, Trial } from './trial';
import { checkWithinBounds, errorWithinBounds, gradientsWithinBounds } from './within-bounds';
import { writtenLines } from './written-lines';

export interface LabParts {
  readonly reading: ReadingPython;
  readonly running: RunningPython;
  /** The table behind the tensors of what runs. */
  readonly table: TensorTable;
  /** What computes for a session of this arithmetic. */
  readonly kernelsFor: (arithmetic: Arithmetic) => Kernels;
  /** Where the networks live at which formulas are judged; in the memory of those kernels. */
  readonly newArena: () => Arena;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Names of earlier versions that are remembered, so that a lab does not grow while somebody types all day. */
const rememberedNames = 2000;

/** Runs a person's own backward pass and tells, row by row, whether it is right, and if not, what is wrong. */
export class Lab {
  readonly #clock: () => number;
  readonly #table: TensorTable;
  readonly #kernelsFor: LabParts['kernelsFor'];
  readonly #runner: Runner;
  readonly #points: Points;
  readonly #causes: RootCauseFinder;
  readonly #earlierNames = new Set<string>();

  constructor({ reading, running, table, clock, kernelsFor, newArena }: LabParts) {
    this.#clock = clock;
    this.#table = table;
    this.#kernelsFor = kernelsFor;
    this.#runner = new Runner(reading, running, table);
    this.#points = new Points({ kernelsFor, newArena });
    this.#causes = new RootCauseFinder(this.#runner, table);
  }

  /** Runs code in another interpreter from now on, in which nothing has run yet. */
  runIn(running: RunningPython): void {
    this.#runner.runIn(running);
  }

  /**
   * The gradients that the code gives for the parameters, in float32: one plain run, nothing compared.
   * @throws PythonException (MemoryError) where what is kept of the run does not fit; so does `check`.
   */
  gradients(inputs: TrainingInputs, code: string): TrainingGradients {
    this.#begin(inputs);
    const program = this.#runner.analyse(code);
    const { error, gradients } =
      program.error === null
        ? trainingGradients({ runner: this.#runner, table: this.#table, inputs, program })
        : { error: program.error, gradients: new Map() };
    const parameters = inputs.nodes.filter(({ name }) => inputs.parameters.includes(name));
    return { error: errorWithinBounds(error, code), gradients: gradientsWithinBounds(gradients, parameters) };
  }

  /** Checks every node that is asked for, by value and by terms; where a formula is wrong, the mistake is looked for. */
  check(inputs: LabInputs, code: string, patience: Patience): LabCheck {
    const start = this.#clock();
    this.#begin(inputs);
    const program = this.#runner.analyse(code);
    const check =
      program.error === null
        ? this.#judged(inputs, program, patience)
        : { ...unread(inputs, program), isComplete: true, hasSeenAnswers: false, gradients: new Map() };
    if (program.error === null) this.#remember(code);
    const { isComplete, hasSeenAnswers, gradients, ...told } = check;
    return {
      check: checkWithinBounds({ ...told, milliseconds: this.#clock() - start }, code),
      isComplete,
      hasSeenAnswers,
      gradients: gradientsWithinBounds(
        gradients,
        inputs.comparedNodes.map((name) => nodeOf(inputs, name)),
      ),
    };
  }

  #begin({ arithmetic }: Pick<LabInputs, 'arithmetic'>): void {
    this.#table.kernels = this.#kernelsFor(arithmetic);
    this.#table.memory.reset();
  }

  #judged(inputs: LabInputs, program: Program, patience: Patience) {
    const runner = this.#runner;
    const trial = new Trial({ runner, table: this.#table, inputs, program });
    const terms = new TermsJudge(trial, this.#points);
    const judge = new AnswerJudge(trial, terms.judge(), this.#points);
    const judged = inputs.unjudged === null ? rowsOf(trial, judge) : [];
    const failure = failureOf(trial, this.#earlierNames);
    const draw = terms.drawFor();
    const { search, mistakes } = this.#causes.find({
      trial,
      points: this.#points,
      draw,
      suspects: inputs.unjudged === null ? suspectsOf(trial, judge, judged, failure) : [],
      isThorough: patience === 'thorough',
    });
    const told = withCauses({ rows: judged, trial, judge, mistakes, failure, point: terms.unjudgedPoint() });
    const given = { rows: told.rows, gradients: gradientsOf(trial, judge) };
    // Last: it shows the code what autograd gives.
    const shown = trial.readsGrad ? trial.shown() : null;
    const { rows, gradients } = shown === null ? given : withCopied(given, trial, judge, shown);
    return {
      ...commonOf(inputs),
      statements: writtenLines(trial, told.rootCauses),
      rows,
      rootCauses: told.rootCauses,
      isJudgedByTerms: true,
      judgedAt: terms.judgedAt,
      search: patience === 'thorough' ? search : ('complete' as const),
      notes: [...program.notes, ...givenNotes(trial)],
      error: trial.run.error,
      output: shown?.output ?? trial.run.output,
      names: trial.names,
      isComplete: search === 'complete' || patience === 'thorough',
      hasSeenAnswers: shown !== null,
      gradients,
    };
  }

  /** Keeps the names that this version of the code assigns, to recognise those that a later one no longer does. */
  #remember(code: string): void {
    if (this.#earlierNames.size > rememberedNames) return;
    for (const [, name] of code.matchAll(/^[ \t]*([A-Za-z_]\w*)[ \t]*=(?!=)/gm)) this.#earlierNames.add(name);
  }
}

/** What every check of this step says. */
function commonOf({ step, unjudged }: LabInputs) {
  return { backward: 'python', mistake: null, step, unjudged } as const;
}

/** The check of code that is no Python. */
function unread(inputs: LabInputs, { error, notes }: Program): Omit<CodeCheck, 'milliseconds'> {
  return {
    ...commonOf(inputs),
    statements: [],
    rows:
      inputs.unjudged === null
        ? inputs.askedNodes.map((node) => missingRow(inputs, node, `No line writes d${node}.`))
        : [],
    rootCauses: [],
    isJudgedByTerms: true,
    judgedAt: [],
    search: 'complete',
    notes,
    error,
    output: '',
    names: [],
  };
}

function givenNotes({ given }: Trial): readonly string[] {
  return given.map((node) => `No line writes d${node}: it is given, as autograd's gradient of ${node}.`);
}
