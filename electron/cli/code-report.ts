import type { CodeCheck } from '../../core/protocol/answers';
import { faultsOf, searchWasCut } from '../../core/protocol/headline';
import type { JoinedCode } from '../notebook/joined-code';
import { conclusion, exitCodeOfCheck, type Leniency, rowJson, rowNotes, rowsTable } from './check-table';
import { exitCodes } from './host';
import { shownInLine, shownJson } from './shown';

/** What became of one file. */
export type FileReport = CheckedFile | UnreadFile;

/** A file that could not be read, so that nothing is known of its code. */
interface UnreadFile {
  readonly path: string;
  /** What is wrong with it, and what to do. */
  readonly unread: string;
}

/** A file whose code ran, to its end or not. */
interface CheckedFile {
  readonly path: string;
  readonly check: CodeCheck;
  /** Where the file is a notebook, what became of its cells: the check's lines are those of their joined code. */
  readonly notebook: JoinedCode | null;
}

/**
 * The worst of the files': 2 where one could not be read or run, or its step cannot judge, 1 where a gradient of one is not right, 0
 * where all are right.
 */
export function exitCodeOf(files: readonly FileReport[], leniency: Leniency): number {
  const codes = files.map((file) =>
    'unread' in file || file.check.error !== null ? exitCodes.codeFailed : exitCodeOfCheck(file.check, leniency),
  );
  return Math.max(exitCodes.done, ...codes);
}

/**
 * One file's report as JSON: `{ran, error, unjudged, rows, rootCauses, search, judgedAt, notes}`, of a notebook with `cells`;
 * of several, an array in their order, in which a file that could not be read has its `path` and no rows. Rows and root causes
 * are there as far as the code came. NaN becomes null.
 */
export function codeJson(files: readonly FileReport[]): string {
  const reports = files.map(report);
  return shownJson(JSON.stringify(reports.length === 1 ? reports[0] : reports));
}

function report(file: FileReport) {
  if ('unread' in file) {
    const error = { type: 'FileError', message: file.unread, line: null };
    return {
      path: file.path,
      ran: false,
      error,
      unjudged: null,
      rows: [],
      rootCauses: [],
      search: 'complete',
      judgedAt: [],
      notes: [],
    };
  }
  const { check, notebook } = file;
  const { error, unjudged, rootCauses, search, judgedAt, notes } = check;
  const rows = check.rows.map(rowJson);
  const cells = notebook === null ? {} : { cells: notebook.cells };
  return { ran: error === null, error, unjudged, rows, rootCauses, search, judgedAt, notes, ...cells };
}

/** The table of every file with what is to be mended below; each under its name where there are several. */
export function codeTable(files: readonly FileReport[], leniency: Leniency): string {
  const sections = files.map((file) => {
    if ('unread' in file) return `${shownInLine(file.path)}:\n${file.unread}`;
    const { path, check, notebook } = file;
    const heading = files.length === 1 ? [] : [`${shownInLine(path)}:`];
    const printed = check.output === '' ? [] : [check.output.replace(/\n$/, '')];
    const told = [...failure(path, check), ...findings(check, leniency)];
    const placed = notebook === null ? told : told.map((line) => notebook.lines.inCells(line));
    return [...heading, ...printed, ...table(check), ...placed, ...cellsOf(notebook)].join('\n');
  });
  return sections.join('\n\n');
}

/** What became of a notebook's cells. */
function cellsOf(notebook: JoinedCode | null): string[] {
  if (notebook === null) return [];
  const having = (judged: boolean) => notebook.cells.filter((cell) => cell.judged === judged);
  const numbers = having(true).map(({ cell }) => cell);
  const are = numbers.length === 1 ? 'Cell' : 'Cells';
  return [
    numbers.length === 0
      ? 'No cell writes a gradient.'
      : `${are} ${numbers.join(', ')} ${numbers.length === 1 ? 'is' : 'are'} judged.`,
    ...having(false).map(({ cell, why }) => shownInLine(`Cell ${cell} is skipped: it ${why}.`)),
  ];
}

/** Whether the code came as far as to write a gradient, so that there is something to judge. */
const hasAnswers = ({ rows, error }: CodeCheck) => error === null || rows.some(({ verdict }) => verdict !== 'missing');

function table(check: CodeCheck): string[] {
  return hasAnswers(check) ? [rowsTable(check), ''] : [];
}

/** What was found, below the table: the sentence, each fault with its reason, and what else is to be known. */
function findings(check: CodeCheck, leniency: Leniency): string[] {
  const { rootCauses, search, notes } = check;
  const explained = faultsOf(check).filter(
    ({ node, verdict }) => verdict !== 'missing' || rootCauses.some((cause) => cause.node === node),
  );
  return [
    ...(hasAnswers(check) ? [conclusion(check, leniency, { isInProgress: check.error !== null })] : []),
    ...explained.map(({ node, explanation }) => `  d${node}: ${shownInLine(explanation)}`),
    ...rowNotes(check).map(shownInLine),
    ...notes.map(shownInLine),
    ...(search === 'cut' ? [searchWasCut] : []),
  ];
}

function failure(path: string, { error }: CodeCheck): string[] {
  if (error === null) return [];
  const { type, message, line } = error;
  const place = `${path}${line === null ? '' : `, line ${line}`}`;
  return [shownInLine(`${place}: ${type}${message === '' ? '' : `: ${message}`}`)];
}
