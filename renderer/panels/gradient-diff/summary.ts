import type { Check, Verdict } from '../../../core/protocol/answers';

/** Words of the sentence, or a node whose gradient it names. */
export type SummaryPart = string | { readonly node: string };

export interface Summary {
  /** False where something must be mended or cannot be told. */
  readonly good: boolean;
  /** One sentence, to be read one part after the other. */
  readonly parts: readonly SummaryPart[];
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** Whether the node's own formula is at fault, and not one above it. */
export function isFault(verdict: Verdict): boolean {
  return verdict === 'wrong' || verdict === 'missing' || verdict === 'shape';
}

/** A check in one sentence: which formulas are wrong, and how much of the rest only follows from them. */
export function summarise(check: Check): Summary {
  const nodesOf = (verdict: Verdict) => check.rows.filter((row) => row.verdict === verdict).map(({ node }) => node);
  const clause = (verdict: Verdict, one: string, many: string): SummaryPart[][] => {
    const nodes = nodesOf(verdict);
    return nodes.length === 0 ? [] : [[`${plural(nodes.length, one, many)}: `, ...nameAll(nodes)]];
  };
  const faults = check.rows.filter(({ verdict }) => isFault(verdict)).length;
  const inherited = nodesOf('inherited').length;

  const clauses = [
    ...clause('wrong', 'formula is wrong', 'formulas are wrong'),
    ...clause('missing', 'gradient is missing', 'gradients are missing'),
    ...clause('shape', 'gradient has another shape than the node', 'gradients have another shape than the node'),
    ...clause('vacuous', 'formula cannot be judged on this batch', 'formulas cannot be judged on this batch'),
  ];
  if (inherited > 0) {
    const inherit = plural(inherited, 'row below only inherits', 'rows below only inherit');
    clauses.push([`${inherit} ${faults === 1 ? 'it' : 'them'}`]);
  }
  if (clauses.length > 0) return { good: false, parts: [...separate(clauses, '; '), '.'] };

  const rounding = nodesOf('rounding').length;
  const how =
    rounding === 0 ? 'bit for bit' : `${plural(rounding, 'of them differs', 'of them differ')} by rounding only`;
  return { good: true, parts: [`All ${check.rows.length} gradients agree, ${how}.`] };
}

const nameAll = (nodes: readonly string[]): SummaryPart[] =>
  separate(
    nodes.map((node) => [{ node }]),
    ', ',
  );

/** All parts in order, `separator` between one group and the next. */
function separate(groups: readonly (readonly SummaryPart[])[], separator: string): SummaryPart[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
}
