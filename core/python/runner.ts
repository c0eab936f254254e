import * as v from 'valibot';
import type { PythonError } from '../protocol/answers';
import type { FloatType } from '../tensor/arena';
import type { Shape } from '../tensor/shape';
import type { ReadingPython, RunningPython } from './python-runtime';
import type { RunObserver } from './run-observer';
import type { ElementType, TensorTable, TypedTensor } from './tensor-table';

/** A tensor to be given to Python. */
export interface Given {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
  /** What its numbers come from, where that is to be followed. */
  readonly source?: string;
}

/** What the notebook's names besides nodes and minibatch stand for; `running/names.py` makes them. */
export interface GivenNotebook {
  readonly numbers: Readonly<Record<string, number>>;
  readonly tensors: readonly Given[];
  /** Nodes, in the notebook's order of `parameters`. */
  readonly parameters: readonly string[];
  readonly labels: readonly string[] | null;
  readonly words: readonly string[] | null;
  /** See `generatorText`. */
  readonly generator: string | null;
}

/** One top-level statement of the person's code. */
interface ProgramStatement {
  readonly line: number;
  readonly endLine: number;
  readonly source: string;
  /** Made executable. */
  readonly code: string;
  /** Names that it reads and that it may write. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Its hooks: the number of the first, and of the first that is not its own any more. */
  readonly sites: readonly [number, number];
}

/** A place of the code that has a hook. */
interface Site {
  readonly line: number;
  /** What may be written there. */
  readonly places: readonly string[];
  /** Of the end of a loop: the first site within it, and the first that is not any more. */
  readonly loop?: readonly [number, number];
}

/** What reading the code tells of it. */
export interface Program {
  readonly code: string;
  /** Of the code, as eight numbers of 32 bits. */
  readonly digest: readonly number[];
  /** Why it is no program; there are no statements then. */
  readonly error: PythonError | null;
  readonly notes: readonly string[];
  readonly statements: readonly ProgramStatement[];
  readonly sites: readonly Site[];
  /** Every number that stands in it. */
  readonly numbers: readonly number[];
}

export interface RunRequest {
  readonly dtype: FloatType;
  readonly scope: readonly Given[];
  readonly numbers: Readonly<Record<string, number>>;
  readonly notebook: GivenNotebook;
  /** Names whose tensors the observer is told of even where no hook sees them written. */
  readonly watched: readonly string[];
  /** Is told what the code does, given the tensors of the scope by name. */
  readonly observe: (given: ReadonlyMap<string, TypedTensor>) => RunObserver;
  /** The statement before which the run ends; all are run where it is left out. */
  readonly end?: number;
  /** Whether statements that fail are passed over. */
  readonly isTolerant?: boolean;
  /** For formulas to be run again: what is kept of each statement. */
  readonly keep?: {
    /** Names of tensors that are changed in place. */
    readonly cloned: readonly string[];
    /** Tensors that rewritten statements may use. */
    readonly offered: readonly Given[];
  };
}

/** What became of a run. Handles are good until the next one. */
export interface RunAnswer {
  readonly error: PythonError | null;
  /** Statements that failed and were passed over. */
  readonly failed: readonly number[];
  readonly output: string;
  /** Tensors in sight at the end. */
  readonly names: Readonly<Record<string, number>>;
  /** Tensors in sight of each statement, where they were kept. */
  readonly before: readonly Readonly<Record<string, number>>[];
}

/** Statements to be run again. */
export interface FormulaRequest {
  readonly statements: readonly number[];
  /** Names that go from one statement to the next. */
  readonly carried: readonly string[];
  /** Code in the place of some statements'. */
  readonly codes?: Readonly<Record<string, string>>;
}

/** One candidate rewriting of a formula. */
export interface Edit {
  readonly id: string;
  /** The mistake it would undo. */
  readonly kind: string;
  readonly line: number;
}

/** What the edits of a formula are made from; see reading/analysis.py. */
export interface EditsRequest {
  readonly node: string;
  readonly place: string;
  readonly purpose: 'mistakes' | 'terms';
  /** At most so many. */
  readonly most: number;
  /** Each node's forward line. */
  readonly forward: Readonly<Record<string, string>>;
  readonly statements: readonly number[];
  readonly scope: Readonly<Record<string, number | readonly number[]>>;
  readonly incomplete: readonly (readonly [number, string])[];
  readonly overwritten: readonly (readonly [number, string])[];
  /** Nodes whose gradients the formula reads; null where it fails, so that nothing is known of that. */
  readonly given: readonly string[] | null;
}

/** What runs the code shares its interpreter with it, and answers whatever the code makes of it. */
const errorSchema = v.nullable(
  v.object({ type: v.string(), message: v.string(), line: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))) }),
);
const handlesSchema = v.record(v.string(), v.number());
const runAnswerSchema = v.object({
  error: errorSchema,
  failed: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
  output: v.string(),
  names: handlesSchema,
  before: v.array(handlesSchema),
});
const formulaAnswerSchema = v.object({ error: errorSchema });

