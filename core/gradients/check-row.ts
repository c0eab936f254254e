import type { CheckRow } from '../protocol/answers';
import { type Shape, unravelIndex } from '../tensor/shape';
import type { Decision } from './verdict';

/** What a row has besides what is decided of its gradient. */
type Extra = Pick<CheckRow, 'line' | 'notes' | 'answers'>;

/** The row of a node. */
export function checkRow(node: string, shape: Shape, decision: Decision, extra: Partial<Extra> = {}): CheckRow {
  const { comparison, bound, verdict, reason, notes } = decision;
  const isLocated = comparison !== null && verdict !== 'shape';
  return {
    node,
    shape,
    exact: comparison?.exact ?? false,
    approximate: comparison?.approximate ?? false,
    maxdiff: comparison?.maxdiff ?? null,
    bound,
    maxUlp: comparison?.maxUlp ?? null,
    worstIndex: isLocated ? unravelIndex(comparison.worst, shape) : null,
    verdict,
    reason,
    line: extra.line ?? null,
    notes: [...(extra.notes ?? []), ...notes],
    answers: extra.answers ?? [],
  };
}
