import { type Check, type CheckRow, type CodeCheck, isRight, type Verdict } from '../../core/protocol/answers';
import { faultsOf, headlineOf, isJudged, textOf, type Wording } from '../../core/protocol/headline';
import { exitCodes } from './host';
import { shownJson } from './shown';

/** What makes a row pass that is not right. */
export interface Leniency {
  /** Whether a right value will do where the formula is not right. */
  readonly acceptMasked: boolean;
}

/**
 * What a check comes to: 0 where every row passes, 1 where one does not, 2 where this step cannot judge, or the formulas
 * were not judged.
 */
export function exitCodeOfCheck(check: Check | CodeCheck, { acceptMasked }: Leniency): number {
  if (check.unjudged !== null) return exitCodes.unjudged;
  const passes = (verdict: Verdict) => isRight(verdict) || (acceptMasked && verdict === 'masked');
  // A root cause may stand in what was not asked for, and then has no row.
  const told = [...check.rows, ...faultsOf(check)];
  if (!told.every(({ verdict }) => passes(verdict))) return exitCodes.failed;
  return isJudged(check) ? exitCodes.done : exitCodes.unjudged;
}

/** A built-in backward's check as JSON: `{unjudged, rows}`. NaN becomes null. */
export function checkJson({ rows, unjudged }: Check): string {
  return shownJson(JSON.stringify({ unjudged, rows: rows.map(rowJson) }));
}

/** What JSON says of a row; its answers only where there are several. */
export function rowJson(row: CheckRow) {
  const { node, shape, exact, approximate, maxdiff, bound, maxUlp, worstIndex, verdict, line, reason, notes } = row;
  const several = row.answers.length > 1 ? { answers: row.answers } : {};
  return {
    ...{ node, shape, exact, approximate, maxdiff, bound, maxUlp, worstIndex },
    ...{ verdict, line, reason, notes, ...several },
  };
}

/** The notebook's table, its three figures first, and a closing sentence. */
export function checkTable(check: Check, leniency: Leniency): string {
  const place: Wording['place'] = ({ node }) => whereWritten(check, node);
  return [rowsTable(check), '', conclusion(check, leniency, { place }), ...rowNotes(check)].join('\n');
}

/** The rows alone, in lines of at most 120 characters; what else is known of each is in JSON. */
export function rowsTable({ rows }: Check): string {
  const columns = rows.map(cells);
  const widths = columns[0]?.map((_, column) => Math.max(...columns.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = columns.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
  return lines.join('\n');
}

function cells({ node, shape, exact, approximate, maxdiff, bound, verdict }: CheckRow): string[] {
  return [
    node.padEnd(15),
    `exact: ${pythonBoolean(exact)}`,
    `approximate: ${pythonBoolean(approximate)}`,
    `maxdiff: ${maxdiff === null ? '-' : shortFloat(maxdiff, 3)}`,
    `bound: ${bound === null ? '-' : shortFloat(bound, 2)}`,
    pythonTuple(shape),
    verdict,
  ];
}

const pythonBoolean = (value: boolean) => (value ? 'True ' : 'False');

const pythonTuple = (numbers: readonly number[]) => `(${numbers.join(', ')}${numbers.length === 1 ? ',' : ''})`;

/** A few digits say how large a difference is; JSON has them all. */
const shortFloat = (value: number, digits: number) => pythonFloat(Number(value.toPrecision(digits)));

/** A number as Python prints a float, so that the table reads as the notebook's. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** What the rows come to: how many are right, or which formulas are to be mended. */
export function conclusion(check: Check | CodeCheck, { acceptMasked }: Leniency, wording: Wording = {}): string {
  const { rows, unjudged } = check;
  const headline = textOf(headlineOf(check, wording));
  if (unjudged !== null) return unjudged.step === null ? headline : `${headline} Give --steps ${unjudged.step}.`;
  const having = (...words: readonly Verdict[]) => rows.filter(({ verdict }) => words.includes(verdict)).length;
  const rounding = having('rounding');
  const isAllRight = having('exact', 'rounding') === rows.length;
  const rounded = `${rounding} ${rounding === 1 ? 'differs' : 'differ'} by rounding only.`;
  return [
    headline,
    ...(isAllRight && rounding > 0 ? [rounded] : []),
    ...(acceptMasked && having('masked') > 0 ? ['Masked ones are accepted.'] : []),
  ].join(' ');
}

/** "dlogits (line 8: dlogits = dnorm_logits.clone(); line 10: …)": every line that writes the node's gradient. */
function whereWritten({ statements }: Check, node: string): string {
  const lines = statements.filter((statement) => statement.node === node);
  return lines.length === 0
    ? `d${node}`
    : `d${node} (${lines.map(({ line, formula }) => `line ${line}: ${formula}`).join('; ')})`;
}

/** What else is to be known of rows, a line each; and every answer where there are several. */
export function rowNotes({ rows }: Check): string[] {
  return rows.flatMap(({ node, notes, answers }) => [
    ...notes.map((note) => `  d${node}: ${note}`),
    ...(answers.length > 1
      ? answers.map(
          ({ line, verdict, reason }) => `  d${node}${line === null ? '' : `, line ${line}`}: ${verdict}. ${reason}`,
        )
      : []),
  ]);
}
