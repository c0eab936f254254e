import type { PythonError } from '../protocol/answers';
import type { FloatType } from '../tensor/arena';
import { type Shape, sameShape } from '../tensor/shape';
import type { PythonRuntime } from './python-runtime';
import type { ElementType, TensorTable, TensorValues } from './tensor-table';

/** A tensor to be given to Python. */
export interface Given {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** What the notebook's names besides nodes and minibatch stand for; `lab/names.py` makes them. */
export interface GivenNotebook {
  /** By name: sizes and counts. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly tensors: readonly Given[];
  /** The nodes in `parameters`. */
  readonly parameters: readonly string[];
  /** Character by token; null where nothing made of it is named. */
  readonly labels: readonly string[] | null;
  readonly words: readonly string[] | null;
  /** The state of `g` as text; null where it is not named. */
  readonly generator: string | null;
}

export interface RunRequest {
  readonly code: string;
  readonly dtype: FloatType;
  readonly scope: readonly Given[];
  readonly numbers: Readonly<Record<string, number>>;
  readonly notebook: GivenNotebook;
  /** Autograd's gradients, for a corrected run. */
  readonly replace: readonly Given[] | null;
  /** The nodes whose gradients are asked for. */
  readonly nodes: readonly string[];
}

/** One top-level statement of the person's code. */
export interface RunStatement {
  readonly line: number;
  readonly endLine: number;
  readonly source: string;
  /** Nodes whose gradient it writes. */
  readonly writes: readonly string[];
}

export interface RunGradient {
  readonly shape: Shape;
  /** Lines that write it. */
  readonly lines: readonly number[];
  readonly values: TensorValues['values'];
}

/** What a run of the code gave. */
export interface Run {
  readonly error: PythonError | null;
  readonly output: string;
  readonly gradients: ReadonlyMap<string, RunGradient>;
  readonly names: readonly { readonly name: string; readonly shape: Shape }[];
  readonly statements: readonly RunStatement[];
}

/** One candidate rewriting of a formula. */
export interface Edit {
  readonly id: string;
  /** The mistake it would undo, or the break it makes. */
  readonly kind: string;
  readonly line: number;
}

export type EditPurpose = 'mistakes' | 'breaks' | 'terms';

interface RunAnswer extends Omit<Run, 'gradients'> {
  readonly gradients: Readonly<
    Record<string, { readonly handle: number; readonly shape: Shape; readonly lines: readonly number[] }>
  >;
}

/** The Python side of the lab, typed: runs, formulas executed again, and their rewritings. */
export class Runner {
  readonly #runtime: PythonRuntime;
  readonly #table: TensorTable;

  constructor(runtime: PythonRuntime, table: TensorTable) {
    this.#runtime = runtime;
    this.#table = table;
  }

  /** Runs the code. Everything that an earlier run gave is gone. */
  run({ scope, notebook, replace, ...request }: RunRequest): Run {
    this.#table.reset();
    this.#table.floatType = request.dtype;
    const handles = (given: readonly Given[]) =>
      Object.fromEntries(given.map(({ name, type, shape, values }) => [name, this.#table.create(type, shape, values)]));
    const answer = this.#call<RunAnswer>('run', {
      ...request,
      scope: handles(scope),
      notebook: { ...notebook, tensors: handles(notebook.tensors) },
      replace: replace && handles(replace),
    });
    const gradients = new Map<string, RunGradient>();
    for (const [node, { handle, shape, lines }] of Object.entries(answer.gradients)) {
      gradients.set(node, { shape, lines, values: this.#table.read(handle).values });
    }
    return { ...answer, gradients };
  }

  /**
   * One gradient computed again on the right inputs of the corrected run that went before, with the edit in place.
   * Null where that fails or gives another shape.
   */
  runFormula(node: string, edit: string | null, shape: Shape): TensorValues['values'] | null {
    const answer = this.#call<{ readonly handle?: number; readonly shape?: Shape }>('run_formula', { node, edit });
    if (answer.handle === undefined || answer.shape === undefined || !sameShape(answer.shape, shape)) return null;
    return this.#table.read(answer.handle).values;
  }

  /** The rewritings of a node's formula, the likeliest first; `forward` gives each node's forward line. */
  edits(node: string, purpose: EditPurpose, forward: Readonly<Record<string, string>>): readonly Edit[] {
    return this.#call<readonly Edit[]>('edits', { node, purpose, forward });
  }

  /** What an edit of those listed says about the formula, as a sentence without an end. */
  describe(node: string, edit: string): string {
    return this.#call<string>('edits', { node, describe: edit });
  }

  #call<Answer>(name: Parameters<PythonRuntime['call']>[0], request: unknown): Answer {
    return JSON.parse(this.#runtime.call(name, JSON.stringify(request)));
  }
}
