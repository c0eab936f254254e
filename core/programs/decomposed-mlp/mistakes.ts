import type { Mistake, Statement } from '../statement';
import { assign, replaceStatements } from './backward';

/** The classic errors of this exercise, each one line of the backward pass changed or left out. */
export const mistakes: readonly Mistake[] = [
  changed(
    'loss-sign',
    'Sign lost: +1/n into dlogprobs',
    assign('logprobs', 'torch.zeros_like(logprobs); dlogprobs[range(n), Yb] = 1.0/n', (t, { logprobs, Yb }, { n }) =>
      t.scatterPick(t.full([n], 1 / n), Yb, logprobs.shape),
    ),
  ),
  overwritten('dcounts-overwritten', 'counts'),
  {
    name: 'logit-maxes-forgotten',
    title: 'The branch through logit_maxes forgotten',
    node: 'logit_maxes',
    plant: (statements) => ({
      statements: statements.filter(
        ({ node, accumulate: adds }) => node !== 'logit_maxes' && !(node === 'logits' && adds),
      ),
      planted: [],
    }),
  },
  overwritten('dlogits-overwritten', 'logits'),
  changed(
    'dw2-not-transposed',
    'A transpose missing in dW2',
    assign('W2', 'dlogits.T @ h', (t, { dlogits, h }) => t.matmul(t.transpose(dlogits), h)),
  ),
  changed(
    'db2-averaged',
    'mean(0) instead of sum(0) in db2',
    assign('b2', 'dlogits.mean(0)', (t, { dlogits }) => t.mean(dlogits, 0)),
  ),
  changed(
    'tanh-of-input',
    "tanh' taken of the input instead of the output",
    assign('hpreact', '(1.0 - hpreact**2) * dh', (t, { hpreact, dh }) => t.tanhBackward(dh, hpreact)),
  ),
  changed(
    'gain-forgotten',
    'bngain forgotten in dbnraw',
    assign('bnraw', 'dhpreact.clone()', (t, { dhpreact }) => t.clone(dhpreact)),
  ),
  changed(
    'bnvar-power',
    'Exponent not lowered in dbnvar',
    assign('bnvar', '(-0.5 * (bnvar + 1e-5)**-0.5) * dbnvar_inv', (t, { bnvar, dbnvar_inv }) =>
      t.multiply(t.multiply(t.power(t.add(bnvar, 1e-5), -0.5), -0.5), dbnvar_inv),
    ),
  ),
  changed(
    'variance-over-n',
    '1/n instead of 1/(n−1) through bnvar',
    assign('bndiff2', '1.0/n * torch.ones_like(bndiff2) * dbnvar', (t, { bndiff2, dbnvar }, { n }) =>
      t.expand(t.multiply(dbnvar, 1 / n), bndiff2.shape),
    ),
  ),
  overwritten('dbndiff-overwritten', 'bndiff'),
  changed(
    'bnmeani-sign',
    'Sign lost in dbnmeani',
    assign('bnmeani', 'dbndiff.sum(0, keepdim=True)', (t, { dbndiff }) => t.sum(dbndiff, 0, true)),
  ),
  changed(
    'mean-path-forgotten',
    "The mean's path into dhprebn forgotten",
    assign('hprebn', 'dbndiff.clone()', (t, { dbndiff }) => t.clone(dbndiff)),
  ),
  changed(
    'dc-overwritten',
    '= instead of += into dC',
    assign('C', 'torch.zeros_like(C); dC[Xb] = demb', (t, { demb, Xb, C }) => t.putRows(demb, Xb, C.shape, false)),
  ),
];

/** All lines that write the statement's node replaced by it. */
function changed(name: string, title: string, line: Statement): Mistake {
  const plant = (statements: readonly Statement[]) => ({
    statements: replaceStatements(statements, [line]),
    planted: [line],
  });
  return { name, title, node: line.node, plant };
}

/** The node's last `+=` made an `=`, so that what the lines before it gave is lost. */
function overwritten(name: string, node: string): Mistake {
  return {
    name,
    title: `= instead of += into d${node}`,
    node,
    plant(statements) {
      const adding = statements.findLast((statement) => statement.node === node && statement.accumulate);
      if (adding === undefined) return null;
      const assigning = { ...adding, accumulate: false, formula: adding.formula.replace('+=', '=') };
      return {
        statements: statements.map((statement) => (statement === adding ? assigning : statement)),
        planted: [assigning],
      };
    },
  };
}
