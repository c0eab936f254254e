import { type Check, isRight } from '../../../core/protocol/answers';
import { type HeadlinePart, headlineOf } from '../../../core/protocol/headline';

export interface Summary {
  /** False where something must be mended or cannot be told. */
  readonly good: boolean;
  /** One sentence, to be read one part after the other. */
  readonly parts: readonly HeadlinePart[];
}

/** The check of a built-in backward in one sentence: which formulas are wrong, and how much of the rest only follows. */
export function summarise(check: Check): Summary {
  const { rows, unjudged } = check;
  if (unjudged !== null || !rows.every(({ verdict }) => isRight(verdict))) {
    return { good: false, parts: headlineOf(check, { place: ({ node }) => `d${node}` }) };
  }
  const rounding = rows.filter(({ verdict }) => verdict === 'rounding').length;
  const how =
    rounding === 0 ? 'bit for bit' : `${rounding} of them ${rounding === 1 ? 'differs' : 'differ'} by rounding only`;
  return { good: true, parts: [`All ${rows.length} gradients agree, ${how}.`] };
}
