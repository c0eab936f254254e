import type { Operations } from '../../graph/operations';
import type { Tensor } from '../../tensor/tensor';
import type { BackwardScope, Statement } from '../statement';

/** The 26 nodes whose gradients the lecture compares, in its order. */
export const comparedNodes = [
  'logprobs',
  'probs',
  'counts_sum_inv',
  'counts_sum',
  'counts',
  'norm_logits',
  'logit_maxes',
  'logits',
  'h',
  'W2',
  'b2',
  'hpreact',
  'bngain',
  'bnbias',
  'bnraw',
  'bnvar_inv',
  'bnvar',
  'bndiff2',
  'bndiff',
  'bnmeani',
  'hprebn',
  'embcat',
  'W1',
  'b1',
  'emb',
  'C',
] as const;

/** `dnode = formula`. */
export function assign(node: string, formula: string, compute: Statement['compute']): Statement {
  return { node, formula: `d${node} = ${formula}`, accumulate: false, compute };
}

/** `dnode += formula`. */
function accumulate(node: string, formula: string, compute: Statement['compute']): Statement {
  return { node, formula: `d${node} += ${formula}`, accumulate: true, compute };
}

/**
 * The lecture's exercise 1: one node at a time, each formula the chain rule applied to one forward line. Where a formula
 * can be written in several ways, it is written in the way autograd computes it, so that it is exact for every batch size.
 */
export const nodewise: readonly Statement[] = [
  assign('logprobs', 'torch.zeros_like(logprobs); dlogprobs[range(n), Yb] = -1.0/n', (t, { logprobs, Yb }, { n }) =>
    t.scatterPick(t.full([n], -1 / n), Yb, logprobs.shape),
  ),
  assign('probs', 'dlogprobs / probs', (t, { dlogprobs, probs }) => t.divide(dlogprobs, probs)),
  assign('counts_sum_inv', '(counts * dprobs).sum(1, keepdim=True)', (t, { counts, dprobs }) =>
    t.sum(t.multiply(counts, dprobs), 1, true),
  ),
  assign('counts', 'counts_sum_inv * dprobs', (t, { counts_sum_inv, dprobs }) => t.multiply(counts_sum_inv, dprobs)),
  assign('counts_sum', '(-counts_sum**-2) * dcounts_sum_inv', (t, { counts_sum, dcounts_sum_inv }) =>
    t.multiply(t.negate(t.power(counts_sum, -2)), dcounts_sum_inv),
  ),
  accumulate('counts', 'torch.ones_like(counts) * dcounts_sum', (t, { counts, dcounts_sum }) =>
    t.expand(dcounts_sum, counts.shape),
  ),
  assign('norm_logits', 'counts * dcounts', (t, { counts, dcounts }) => t.multiply(counts, dcounts)),
  assign('logits', 'dnorm_logits.clone()', (t, { dnorm_logits }) => t.clone(dnorm_logits)),
  assign('logit_maxes', '(-dnorm_logits).sum(1, keepdim=True)', (t, { dnorm_logits }) =>
    t.sum(t.negate(dnorm_logits), 1, true),
  ),
  accumulate('logits', 'F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes', throughMaximum),
  assign('h', 'dlogits @ W2.T', (t, { dlogits, W2 }) => t.matmul(dlogits, t.transpose(W2))),
  assign('W2', 'h.T @ dlogits', (t, { h, dlogits }) => t.matmul(t.transpose(h), dlogits)),
  assign('b2', 'dlogits.sum(0)', (t, { dlogits }) => t.sum(dlogits, 0)),
  assign('hpreact', '(1.0 - h**2) * dh', (t, { h, dh }) => t.tanhBackward(dh, h)),
  assign('bngain', '(bnraw * dhpreact).sum(0, keepdim=True)', (t, { bnraw, dhpreact }) =>
    t.sum(t.multiply(bnraw, dhpreact), 0, true),
  ),
  assign('bnraw', 'bngain * dhpreact', (t, { bngain, dhpreact }) => t.multiply(bngain, dhpreact)),
  assign('bnbias', 'dhpreact.sum(0, keepdim=True)', (t, { dhpreact }) => t.sum(dhpreact, 0, true)),
  assign('bndiff', 'bnvar_inv * dbnraw', (t, { bnvar_inv, dbnraw }) => t.multiply(bnvar_inv, dbnraw)),
  assign('bnvar_inv', '(bndiff * dbnraw).sum(0, keepdim=True)', (t, { bndiff, dbnraw }) =>
    t.sum(t.multiply(bndiff, dbnraw), 0, true),
  ),
  assign('bnvar', '(-0.5 * (bnvar + 1e-5)**-1.5) * dbnvar_inv', (t, { bnvar, dbnvar_inv }) =>
    t.multiply(t.multiply(t.power(t.add(bnvar, 1e-5), -1.5), -0.5), dbnvar_inv),
  ),
  assign('bndiff2', '1.0/(n-1) * torch.ones_like(bndiff2) * dbnvar', (t, { bndiff2, dbnvar }, { n }) =>
    t.expand(t.multiply(dbnvar, 1 / (n - 1)), bndiff2.shape),
  ),
  accumulate('bndiff', '(2 * bndiff) * dbndiff2', (t, { bndiff, dbndiff2 }) =>
    t.multiply(t.multiply(bndiff, 2), dbndiff2),
  ),
  assign('hprebn', 'dbndiff.clone()', (t, { dbndiff }) => t.clone(dbndiff)),
  assign('bnmeani', '(-dbndiff).sum(0, keepdim=True)', (t, { dbndiff }) => t.sum(t.negate(dbndiff), 0, true)),
  accumulate('hprebn', '1.0/n * (torch.ones_like(hprebn) * dbnmeani)', (t, { hprebn, dbnmeani }, { n }) =>
    t.expand(t.multiply(dbnmeani, 1 / n), hprebn.shape),
  ),
  assign('embcat', 'dhprebn @ W1.T', (t, { dhprebn, W1 }) => t.matmul(dhprebn, t.transpose(W1))),
  assign('W1', 'embcat.T @ dhprebn', (t, { embcat, dhprebn }) => t.matmul(t.transpose(embcat), dhprebn)),
  assign('b1', 'dhprebn.sum(0)', (t, { dhprebn }) => t.sum(dhprebn, 0)),
  assign('emb', 'dembcat.view(emb.shape)', (t, { dembcat, emb }) => t.view(dembcat, emb.shape)),
  assign('C', 'torch.zeros_like(C); dC.index_put_((Xb,), demb, accumulate=True)', (t, { demb, Xb, C }) =>
    t.putRows(demb, Xb, C.shape),
  ),
];

