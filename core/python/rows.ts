import { checkRow } from '../gradients/check-row';
import { compare } from '../gradients/compare';
import type { Point } from '../gradients/point';
import { missing } from '../gradients/verdict';
import { type CheckRow, isRight, type RootCause } from '../protocol/answers';
import { broadcast, broadcastsTo } from '../tensor/broadcasting';
import { unravelIndex } from '../tensor/shape';
import type { AnswerJudge } from './answer-judge';
import type { Failure } from './failure';
import type { Answer } from './find-answers';
import type { LabInputs } from './lab-inputs';
import type { ManualGradientsByNode } from './lab-service';
import { maskedReason } from './masked-reason';
import type { Mistake, Suspect } from './root-causes';
import { type Followed, nodeOf, type Trial } from './trial';

/** The row of a node that the code gives no answer to. */
export function missingRow(inputs: LabInputs, node: string, reason: string): CheckRow {
  return checkRow(node, nodeOf(inputs, node).shape, missing(reason));
}

/** A row for every node that is asked for. */
export function rowsOf(trial: Trial, judge: AnswerJudge): readonly CheckRow[] {
  return trial.inputs.askedNodes.map((node) => {
    const answers = judge.answersOf(node);
    const reason = missingReason(trial, node, answers);
    return reason === null ? rowOf(trial, judge, answers) : missingRow(trial.inputs, node, reason);
  });
}

/** Why a node has no answer; null where it has one. */
function missingReason(trial: Trial, node: string, answers: readonly Answer[]): string | null {
  const name = `d${node}`;
  if (trial.lost.has(name)) return `${name} is no tensor: line ${trial.lost.get(name)} gives it something else.`;
  if (answers.length > 0) return null;
  const { error } = trial.run;
  const writers = trial.program.sites.filter(({ places }) => places.includes(name));
  const isReached = writers.some(({ line }) => error?.line === undefined || error.line === null || line < error.line);
  const isHeld = trial.holdings.some(({ place }) => place === name);
  if (writers.length > 0 && isReached && !isHeld)
    return `${name} is no tensor: line ${writers[0].line} gives it something else.`;
  if (writers.length > 0 && error !== null) {
    const place = error.line === null ? 'The code' : `Line ${error.line}`;
    return `${place} failed (${error.type}) before ${name} was complete.`;
  }
  return `No line writes ${name}.`;
}

/** Of several answers the row is of the first that is not right; where all are, of the last. */
function rowOf(trial: Trial, judge: AnswerJudge, answers: readonly Answer[]): CheckRow {
  const chosen = answerOfRow(judge, answers);
  // Every turn of a loop may give the same answer again: it is told once.
  const told = new Map(
    answers.map((answer) => {
      const { verdict, reason } = judge.decide(answer);
      const line = trial.lineOf(answer);
      return [`${line} ${verdict} ${reason}`, { line, verdict, reason }];
    }),
  );
  return checkRow(chosen.node, nodeOf(trial.inputs, chosen.node).shape, judge.decide(chosen), {
    line: trial.lineOf(chosen),
    notes: chosen.note === null ? [] : [chosen.note],
    answers: told.size > 1 ? [...told.values()] : [],
  });
}

/** The gradients that the rows are of, as the code gave them. */
export function gradientsOf(trial: Trial, judge: AnswerJudge): ManualGradientsByNode {
  const isJudged = trial.inputs.unjudged === null;
  return new Map(
    [...new Set(trial.answers.map(({ node }) => node))].map((node) => {
      const answers = judge.answersOf(node);
      const chosen = isJudged ? answerOfRow(judge, answers) : answers[answers.length - 1];
      return [node, judge.gradientOf(chosen)];
    }),
  );
}

/**
 * Rows and gradients with what the notebook has of copied ones: the figures that it prints and the numbers, where `.grad` is
 * autograd's. What the code gave while it was judged came from random numbers.
 */
