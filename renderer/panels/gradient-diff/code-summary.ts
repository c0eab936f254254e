import type { CodeCheck, PythonError, Verdict } from '../../../core/protocol/answers';
import { isRight } from '../../state/exercises';

/** A formula to mend: where it stands and what is wrong with it. */
export interface Culprit {
  readonly node: string;
  /** Null where it is a line that is missing. */
  readonly line: number | null;
  readonly explanation: string;
}

export interface CodeSummary {
  /** `good` where nothing is wrong, though something may still be to write. */
  readonly mood: 'good' | 'bad' | 'neutral';
  readonly headline: string;
  readonly culprits: readonly Culprit[];
  /** What else there is to know, a sentence each. */
  readonly notes: readonly string[];
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** Names at most this many nodes; beyond, a number says more than a list. */
const mostNames = 4;

/** The check of the person's own code, root causes first: what is still to be written is no fault. */
export function summariseCode(check: CodeCheck): CodeSummary {
  const { rows, rootCauses, error } = check;
  const nodesOf = (...verdicts: readonly Verdict[]) =>
    rows.filter(({ verdict }) => verdicts.includes(verdict)).map(({ node }) => node);
  const isMissing = (node: string) => rows.find((row) => row.node === node)?.verdict === 'missing';

  const told = rootCauses.filter(({ node }) => !isMissing(node));
  const untold = rows.filter(
    ({ node, verdict }) => (verdict === 'wrong' || verdict === 'shape') && !told.some((cause) => cause.node === node),
  );
  const culprits: Culprit[] = [
    ...told.map(({ node, line, explanation }) => ({ node, line, explanation })),
    ...untold.map(({ node, line, reason }) => ({ node, line, explanation: reason })),
  ];
  const right = rows.filter(({ verdict }) => isRight(verdict)).length;
  const inherited = nodesOf('inherited').length;
  const missing = nodesOf('missing');
  const vacuous = nodesOf('vacuous');
  const rounding = nodesOf('rounding');

  const notes: string[] = [];
  if (error !== null && culprits.length > 0) notes.push(describeError(error));
  if (missing.length > 0 && missing.length < rows.length) notes.push(`${listed(missing)} not written yet.`);
  if (vacuous.length > 0) {
    const cannot = plural(vacuous.length, 'row cannot', 'rows cannot');
    notes.push(`${cannot} fail on this batch: ${names(vacuous)}.`);
  }
  if (rounding.length > 0) notes.push(`${plural(rounding.length, 'row differs', 'rows differ')} by rounding only.`);

  return { mood: moodOf(), headline: headline(), culprits, notes };

  function moodOf(): CodeSummary['mood'] {
    if (culprits.length > 0 || error !== null || inherited > 0) return 'bad';
    return missing.length === 0 ? 'good' : 'neutral';
  }

  function headline(): string {
    if (culprits.length > 0) {
      const wrong = plural(culprits.length, 'formula is', 'formulas are');
      const places = culprits.map(({ node, line }) => `d${node}${line === null ? '' : `, line ${line}`}`);
      const below = plural(inherited, 'row below only inherits', 'rows below only inherit');
      const rest = inherited === 0 ? '' : `; ${below} ${culprits.length === 1 ? 'it' : 'them'}`;
      return `${wrong} wrong: ${places.join('; ')}${rest}.`;
    }
    if (error !== null) return describeError(error);
    if (missing.length === rows.length) return 'No gradient is written yet.';
    if (missing.length > 0) return `${right} of ${rows.length} gradients are right so far.`;
    return `All ${rows.length} gradients are right.`;
  }
}

const describeError = ({ type, message, line }: PythonError) =>
  `${line === null ? '' : `Line ${line}: `}${type}: ${message}`;

const names = (nodes: readonly string[]) => nodes.map((node) => `d${node}`).join(', ');

function listed(nodes: readonly string[]): string {
  if (nodes.length > mostNames) return `${nodes.length} gradients are`;
  return `${names(nodes)} ${nodes.length === 1 ? 'is' : 'are'}`;
}
