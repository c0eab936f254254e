import type {
  Blame,
  CheckRow,
  CodeCheck,
  DriftHistory,
  RootCause,
  SessionDescription,
  StatementDescription,
} from '../../../core/protocol/answers';
import { randomOf } from './numbers';
import { checkOrder } from './program';

/** The word that makes a line of code wrong for this made-up lab, and the one that makes it an error. */
const wrongWord = 'WRONG';
const errorWord = 'ERROR';

/** Lines that write a gradient, found by their look alone. */
function statementsOf(code: string): StatementDescription[] {
  return code.split('\n').flatMap((formula, index) => {
    const [, node = ''] = /^\s*d(\w+)(?:\[.*?\])?\s*[-+*/]?=(?!=)/.exec(formula) ?? [];
    return checkOrder.includes(node) ? [{ line: index + 1, node, formula, mistaken: false }] : [];
  });
}

/** Every line that says WRONG is a root cause, all below inherit it; a line that says ERROR ends the run. */
export function codeCheckAt(session: SessionDescription, code: string, step: number): CodeCheck {
  const errorLine = code.split('\n').findIndex((line) => line.includes(errorWord)) + 1 || null;
  const statements = statementsOf(code).filter(({ line }) => errorLine === null || line < errorLine);
  const isWrong = (node: string) =>
    statements.some(({ node: own, formula }) => own === node && formula.includes(wrongWord));
  const rootCauses: RootCause[] = [];
  const rows = checkOrder.map((node): CheckRow => {
    const { shape = [] } = session.nodes.find(({ name }) => name === node) ?? {};
    const line = statements.findLast((statement) => statement.node === node)?.line ?? null;
    const worstIndex = shape.map((size) => Math.floor(size / 2));
    const base = { node, shape, line, exact: false, approximate: false };
    if (line === null) {
      const reason = `No line writes d${node}.`;
      return { ...base, maxdiff: null, maxUlp: null, worstIndex: null, verdict: 'missing', reason };
    }
    if (isWrong(node)) {
      const explanation = `line ${line} divides by n; the forward pass divided by n−1`;
      rootCauses.push({ node, line, mistake: 'n-against-n-minus-1', explanation });
      const reason = 'Given right gradients, and in float64, it still gives another one.';
      return { ...base, maxdiff: 2.13e-3, maxUlp: 812_345, worstIndex, verdict: 'wrong', reason };
    }
    if (rootCauses.length > 0) {
      const reason = 'The formula is right: given right gradients it gives the right one.';
      return { ...base, maxdiff: 7.7e-4, maxUlp: 90_210, worstIndex, verdict: 'inherited', reason };
    }
    const figures = { ...base, exact: true, approximate: true, maxdiff: 0, maxUlp: 0, worstIndex };
    if (node === 'b1') {
      const reason =
        'Batch norm subtracts b1 again, so that a broken formula would pass. Leave it out of the comparison.';
      return { ...figures, verdict: 'vacuous', reason };
    }
    return { ...figures, verdict: 'exact', reason: 'Bit for bit the same.' };
  });
  return {
    backward: 'python',
    mistake: null,
    statements,
    step,
    rows,
    rootCauses,
    error:
      errorLine === null
        ? null
        : { type: 'NameError', message: "name 'ERROR' is not defined. Did you mean: 'EOFError'?", line: errorLine },
    output: '',
    names: statements.map(({ node }) => ({
      name: `d${node}`,
      shape: session.nodes.find(({ name }) => name === node)?.shape ?? [],
    })),
    milliseconds: 42,
  };
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
