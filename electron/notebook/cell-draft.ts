import type { NotebookCodeCell } from '../../core/formats/notebook';
import { type Statement, statementsOf } from './statements';

/** What becomes of a cell. */
export interface CellChoice {
  readonly cell: NotebookCodeCell;
  /** Whether anything of it is judged, or is needed by what is. */
  readonly isJudged: boolean;
  /** "writes the gradient of logits"; "only draws". */
  readonly why: string;
  readonly statements: readonly Statement[];
  /** Statements that stay, those that others stand in included; a statement that is not here is left out. */
  readonly kept: ReadonlySet<Statement>;
  /** Of these, those whose first lines get another text. */
  readonly replaced: ReadonlyMap<Statement, string>;
}

/** Cells whose first line says that the rest is not Python. */
const foreign = /^\s*%%(?!time\b|timeit\b|capture\b|prun\b)(\w+)/;

/** A cell while it is being decided on. */
export class CellDraft {
  readonly cell: NotebookCodeCell;
  readonly statements: readonly Statement[];
  readonly kept = new Set<Statement>();
  readonly replaced = new Map<Statement, string>();
  /** The nodes whose gradients it writes, in the person's words: outside training, and by it. */
  written: ReadonlySet<string> = new Set();
  writtenInTraining: ReadonlySet<string> = new Set();
  comparesGradients = false;
  /** Statements that say of gradients that they are None, or compare such. */
  readonly notBegun = new Set<Statement>();
  /** Why none of it is judged, where that is settled. */
  whyNot: string | null = null;
  /** Names that it defines for others, each with the number of the cell that reads it. */
  readonly defines = new Map<string, number>();
  /** Names that it needs and nothing defines. */
  readonly lost = new Set<string>();

  constructor(cell: NotebookCodeCell) {
    this.cell = cell;
    const language = foreign.exec(cell.source)?.[1];
    this.statements = language === undefined ? statementsOf(cell.source) : [];
    if (language !== undefined) this.whyNot = `is not Python, but %%${language}`;
    else if (this.statements.length === 0) this.whyNot = 'holds no code';
  }

  /** Begins anew with what is kept of it. */
  forget(): void {
    for (const choice of [this.kept, this.replaced, this.defines, this.lost]) choice.clear();
  }

  /** Whether it is judged for its own sake. */
  get isRoot(): boolean {
    return this.whyNot === null && (this.written.size > 0 || this.writtenInTraining.size > 0 || this.comparesGradients);
  }
}
