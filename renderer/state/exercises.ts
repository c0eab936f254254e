import { type CodeCheck, type DriftHistory, isRight, type StatementDescription } from '../../core/protocol/answers';
import { exerciseNodes } from '../../core/protocol/exercises';

/** Steps of training with one's own gradients that finish exercise 4. */
export const stepsToTrain = 1000;

/** Gradients that the fused formulas of exercises 2 and 3 do without. */
const skippedBy: Readonly<Record<'logits' | 'hprebn', readonly string[]>> = {
  logits: ['logprobs', 'probs', 'counts_sum_inv', 'counts_sum', 'counts', 'norm_logits', 'logit_maxes'],
  hprebn: ['bnraw', 'bnvar_inv', 'bnvar', 'bndiff2', 'bndiff', 'bnmeani'],
};

/** One thing an exercise asks for. */
export interface Goal {
  readonly title: string;
  readonly isReached: boolean;
  /** The node it is about; null where it is about none. */
  readonly node: string | null;
}

/**
 * The nodes that a check is to ask for; undefined for all. Exercises 2 and 3 are about one formula: what else the code
 * writes is judged as well, and what it does not write is not missed.
 */
export function askedNodes(exercise: number, code: string): string[] | undefined {
  if (exercise !== 2 && exercise !== 3) return undefined;
  const isWritten = (node: string) => new RegExp(`^\\s*d${node}\\b.*?[^=!<>]=(?!=)`, 'm').test(code);
  const asked: readonly string[] = exerciseNodes[exercise];
  return exerciseNodes[1].filter((node) => asked.includes(node) || isWritten(node));
}

/** What an exercise asks for and how much of that the newest check shows. The check is of the person's own code. */
export function goalsOf(exercise: number, check: CodeCheck | null, drift: DriftHistory | null): readonly Goal[] {
  const rows = check?.rows ?? [];
  const rightGradient = (node: string): Goal => ({
    title: `d${node}`,
    isReached: isRight(rows.find((row) => row.node === node)?.verdict),
    node,
  });
  switch (exercise) {
    case 2:
      return [rightGradient('logits'), inOneFormula('logits', check)];
    case 3:
      return [rightGradient('hprebn'), inOneFormula('hprebn', check)];
    case 4:
      return [...exerciseNodes[4].map(rightGradient), trainedLong(drift)];
    default:
      return exerciseNodes[1].map(rightGradient);
  }
}

/** Whether there is something to reach and all of it is. */
export function isDone(goals: readonly Goal[]): boolean {
  return goals.length > 0 && goals.every(({ isReached }) => isReached);
}

function inOneFormula(node: 'logits' | 'hprebn', check: CodeCheck | null): Goal {
  const lines = linesOfLastFormula(node, check?.statements ?? []);
  const usesSkipped = lines.some(({ formula }) =>
    skippedBy[node].some((skipped) => new RegExp(`\\bd${skipped}\\b`).test(formula)),
  );
  return {
    title: `without ${skippedBy[node].map((skipped) => `d${skipped}`).join(', ')}`,
    isReached: lines.length > 0 && !usesSkipped,
    node: null,
  };
}

/** The lines that write a gradient from the last time it was set anew (`dx = …`, not `dx += …` or `dx[…] = …`). */
function linesOfLastFormula(
  node: string,
  statements: readonly StatementDescription[],
): readonly StatementDescription[] {
  const own = statements.filter((statement) => statement.node === node);
  const setsAnew = new RegExp(`\\bd${node}\\s*=(?!=)`);
  const last = own.findLastIndex(({ formula }) => setsAnew.test(formula));
  return last === -1 ? own : own.slice(last);
}

/** Steps that were trained with the person's own gradients. */
export function trainedSteps(drift: DriftHistory | null): number {
  const [first = 0] = drift?.steps ?? [];
  return (drift?.steps.at(-1) ?? first) - first;
}

function trainedLong(drift: DriftHistory | null): Goal {
  return {
    title: `${stepsToTrain.toLocaleString('en-US')} steps trained with them`,
    isReached: trainedSteps(drift) >= stepsToTrain,
    node: null,
  };
}
