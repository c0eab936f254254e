import type { CodeCheck, PythonError, Verdict } from '../../../core/protocol/answers';
import { type Fault, faultsOf, headlineOf, searchWasCut, textOf } from '../../../core/protocol/headline';

export interface CodeSummary {
  /** `good` where all is right; `neutral` where something is still to be written or judged, or cannot be. */
  readonly mood: 'good' | 'bad' | 'neutral';
  readonly headline: string;
  /** What to mend: where it stands and what is wrong with it, root causes first. */
  readonly culprits: readonly Fault[];
  /** What else there is to know, a sentence each. */
  readonly notes: readonly string[];
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** Names at most this many nodes; beyond, a number says more than a list. */
const mostNames = 4;

/** The check of the person's own code, root causes first: what is still to be written is no fault. */
export function summariseCode(check: CodeCheck): CodeSummary {
  const { rows, error, unjudged, isJudgedByTerms } = check;
  const headline = textOf(headlineOf(check, { isInProgress: true }));
  if (unjudged !== null) return { mood: 'neutral', headline, culprits: [], notes: check.notes };

  const nodesOf = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).map(({ node }) => node);
  const culprits = faultsOf(check).filter(({ verdict }) => verdict !== 'missing');
  const missing = nodesOf('missing');
  const rounding = nodesOf('rounding');
  const isStopped = error !== null && culprits.length === 0;

  const notes: string[] = [];
  if (isStopped && missing.length < rows.length) notes.push(headline);
  if (error !== null && !isStopped) notes.push(describeError(error));
  if (missing.length > 0 && missing.length < rows.length) notes.push(`${listed(missing)} not written yet.`);
  if (rounding.length > 0) notes.push(`${plural(rounding.length, 'row differs', 'rows differ')} by rounding only.`);
  if (!isJudgedByTerms && culprits.length > 0) notes.push('The other formulas are still being judged…');
  if (check.search === 'cut') notes.push(searchWasCut);

  return {
    mood: moodOf(),
    headline: isStopped ? describeError(error) : headline,
    culprits,
    notes: [...notes, ...check.notes],
  };

  function moodOf(): CodeSummary['mood'] {
    if (culprits.length > 0 || error !== null || nodesOf('inherited').length > 0) return 'bad';
    return missing.length === 0 && isJudgedByTerms ? 'good' : 'neutral';
  }
}

const describeError = ({ type, message, line }: PythonError) =>
  `${line === null ? '' : `Line ${line}: `}${type}: ${message}`;

function listed(nodes: readonly string[]): string {
  if (nodes.length > mostNames) return `${nodes.length} gradients are`;
  return `${nodes.map((node) => `d${node}`).join(', ')} ${nodes.length === 1 ? 'is' : 'are'}`;
}