const fusedLogits = assign(
  'logits',
  'F.softmax(logits, 1); dlogits[range(n), Yb] -= 1; dlogits /= n',
  (t, { logits, Yb }, { n }) => {
    const oneHot = t.scatterPick(t.full([n], 1), Yb, logits.shape);
    return t.divide(t.subtract(t.softmax(logits), oneHot), n);
  },
);

const fusedHprebn = assign(
  'hprebn',
  'bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
  (t, { bngain, bnvar_inv, bnraw, dhpreact }) => t.batchNormBackward(dhpreact, bnraw, bngain, bnvar_inv),
);

/** The lecture's exercises 2 and 3: cross entropy and batch norm each in one formula; all other lines stay as they are. */
export const fused: readonly Statement[] = replaceStatements(nodewise, [fusedLogits, fusedHprebn]);

/** `statements` with all lines that write the replacements' nodes gone, each replacement standing where the first was. */
export function replaceStatements(statements: readonly Statement[], replacements: readonly Statement[]): Statement[] {
  const first = (node: string) => statements.find((statement) => statement.node === node);
  return statements.flatMap((statement) => {
    const replacement = replacements.find(({ node }) => node === statement.node);
    if (replacement === undefined) return [statement];
    return statement === first(statement.node) ? [replacement] : [];
  });
}

/** The gradient of a row's maximum goes to the element that was the maximum. */
function throughMaximum(t: Operations, { logits, dlogit_maxes }: BackwardScope): Tensor {
  return t.scatterPick(dlogit_maxes, t.rowArgmax(logits), logits.shape);
}
