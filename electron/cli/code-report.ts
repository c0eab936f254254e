import type { CheckRow, CodeCheck } from '../../core/protocol/answers';
import { conclusion, figures, passes, rowsTable } from './check-table';
import { exitCodes } from './host';

/** What became of one file. */
export interface CheckedFile {
  readonly path: string;
  readonly check: CodeCheck;
}

/** The worst of the files': 2 where one could not run, 1 where a gradient of one is not right, 0 where all are right. */
export function exitCodeOf(files: readonly CheckedFile[]): number {
  if (files.some(({ check }) => check.error !== null)) return exitCodes.codeFailed;
  return files.every(({ check }) => passes(check)) ? exitCodes.done : exitCodes.failed;
}

/**
 * One file's report as JSON: `{rows: [… as of a built-in backward, and line], rootCauses: [{node, line, mistake,
 * explanation}], ran: true}`, or `{ran: false, error: {type, message, line}}`; of several, an array in their order. NaN
 * becomes null.
 */
export function codeJson(files: readonly CheckedFile[]): string {
  const reports = files.map(({ check }) => report(check));
  return JSON.stringify(reports.length === 1 ? reports[0] : reports);
}

function report({ rows, rootCauses, error }: CodeCheck) {
  if (error !== null) return { ran: false, error };
  return { rows: rows.map((row) => ({ ...figures(row), line: row.line })), rootCauses, ran: true };
}

/** The table of every file with its root causes below, or what it failed of; each under its name where there are several. */
export function codeTable(files: readonly CheckedFile[]): string {
  const sections = files.map(({ path, check }) => {
    const heading = files.length === 1 ? [] : [`${path}:`];
    const printed = check.output === '' ? [] : [check.output.replace(/\n$/, '')];
    return [
      ...heading,
      ...printed,
      ...(check.error === null ? [table(check)] : [failure(path, check.error), ...causes(check)]),
    ].join('\n');
  });
  return sections.join('\n\n');
}

function table(check: CodeCheck): string {
  const vacuous = check.rows.filter(({ verdict }) => verdict === 'vacuous');
  const doubts = vacuous.map(({ node, reason }) => `  d${node}: ${reason}`);
  const tellsNothing = `This batch cannot tell whether ${vacuous.length === 1 ? 'this is' : 'these are'} right:`;
  return [
    rowsTable(check),
    '',
    conclusion(check, whereToMend),
    ...causes(check),
    ...(vacuous.length === 0 ? [] : [tellsNothing, ...doubts]),
  ].join('\n');
}

/** What is known of each mistake, a line each. */
function causes({ rootCauses }: CodeCheck): string[] {
  return rootCauses.map(({ node, explanation }) => `  d${node}: ${explanation}`);
}

/** "dbnvar, line 17". */
function whereToMend({ rootCauses }: CodeCheck, { node, line }: CheckRow): string {
  const blamed = rootCauses.find((cause) => cause.node === node)?.line ?? line;
  return blamed === null ? `d${node}` : `d${node}, line ${blamed}`;
}

function failure(path: string, { type, message, line }: NonNullable<CodeCheck['error']>): string {
  return `${path}${line === null ? '' : `, line ${line}`}: ${type}${message === '' ? '' : `: ${message}`}`;
}
