import type { Check, CheckRow, Verdict } from '../../core/protocol/answers';

/** Whether a node of this verdict is right, as far as this batch can tell. */
const isRight: Readonly<Record<Verdict, boolean>> = {
  exact: true,
  rounding: true,
  vacuous: true,
  wrong: false,
  inherited: false,
  missing: false,
  shape: false,
};

/** Whether every gradient is right. */
export function passes({ rows }: Check): boolean {
  return rows.every(({ verdict }) => isRight[verdict]);
}

/** The rows as JSON: `{rows: [{node, shape, exact, approximate, maxdiff, maxUlp, worstIndex, verdict}]}`. NaN becomes null. */
export function checkJson({ rows }: Check): string {
  return JSON.stringify({ rows: rows.map(figures) });
}

/** What JSON says of a row. */
export function figures({ node, shape, exact, approximate, maxdiff, maxUlp, worstIndex, verdict }: CheckRow) {
  return { node, shape, exact, approximate, maxdiff, maxUlp, worstIndex, verdict };
}

/** The notebook's table, its three figures first, and a closing sentence. */
export function checkTable(check: Check): string {
  return `${rowsTable(check)}\n\n${conclusion(check, whereWritten)}`;
}

/** The rows alone. */
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

function cells({ node, shape, exact, approximate, maxdiff, maxUlp, worstIndex, verdict }: CheckRow): string[] {
  const differs = maxdiff !== null && maxdiff !== 0;
  return [
    node.padEnd(15),
    `exact: ${pythonBoolean(exact)}`,
    `approximate: ${pythonBoolean(approximate)}`,
    `maxdiff: ${maxdiff === null ? '-' : pythonFloat(maxdiff)}`,
    `shape: ${pythonTuple(shape)}`,
    `max ulp: ${maxUlp ?? '-'}`,
    `worst: ${differs && worstIndex !== null ? pythonTuple(worstIndex) : '-'}`,
    verdict,
  ];
}

const pythonBoolean = (value: boolean) => (value ? 'True ' : 'False');

const pythonTuple = (numbers: readonly number[]) => `(${numbers.join(', ')}${numbers.length === 1 ? ',' : ''})`;

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

/**
 * What the rows come to: how many are right, or which formulas are to be mended.
 * @param where says of a row whose formula is wrong which one it is.
 */
export function conclusion<Checked extends Check>(
  check: Checked,
  where: (check: Checked, row: CheckRow) => string,
): string {
  const { rows } = check;
  const withVerdict = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict);
  const rounding = withVerdict('rounding').length;
  if (passes(check)) {
    const rounded = rounding === 0 ? '' : ` ${count(rounding, 'differs', 'differ')} by rounding only.`;
    return `All ${rows.length} gradients are right.${rounded}`;
  }
  const wrong = withVerdict('wrong');
  const missing = withVerdict('missing');
  const misshapen = withVerdict('shape');
  const inherited = withVerdict('inherited').length;
  const faults = wrong.length + missing.length + misshapen.length;
  const parts = [
    wrong.length > 0 &&
      `${count(wrong.length, 'formula is', 'formulas are')} wrong: ${wrong.map((row) => where(check, row)).join(', ')}`,
    missing.length > 0 &&
      `${count(missing.length, 'gradient is', 'gradients are')} missing: ${missing.map(({ node }) => `d${node}`).join(', ')}`,
    misshapen.length > 0 &&
      `${count(misshapen.length, 'has', 'have')} another shape: ${misshapen.map(({ reason }) => reason.replace(/\.$/, '')).join(', ')}`,
    inherited > 0 && `${count(inherited, 'row only inherits', 'rows only inherit')} ${faults === 1 ? 'it' : 'them'}`,
  ];
  return `${parts.filter((part) => part !== false).join('; ')}.`;
}

const count = (number: number, one: string, several: string) => `${number} ${number === 1 ? one : several}`;

/** "dlogits (line 8: dlogits = dnorm_logits.clone(); line 10: …)": every line that writes the node's gradient. */
function whereWritten({ statements }: Check, { node }: CheckRow): string {
  const lines = statements.filter((statement) => statement.node === node);
  return `d${node} (${lines.map(({ line, formula }) => `line ${line}: ${formula}`).join('; ')})`;
}
