import type {
  Blame,
  CheckRow,
  CodeCheck,
  DriftHistory,
  RootCause,
  SessionDescription,
  StatementDescription,
} from '../../../core/protocol/answers';
import { codeCheckWith, rowWith } from '../../core/check-rows';
import { randomOf } from './numbers';
import { checkOrder } from './program';

/** The words that make a line of code wrong for this made-up lab, or its gradient masked or copied. */
const verdictWords = [
  ['WRONG', 'wrong'],
  ['MASKED', 'masked'],
  ['COPIED', 'copied'],
] as const;
/** The word that makes a line an error, and the one that leaves the formulas to be judged later. */
const errorWord = 'ERROR';
const judgingWord = 'JUDGING';

const reasons = {
  exact: 'Bit for bit the same.',
  wrong: 'Given right gradients, and in float64, it still gives another one.',
  inherited: 'The formula is right: given right gradients it gives the right one.',
  masked: 'Leaves out the path through logit_maxes, which is zero for every loss that goes through softmax.',
  copied: 'Changes with the numbers in .grad.',
};

/** Lines that write a gradient, found by their look alone. */
function statementsOf(code: string): StatementDescription[] {
  return code.split('\n').flatMap((formula, index) => {
    const [, node = ''] = /^\s*d(\w+)(?:\[.*?\])?\s*[-+*/]?=(?!=)/.exec(formula) ?? [];
    return checkOrder.includes(node) ? [{ line: index + 1, node, formula, mistaken: false }] : [];
  });
}

/**
 * Every line that says WRONG is a root cause, all below inherit it; one that says MASKED or COPIED is that; one that says
 * ERROR ends the run; one that says JUDGING leaves it at the values.
 * @param only the nodes that are asked for; all where it is left out.
 */
export function codeCheckAt(
  session: SessionDescription,
  code: string,
  step: number,
  only: readonly string[] = checkOrder,
): CodeCheck {
  const errorLine = code.split('\n').findIndex((line) => line.includes(errorWord)) + 1 || null;
  const statements = statementsOf(code).filter(({ line }) => errorLine === null || line < errorLine);
  const shapeOf = (node: string) => session.nodes.find(({ name }) => name === node)?.shape ?? [];
  const rootCauses: RootCause[] = [];
  const rows = checkOrder.map((node): CheckRow => {
    const own = statements.filter((statement) => statement.node === node);
    const line = own.at(-1)?.line ?? null;
    const shape = shapeOf(node);
    const row = rowWith({ node, shape, line, worstIndex: shape.map((size) => Math.floor(size / 2)) });
    const differing = { ...row, exact: false, approximate: false };
    if (line === null) {
      const reason = `No line writes d${node}.`;
      return { ...differing, maxdiff: null, maxUlp: null, worstIndex: null, verdict: 'missing', reason };
    }
    const [, told] = verdictWords.find(([word]) => own.some(({ formula }) => formula.includes(word))) ?? [];
    const verdict = told ?? (rootCauses.length > 0 ? 'inherited' : 'exact');
    const reason = reasons[verdict];
    if (verdict === 'wrong') {
      const explanation = `line ${line} divides by n; the forward pass divided by n−1`;
      rootCauses.push({ node, line, mistake: 'n-against-n-minus-1', explanation });
      return { ...differing, maxdiff: 2.13e-3, maxUlp: 812_345, verdict, reason };
    }
    if (verdict === 'inherited') return { ...differing, maxdiff: 7.7e-4, maxUlp: 90_210, verdict, reason };
    return { ...row, verdict, reason };
  });
  return codeCheckWith(
    rows.filter(({ node }) => only.includes(node)),
    {
      statements,
      step,
      rootCauses,
      isJudgedByTerms: !code.includes(judgingWord),
      error:
        errorLine === null
          ? null
          : { type: 'NameError', message: "name 'ERROR' is not defined. Did you mean: 'EOFError'?", line: errorLine },
      names: statements.map(({ node }) => ({ name: `d${node}`, shape: shapeOf(node) })),
      milliseconds: 42,
    },
  );
}

export function driftHistoryAt(step: number, points: number): DriftHistory {
  const size = Math.ceil((step + 1) / points);
  const steps = Float64Array.from({ length: Math.ceil((step + 1) / size) }, (_, bucket) => bucket * size);
  return { steps, drift: steps.map((start) => 1e-7 * Math.sqrt(start) * (0.5 + randomOf(`drift ${start}`)())) };
}

export function blameAt(node: string, index: readonly number[]): Blame {
  const random = randomOf(`${node} ${index.join()}`);
  const [first, second] = [0.01 * (random() - 0.5), 0.01 * (random() - 0.5)];
  return {
    node,
    index,
    value: random(),
    autograd: first + second,
    manual: first,
    inputs: [
      { name: 'norm_logits', index, value: random() },
      { name: 'dcounts', index, value: random() },
    ],
    paths: [
      { from: 'probs', op: 'multiply', contribution: first },
      { from: 'counts_sum', op: 'sum', contribution: second },
    ],
    token: `“e” after “.em”, row ${index[0] ?? 0}`,
  };
}
