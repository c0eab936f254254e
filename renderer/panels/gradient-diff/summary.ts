import type { Check, Verdict } from '../../../core/protocol/answers';

export interface Summary {
  /** False where something must be mended or cannot be told. */
  readonly good: boolean;
  readonly sentence: string;
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** A check in one sentence: which formulas are wrong, and how much of the rest only follows from them. */
export function summarise(check: Check): Summary {
  const nodesOf = (verdict: Verdict) =>
    check.rows.filter((row) => row.verdict === verdict).map((row) => `d${row.node}`);
  const wrong = nodesOf('wrong');
  const inherited = nodesOf('inherited');
  const missing = nodesOf('missing');
  const shape = nodesOf('shape');
  const vacuous = nodesOf('vacuous');
  const rounding = nodesOf('rounding');
  const sources = wrong.length + missing.length + shape.length;

  const faults = [
    wrong.length > 0 && `${plural(wrong.length, 'formula is', 'formulas are')} wrong: ${wrong.join(', ')}`,
    missing.length > 0 && `${plural(missing.length, 'gradient is', 'gradients are')} missing: ${missing.join(', ')}`,
    shape.length > 0 &&
      `${plural(shape.length, 'gradient has', 'gradients have')} another shape than the node: ${shape.join(', ')}`,
    vacuous.length > 0 &&
      `${plural(vacuous.length, 'formula cannot', 'formulas cannot')} be judged on this batch: ${vacuous.join(', ')}`,
    inherited.length > 0 &&
      `${plural(inherited.length, 'row below only inherits', 'rows below only inherit')} ${sources === 1 ? 'it' : 'them'}`,
  ].filter((part) => part !== false);
  if (faults.length > 0) return { good: false, sentence: `${faults.join('; ')}.` };

  const all = `All ${check.rows.length} gradients agree`;
  const how =
    rounding.length === 0
      ? 'bit for bit'
      : `${plural(rounding.length, 'of them differs', 'of them differ')} by rounding only`;
  return { good: true, sentence: `${all}, ${how}.` };
}
