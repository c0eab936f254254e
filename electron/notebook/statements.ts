import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { children, type NameUse, noUse, usedNames } from './python-names';

/** A statement of a cell, with the lines it stands on; the cell's first line is 1. */
export interface Statement {
  readonly first: number;
  readonly last: number;
  /** Its text, without the indentation of the first line. */
  readonly text: string;
  /** Of the whole, the statements within included. */
  readonly use: NameUse;
  /** "AssignStatement", "ForStatement", …, as the grammar of @lezer/python names it. */
  readonly kind: string;
  /** The statements in the body of a `with`, or of a loop without `else`; empty for all others. */
  readonly body: readonly Statement[];
  /** The last line of what stands before the body. */
  readonly headerLast: number;
  /** What the header alone does with names. */
  readonly header: NameUse;
}

/**
 * Splits a cell's source into its statements. Whatever is not Python is passed over, so that a cell with a mistake is
 * read as far as it goes.
 */
export function statementsOf(source: string): readonly Statement[] {
  const text = withoutMagics(source);
  const lineOf = lineFinder(text);
  const script = parser.parse(text).topNode;
  return statementsIn(children(script), text, lineOf);
}

/** What it times stays. */
const timed = /^([ \t]*(?:[A-Za-z_][\w.]*[ \t]*=[ \t]*)?)(%time[ \t]+)(?=[^\s-])(.*)$/gm;
const magic = /^[ \t]*(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$/gm;

/**
 * The same text with magics and shell lines as spaces. An operator at the beginning of a continued line is taken for one
 * too: that makes this reading a little poorer, and changes nothing of what runs; see core/python/reading/source.py.
 */
function withoutMagics(source: string): string {
  return source
    .replaceAll(timed, (_, before, time, statement) => `${before}${statement}${' '.repeat(time.length)}`)
    .replaceAll(magic, (line) => ' '.repeat(line.length));
}

function lineFinder(text: string): (position: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (position) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

const passedOver = new Set(['Comment', '⚠', ':', ';', 'NewLine']);

function statementsIn(
  nodes: readonly SyntaxNode[],
  text: string,
  lineOf: (position: number) => number,
): readonly Statement[] {
  const statements = nodes
    .filter((node) => !passedOver.has(node.name) && node.to > node.from)
    .map((node) => statementOf(node, text, lineOf));
  // What shares a line with another cannot be had without it.
  const byLine: Statement[] = [];
  for (const statement of statements) {
    const before = byLine.at(-1);
    if (before !== undefined && statement.first <= before.last) byLine[byLine.length - 1] = joined(before, statement);
    else byLine.push(statement);
  }
  return byLine;
}

function statementOf(node: SyntaxNode, text: string, lineOf: (position: number) => number): Statement {
  const first = lineOf(node.from);
  const end = text.slice(node.from, node.to).trimEnd().length + node.from;
  const last = lineOf(Math.max(node.from, end - 1));
  const use = usedNames(node, text);
  const whole = { first, last, text: text.slice(node.from, end), use, kind: node.name };
  const bodies = node.getChildren('Body');
  const [body] = bodies;
  const isContainer = ['WithStatement', 'ForStatement', 'WhileStatement'].includes(node.name) && bodies.length === 1;
  if (!isContainer || body === undefined) return { ...whole, body: [], headerLast: last, header: use };
  const headerLast = lineOf(body.from);
  const inside = statementsIn(children(body), text, lineOf);
  // A body on the header's own line goes with it.
  if (inside.some((statement) => statement.first <= headerLast)) return { ...whole, body: [], headerLast, header: use };
  const header = noUse();
  for (const part of children(node)) {
    if (part.name === 'Body') continue;
    for (const name of usedNames(part, text).reads) header.reads.add(name);
  }
  for (const name of use.binds) if (!inside.some((statement) => statement.use.binds.has(name))) header.binds.add(name);
  for (const name of header.binds) header.reads.delete(name);
  return { ...whole, body: inside, headerLast, header };
}

function joined(before: Statement, after: Statement): Statement {
  const use = noUse();
  for (const part of [before.use, after.use]) {
    for (const key of Object.keys(use) as (keyof NameUse)[]) {
      if (key === 'namedArguments') use[key].push(...part[key]);
      else for (const name of part[key]) use[key].add(name);
    }
  }
  const { first } = before;
  const last = Math.max(before.last, after.last);
  return {
    first,
    last,
    text: `${before.text}; ${after.text}`,
    use,
    kind: 'StatementGroup',
    body: [],
    headerLast: last,
    header: use,
  };
}
