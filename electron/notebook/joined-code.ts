import { type NotebookCodeCell, NotebookError, readNotebook } from '../../core/formats/notebook';
import type { CellChoice } from './cell-draft';
import { givenNames } from './given-names';
import { chooseCells } from './judged-cells';
import type { Statement } from './statements';

/** What became of a code cell, as the command line says it. */
interface NotebookCell {
  /** Its place among all cells of the notebook, text included; the first is 1. */
  readonly cell: number;
  /** Whether it, or a part of it, is in the code that is judged. */
  readonly judged: boolean;
  /** Why: "writes the gradient of logits"; "only draws". */
  readonly why: string;
  /** The line of the joined code on which its part begins; null where it is skipped. */
  readonly line: number | null;
  /** The line of the cell that stands there: beyond 1 where its beginning is left out. */
  readonly cellLine: number | null;
}

/** The code of a notebook's judged cells, one below the other. */
export interface JoinedCode {
  readonly code: string;
  readonly cells: readonly NotebookCell[];
  readonly lines: LineMap;
}

/** Where a line of the joined code stands in the notebook. */
class LineMap {
  readonly #parts: readonly {
    readonly cell: number;
    readonly first: number;
    readonly last: number;
    readonly cellLine: number;
  }[];

  constructor(parts: readonly { cell: number; first: number; last: number; cellLine: number }[]) {
    this.#parts = parts;
  }

  /** A text that speaks of lines of the joined code, with each of them as "cell 7, line 3". */
  inCells(text: string): string {
    return text.replaceAll(
      /\b([Ll])ine(s?) (\d+)((?:(?:, | and | to |–)\d+)*)/g,
      (whole, first: string, plural: string, number: string, others: string) => {
        if (plural === '' || others === '') return this.#words(first, Number(number)) ?? whole;
        const words = others.replaceAll(/\d+/g, (other) => this.#words('l', Number(other)) ?? other);
        return `${this.#words(first, Number(number)) ?? number}${words}`;
      },
    );
  }

  #words(first: string, line: number): string | null {
    const place = this.placeOf(line);
    return place === null ? null : `${first === 'L' ? 'C' : 'c'}ell ${place.cell}, line ${place.line}`;
  }

  /** @param line of the joined code, from 1. @returns null for a line that is of no cell. */
  placeOf(line: number): { readonly cell: number; readonly line: number } | null {
    const part = this.#parts.find(({ first, last }) => line >= first && line <= last);
    return part === undefined ? null : { cell: part.cell, line: part.cellLine + line - part.first };
  }
}

/**
 * The code of a notebook that writes gradients, with what it needs: each cell under a comment with its number, and in
 * place of each that is skipped a comment that says why.
 * @param text the notebook file.
 * @param maximumLength the characters that the code may have.
 * @throws NotebookError where it is no notebook that can be read, or has more code.
 */
export function joinNotebook(text: string, maximumLength: number): JoinedCode {
  const source = readNotebook(text);
  const length = source.reduce((sum, cell) => sum + cell.source.length, 0);
  if (length > maximumLength) throw tooLong(maximumLength);
  const choices = chosen(source);
  const lines: string[] = [];
  const parts: { cell: number; first: number; last: number; cellLine: number }[] = [];
  const cells = choices.map((choice): NotebookCell => {
    const { cell } = choice.cell;
    const { isJudged: judged, why } = choice;
    if (!judged) {
      lines.push(`# cell ${cell} is skipped: it ${why}.`);
      return { cell, judged, why, line: null, cellLine: null };
    }
    const kept = keptLines(choice);
    if (lines.length > 0 && lines.at(-1) !== '') lines.push('');
    lines.push(`# cell ${cell}`);
    const line = lines.length + 1;
    lines.push(...kept.lines, '');
    parts.push({ cell, first: line, last: line + kept.lines.length - 1, cellLine: kept.first });
    return { cell, judged, why, line, cellLine: kept.first };
  });
  const code = `${lines.join('\n').trimEnd()}\n`;
  // What is left out stands in it as comments.
  if (code.length > maximumLength) throw tooLong(maximumLength);
  return { code, cells, lines: new LineMap(parts) };
}

const tooLong = (most: number) =>
  new NotebookError(`is too long. The code of its cells may have up to ${most.toLocaleString('en')} characters.`);

function chosen(cells: readonly NotebookCodeCell[]): readonly CellChoice[] {
  try {
    return chooseCells(cells, givenNames);
  } catch (error) {
    // Brackets within brackets, thousands deep: no person's code.
    if (error instanceof RangeError) throw new NotebookError('is nested too deeply to be read.');
    throw error;
  }
}

/**
 * A cell's lines: what is left out becomes a comment, so that every line stays where it was. Where much is left out, the
 * beginning and the end without any kept statement are cut off.
 */
function keptLines(choice: CellChoice): { readonly lines: readonly string[]; readonly first: number } {
  const lines = choice.cell.source.replace(/\s+$/, '').split('\n');
  for (const statement of choice.statements) leaveOut(statement, choice, lines);
  const isWhole = choice.statements.every((statement) => isKeptWhole(statement, choice));
  if (isWhole) return { lines, first: 1 };
  const kept = [...choice.kept];
  const first = Math.min(...kept.map((statement) => statement.first));
  const last = Math.max(
    ...kept.filter(({ body }) => body.every((inner) => !choice.kept.has(inner))).map((statement) => statement.last),
  );
  return { lines: lines.slice(first - 1, last), first };
}

function isKeptWhole(statement: Statement, choice: CellChoice): boolean {
  const { kept, replaced } = choice;
  if (!kept.has(statement) || replaced.has(statement)) return false;
  const isOpened = statement.body.some((inner) => kept.has(inner));
  return !isOpened || statement.body.every((inner) => isKeptWhole(inner, choice));
}

/** Turns the lines of what is left out of a statement into comments. */
function leaveOut(statement: Statement, choice: CellChoice, lines: string[]): void {
  const { kept, replaced } = choice;
  const comment = (from: number, to: number) => {
    for (let line = from; line <= to; line++) {
      const text = lines[line - 1] ?? '';
      if (text.trim() !== '') lines[line - 1] = text.replace(/^\s*/, '$&# ');
    }
  };
  if (!kept.has(statement)) {
    comment(statement.first, statement.last);
    return;
  }
  const other = replaced.get(statement);
  if (other !== undefined) {
    const text = lines[statement.first - 1] ?? '';
    const indentation = /^\s*/.exec(text)?.[0] ?? '';
    comment(statement.first + 1, statement.headerLast);
    lines[statement.first - 1] = `${indentation}${other}  # ${text.trim()}`;
  }
  const isOpened = statement.body.some((inner) => kept.has(inner));
  if (isOpened) for (const inner of statement.body) leaveOut(inner, choice, lines);
}
