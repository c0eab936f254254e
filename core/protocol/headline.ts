import { type Check, type CheckRow, type CodeCheck, isRight, type Verdict } from './answers';

/** Words of the sentence, or those that name a node's gradient. */
export type HeadlinePart = string | { readonly node: string; readonly text: string };

/** A gradient that is not right by itself, and not only because of what it is computed from. */
export interface Fault {
  readonly node: string;
  readonly verdict: Verdict;
  /** Line of the code to mend; null where none is known, or it is one that is missing. */
  readonly line: number | null;
  /** Why, in one sentence. */
  readonly explanation: string;
}

/** How a check is told. */
export interface Wording {
  /** What names a fault; "dbnvar, line 17" where it is left out. */
  readonly place?: (fault: Fault) => string;
  /** Whether what is missing is only still to be written, and so no fault. */
  readonly isInProgress?: boolean;
}

/** What is said where the search for known mistakes was cut. */
export const searchWasCut = 'Only a part of the known mistakes was tried on what is wrong: too much of it is.';

/** Whether a gradient of this verdict is at fault itself, and not only what it is computed from. */
export function isFault(verdict: Verdict): boolean {
  return !isRight(verdict) && verdict !== 'inherited';
}

/** Whether nothing is being judged any more, so that a row that is right stays so. */
export function isJudged(check: Check | CodeCheck): boolean {
  return !('isJudgedByTerms' in check) || check.isJudgedByTerms;
}

/** All that is at fault: root causes first, in the lab's order, then the other rows in theirs. */
export function faultsOf(check: Check | CodeCheck): readonly Fault[] {
  const causes = 'rootCauses' in check ? check.rootCauses : [];
  const rowOf = (node: string) => check.rows.find((row) => row.node === node);
  const told = causes.map(({ node, line, explanation }): Fault => {
    // A cause may stand in what was not asked for, and then has no row.
    const verdict = rowOf(node)?.verdict ?? 'wrong';
    return { node, line, explanation, verdict: isFault(verdict) ? verdict : 'wrong' };
  });
  const untold = check.rows
    .filter(({ node, verdict }) => isFault(verdict) && !told.some((fault) => fault.node === node))
    .map(({ node, verdict, line, reason }): Fault => ({ node, verdict, line, explanation: reason }));
  return [...told, ...untold];
}

/** "dbnvar, line 17". */
function placeOf({ node, line }: Fault): string {
  return line === null ? `d${node}` : `d${node}, line ${line}`;
}

/** A check in one sentence, to be read one part after the other. It says "right" only of rows that are right. */
export function headlineOf(check: Check | CodeCheck, wording: Wording = {}): readonly HeadlinePart[] {
  const { rows, unjudged, step } = check;
  if (unjudged !== null) {
    const where = unjudged.step === null ? '' : ` Step ${unjudged.step} is the last that can.`;
    return [`Step ${step} cannot judge any gradient. ${unjudged.reason}${where}`];
  }
  const faults = faultsOf(check).filter(({ verdict }) => verdict !== 'missing' || wording.isInProgress !== true);
  const isInherited = rows.some(({ verdict }) => verdict === 'inherited');
  if (faults.length === 0 && !isInherited && rows.every(({ verdict }) => isRight(verdict))) return [allRight(check)];

  const clauses = clausesOf(faults, rows, wording.place ?? placeOf);
  if (faults.some(({ verdict }) => leads.includes(verdict))) return [...separate(clauses, '; '), '.'];
  if (rows.every(({ verdict }) => verdict === 'missing')) return ['No gradient is written yet.'];
  return [...separate([[partRight(check, wording)], ...clauses], '; '), isJudged(check) ? '.' : pending(rows)];
}

/** The sentence as text. */
export function textOf(parts: readonly HeadlinePart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

/** Verdicts that say more than how many are right. */
const leads: readonly Verdict[] = ['wrong', 'missing', 'shape'];

function allRight(check: Check | CodeCheck): string {
  const { rows } = check;
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) {
    return isJudged(check) ? `d${only.node} is right.` : `d${only.node} agrees with autograd’s${pending(rows)}`;
  }
  return isJudged(check)
    ? `All ${rows.length} gradients are right.`
    : `${rows.length} gradients agree with autograd’s${pending(rows)}`;
}

function partRight(check: Check | CodeCheck, { isInProgress = false }: Wording): string {
  const right = check.rows.filter(({ verdict }) => isRight(verdict)).length;
  const areRight = isJudged(check) ? 'are right' : 'agree with autograd’s';
  const isUnfinished = isInProgress && check.rows.some(({ verdict }) => verdict === 'missing');
  return `${right} of ${check.rows.length} gradients ${areRight}${isUnfinished ? ' so far' : ''}`;
}

const pending = ({ length }: readonly CheckRow[]) =>
  `; ${length === 1 ? 'its formula is' : 'their formulas are'} still being judged…`;

/** What is at fault, a clause a verdict, and how much of the rest only follows from it. */
function clausesOf(
  faults: readonly Fault[],
  rows: readonly CheckRow[],
  place: (fault: Fault) => string,
): readonly (readonly HeadlinePart[])[] {
  const clause = (verdict: Verdict, one: string, many: string, end = ''): HeadlinePart[][] => {
    const own = faults.filter((fault) => fault.verdict === verdict);
    if (own.length === 0) return [];
    const places = own.map((fault) => ({ node: fault.node, text: place(fault) }));
    // "dh, db1", but "dh, line 12; db1, line 29".
    const separator = places.some(({ text }) => text.includes(', ')) ? '; ' : ', ';
    const listed = separate(
      places.map((named) => [named]),
      separator,
    );
    return [[`${plural(own.length, one, many)}: `, ...listed, ...(end === '' ? [] : [end])]];
  };
  const leading = [
    ...clause('wrong', 'formula is wrong', 'formulas are wrong'),
    ...clause('missing', 'gradient is missing', 'gradients are missing'),
    ...clause('shape', 'gradient has another shape than the node', 'gradients have another shape than the node'),
  ];
  const others = [
    ...clause('masked', 'is masked', 'are masked', ' (right on this loss only)'),
    ...clause('copied', 'is copied from autograd', 'are copied from autograd'),
  ];
  const inherited = rows.filter(({ verdict }) => verdict === 'inherited').length;
  const causes = faults.filter(({ verdict }) => verdict !== 'masked').length;
  const inherit = plural(inherited, 'row below only inherits', 'rows below only inherit');
  const following = inherited === 0 ? [] : [[`${inherit} ${causes === 1 ? 'it' : 'them'}`]];
  // Right behind what it refers to.
  return leading.length > 0 ? [...leading, ...following, ...others] : [...others, ...following];
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** All parts in order, `separator` between one group and the next. */
function separate(groups: readonly (readonly HeadlinePart[])[], separator: string): HeadlinePart[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
}