export function withCopied(
  { rows, gradients }: { readonly rows: readonly CheckRow[]; readonly gradients: ManualGradientsByNode },
  trial: Trial,
  judge: AnswerJudge,
  { captured }: Followed,
): { readonly rows: readonly CheckRow[]; readonly gradients: ManualGradientsByNode } {
  const shown = new Map(gradients);
  const figured = rows.map((row) => {
    if (row.verdict !== 'copied') return row;
    const given = captured.get(answerOfRow(judge, judge.answersOf(row.node)).key);
    const { shape, gradient } = nodeOf(trial.inputs, row.node);
    if (given === undefined || !broadcastsTo(given.shape, shape)) return row;
    const values = broadcast(given.values, given.shape, shape);
    shown.set(row.node, { shape, values });
    const { exact, approximate, maxdiff, maxUlp, worst } = compare(values, gradient);
    return { ...row, exact, approximate, maxdiff, maxUlp, worstIndex: unravelIndex(worst, shape) };
  });
  return { rows: figured, gradients: shown };
}

/** The answer that a node's row is of. */
function answerOfRow(judge: AnswerJudge, answers: readonly Answer[]): Answer {
  return answers.find((answer) => !isRight(judge.decide(answer).verdict)) ?? answers[answers.length - 1];
}

/** The formulas that are wrong by themselves, masked or not, to be looked into. */
export function suspectsOf(
  trial: Trial,
  judge: AnswerJudge,
  rows: readonly CheckRow[],
  failure: Failure,
): readonly Suspect[] {
  const wrong = rows.flatMap(({ node, verdict, reason }): Suspect[] => {
    if (verdict !== 'wrong' && verdict !== 'masked' && verdict !== 'shape') return [];
    const answer = answerOfRow(judge, judge.answersOf(node));
    const isMisshapen = !broadcastsTo(answer.shape, nodeOf(trial.inputs, node).shape);
    return [{ node, answer, reason, isMisshapen }];
  });
  const isExplained = rows.some(({ reason }) => /is no tensor/.test(reason));
  if (failure.node === null || isExplained) return wrong;
  return [...wrong, { node: failure.node, answer: null, reason: '', isMisshapen: false }];
}

interface CauseParts {
  readonly rows: readonly CheckRow[];
  readonly trial: Trial;
  readonly judge: AnswerJudge;
  readonly mistakes: ReadonlyMap<Suspect, Mistake>;
  readonly failure: Failure;
  /** Another point than the step. */
  readonly point: Point;
}

/** The rows with what was found out, and the formulas that are wrong by themselves. */
export function withCauses({ rows, trial, judge, mistakes, failure, point }: CauseParts): {
  readonly rows: readonly CheckRow[];
  readonly rootCauses: readonly RootCause[];
} {
  const found = new Map([...mistakes].map(([{ node }, mistake]) => [node, mistake]));
  const masked = new Set(rows.filter(({ verdict }) => verdict === 'masked').map(({ node }) => node));
  const causes = [...found].filter(([node]) => !masked.has(node)).map(([node, mistake]) => ({ node, ...mistake }));
  const noTensors = rows.flatMap(({ node, reason }): RootCause[] => {
    const [, line] = /is no tensor: line (\d+)/.exec(reason) ?? [];
    return line === undefined
      ? []
      : [{ node, line: Number(line), mistake: null, explanation: `line ${line}: d${node} is no tensor.` }];
  });
  const failed = failure.failed === null || noTensors.length > 0 ? [] : [failure.failed];
  const all = [...causes, ...noTensors, ...failure.unwritten, ...failed.filter(({ node }) => !found.has(node))];
  const told = rows.map((row) => {
    const mistake = found.get(row.node);
    if (row.verdict === 'wrong' && mistake !== undefined) {
      return { ...row, line: mistake.line ?? row.line, reason: sentence(mistake.explanation) };
    }
    if (row.verdict === 'masked') {
      const answer = answerOfRow(judge, judge.answersOf(row.node));
      const lacks = mistake?.mistake == null ? null : mistake.explanation;
      const isRightElsewhere = judge.isRightElsewhere(answer, point);
      const masked = { node: row.node, reads: judge.readsOf(answer), lacks, isRightElsewhere };
      const reason = maskedReason(masked, trial.inputs, point);
      return { ...row, line: mistake?.line ?? row.line, reason };
    }
    if (row.verdict === 'inherited') {
      const roots = [...new Set(judge.rootsOf(answerOfRow(judge, judge.answersOf(row.node))))];
      const from = roots.length === 0 ? '' : ` It inherits from ${roots.map((node) => `d${node}`).join(', ')}.`;
      return { ...row, reason: `${row.reason}${from}` };
    }
    return row;
  });
  return { rows: told, rootCauses: all.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0)) };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