/** Where the code has changed what runs it, so that nothing that it says is an answer. */
const noAnswer: PythonError = {
  type: 'RuntimeError',
  message: 'The code has changed the Python that runs it, which gives no answer that can be used.',
  line: null,
};

/** The Python side of the lab, typed: reading code, running it, and rewriting it. */
export class Runner {
  readonly #reading: ReadingPython;
  #running: RunningPython;
  readonly #table: TensorTable;
  #program: Program | null = null;
  #loaded: Program | null = null;

  constructor(reading: ReadingPython, running: RunningPython, table: TensorTable) {
    this.#reading = reading;
    this.#running = running;
    this.#table = table;
  }

  /** Runs code in another interpreter from now on, in which nothing has run yet. */
  runIn(running: RunningPython): void {
    this.#running = running;
    this.#loaded = null;
  }

  /** Reads code without running it. */
  analyse(code: string): Program {
    if (this.#program?.code !== code) {
      this.#program = { code, ...this.#read<Omit<Program, 'code'>>('analyse', { code }) };
    }
    return this.#program;
  }

  /** Runs the code. Everything that an earlier run gave is gone. */
  run(program: Program, request: RunRequest): RunAnswer {
    this.#load(program);
    const table = this.#table;
    table.reset();
    table.floatType = request.dtype;
    const create = ({ type, shape, values, source }: Given) => {
      const handle = table.create(type, shape, values);
      if (source !== undefined) table.mark(table.peek(handle), table.sets.of(source));
      return handle;
    };
    const handles = (given: readonly Given[]) => Object.fromEntries(given.map((one) => [one.name, create(one)]));
    const scope = handles(request.scope);
    const given = new Map(Object.entries(scope).map(([name, handle]) => [name, table.peek(handle)]));
    const answer = this.#observed(request.observe(given), () =>
      this.#call('run', {
        dtype: request.dtype,
        scope,
        numbers: request.numbers,
        notebook: { ...request.notebook, tensors: handles(request.notebook.tensors) },
        offered: handles(request.keep?.offered ?? []),
        watched: request.watched,
        end: request.end ?? program.statements.length,
        isTolerant: request.isTolerant ?? false,
        cloned: request.keep?.cloned ?? null,
      }),
    );
    const result = v.safeParse(runAnswerSchema, answer);
    if (!result.success) return { error: noAnswer, failed: [], output: '', names: {}, before: [] };
    const { names, before, ...told } = result.output;
    return { ...told, names: this.#known(names), before: before.map((held) => this.#known(held)) };
  }

  /** Runs statements again, each in what it could see in the last run, which must have kept that. */
  runFormula(request: FormulaRequest, observer: RunObserver): PythonError | null {
    const answer = this.#observed(observer, () => this.#call('run_formula', { codes: {}, ...request }));
    const result = v.safeParse(formulaAnswerSchema, answer);
    return result.success ? result.output.error : noAnswer;
  }

  /** The rewritings of a formula of the code that was read last, the likeliest first. */
  edits(request: EditsRequest): readonly Edit[] {
    return this.#read<readonly Edit[]>('edits', request);
  }

  /** What an edit of those listed puts in the place of statements; null where it makes no code. */
  edited(node: string, edit: string): Readonly<Record<string, string>> | null {
    return this.#read<{ readonly codes?: Readonly<Record<string, string>> }>('edited', { node, edit }).codes ?? null;
  }

  /** What an edit of those listed says about the formula, as a sentence without an end. */
  describe(node: string, edit: string): string {
    return this.#read<string>('describe_edit', { node, edit });
  }

  #load(program: Program): void {
    if (this.#loaded === program) return;
    this.#call('load', { source: program.code, statements: program.statements.map(({ code }) => code) });
    this.#loaded = program;
  }

  #observed<Result>(observer: RunObserver, work: () => Result): Result {
    this.#table.observer = observer;
    try {
      return work();
    } finally {
      this.#table.observer = null;
    }
  }

  #read<Answer>(name: Parameters<ReadingPython['call']>[0], request: unknown): Answer {
    return JSON.parse(this.#reading.call(name, JSON.stringify(request)));
  }

  /** What it answers, in whatever form; undefined where that is no JSON. */
  #call(name: Parameters<RunningPython['call']>[0], request: unknown): unknown {
    const answer: unknown = this.#running.call(name, JSON.stringify(request));
    try {
      return JSON.parse(String(answer));
    } catch {
      return undefined;
    }
  }

  /** Without handles of tensors that there are not. */
  #known(handles: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    return Object.fromEntries(Object.entries(handles).filter(([, handle]) => this.#table.has(handle)));
  }
}
