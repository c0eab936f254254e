import * as v from 'valibot';

/**
 * Notebooks as Jupyter saves them (nbformat 4): a JSON object with a list of cells, each with its kind and its source, a
 * text or a list of lines. What else stands there (outputs, metadata, ids, attachments) is of no account here.
 */

/** A cell that holds code. */
export interface NotebookCodeCell {
  /** Its place among all cells of the notebook, text included; the first is 1. */
  readonly cell: number;
  /** As the person wrote it, magics and shell lines included; lines end in \n. */
  readonly source: string;
}

/** A file that is no notebook which can be read; the message goes after the file's name. */
export class NotebookError extends Error {
  override readonly name = 'NotebookError';
}

/** The version of the format that is read; Jupyter has written it since 2015. */
const readVersion = 4;

const fileSchema = v.looseObject({ nbformat: v.number(), cells: v.optional(v.unknown()) });
const cellsSchema = v.array(
  v.looseObject({ cell_type: v.string(), source: v.optional(v.union([v.string(), v.array(v.string())]), '') }),
);

/**
 * The code cells of a notebook, in their order.
 * @param text the file, as UTF-8 was read; a byte order mark at its beginning is passed over.
 * @throws NotebookError where it is not JSON, not a notebook, of another version than 4, or has no code cell.
 */
export function readNotebook(text: string): readonly NotebookCodeCell[] {
  const file = parsed(text);
  const outer = v.safeParse(fileSchema, file);
  if (!outer.success)
    throw new NotebookError('is not a notebook: it has no "nbformat". Open a file that Jupyter saved.');
  requireVersion(outer.output.nbformat);
  const inner = v.safeParse(cellsSchema, outer.output.cells);
  if (!inner.success) throw new NotebookError(`is damaged: ${whatIsWrong(inner.issues[0])}. Save it again in Jupyter.`);
  const cells = inner.output.flatMap(({ cell_type, source }, index) =>
    cell_type === 'code' ? [{ cell: index + 1, source: textOf(source) }] : [],
  );
  if (cells.length === 0) throw new NotebookError('has no code cells: there is nothing to check in it.');
  return cells;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NotebookError(`is not a notebook: it is not JSON (${why}). Open a file that Jupyter saved.`);
  }
}

function requireVersion(version: number): void {
  if (version === readVersion) return;
  if (version < readVersion) {
    const convert = 'Convert it first: jupyter nbconvert --to notebook --nbformat 4 FILE';
    throw new NotebookError(`is a notebook of format ${version}; format ${readVersion} can be read. ${convert}`);
  }
  throw new NotebookError(
    `is a notebook of format ${version}, newer than format ${readVersion}, which can be read. Save it as format ${readVersion}, or its code as a .py file.`,
  );
}

/** "cell 3 has no cell_type", by where the first thing is that does not fit. */
function whatIsWrong(issue: v.BaseIssue<unknown>): string {
  const [index, field] = (issue.path ?? []).map(({ key }) => key);
  if (typeof index !== 'number') return 'it has no list of "cells"';
  return field === undefined
    ? `cell ${index + 1} is no object`
    : `the "${String(field)}" of cell ${index + 1} cannot be read`;
}

function textOf(source: string | readonly string[]): string {
  const text = typeof source === 'string' ? source : source.join('');
  return text.replaceAll(/\r\n?/g, '\n');
}
