import { rewritten } from './correct';

/** A wrong solution: the lecture's with one mistake planted in it. */
export interface WrongSolution {
  readonly name: string;
  /** The node whose formula is wrong. */
  readonly node: string;
  /** As the catalogue names it. */
  readonly mistake: string;
  readonly code: string;
  /** 1-based lines of the code that may be called to blame: where the mistake stands; null where the line is missing. */
  readonly line: number | null;
  /** Code that was checked before, where the mistake needs one. */
  readonly earlier?: string;
}

/** `from`, a line of the lecture's solution, replaced by `to`. */
export function planted(mistake: string, node: string, from: string, to: string): WrongSolution {
  return plantedBeside(mistake, node, { [from]: to }, to);
}

/** Several lines changed; the mistake stands in the line that reads `where`. */
export function plantedBeside(
  mistake: string,
  node: string,
  changes: Readonly<Record<string, string>>,
  where: string,
): WrongSolution {
  const code = rewritten(changes);
  const line = code.split('\n').indexOf(where) + 1;
  return { name: `${mistake}: ${where.trim()}`, node, mistake, code, line };
}

/** A line left out; what is left of the formula ends at `rest`. */
export function leftOut(node: string, line: string, rest: string): WrongSolution {
  const { code, line: place } = plantedBeside('missing-branch', node, { [line]: '' }, rest);
  return { name: `missing-branch: ${line}`, node, mistake: 'missing-branch', code, line: place };
}

/** A line that uses a name which only an earlier version of the code defined. */
export function stale(node: string, from: string, definition: string, to: string): WrongSolution {
  const earlier = rewritten({ [from]: `${definition}\n${to}` });
  return { ...planted('stale-variable', node, from, to), earlier };
}

/** Lines of the lecture's solution, by the node that they write; `Too` where a second one adds. */
export const lines = {
  logprobs: 'dlogprobs[range(n), Yb] = -1.0/n',
  probs: 'dprobs = (1.0 / probs) * dlogprobs',
  counts_sum_inv: 'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)',
  counts: 'dcounts = counts_sum_inv * dprobs',
  counts_sum: 'dcounts_sum = (-counts_sum**-2) * dcounts_sum_inv',
  countsToo: 'dcounts += torch.ones_like(counts) * dcounts_sum',
  norm_logits: 'dnorm_logits = counts * dcounts',
  logits: 'dlogits = dnorm_logits.clone()',
  logitsToo: 'dlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes',
  h: 'dh = dlogits @ W2.T',
  W2: 'dW2 = h.T @ dlogits',
  b2: 'db2 = dlogits.sum(0)',
  hpreact: 'dhpreact = (1.0 - h**2) * dh',
  bngain: 'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)',
  bnraw: 'dbnraw = bngain * dhpreact',
  bnbias: 'dbnbias = dhpreact.sum(0, keepdim=True)',
  bndiff: 'dbndiff = bnvar_inv * dbnraw',
  bnvar_inv: 'dbnvar_inv = (bndiff * dbnraw).sum(0, keepdim=True)',
  bnvar: 'dbnvar = (-0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv',
  bndiff2: 'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar',
  bndiffToo: 'dbndiff += (2*bndiff) * dbndiff2',
  hprebn: 'dhprebn = dbndiff.clone()',
  bnmeani: 'dbnmeani = (-dbndiff).sum(0, keepdim=True)',
  hprebnToo: 'dhprebn += 1.0/n * (torch.ones_like(hprebn) * dbnmeani)',
  embcat: 'dembcat = dhprebn @ W1.T',
  W1: 'dW1 = embcat.T @ dhprebn',
  b1: 'db1 = dhprebn.sum(0)',
  C: '    dC[ix] += demb[k,j]',
};

/** Both lines that write a node's gradient replaced by one formula, or several lines. */
export function fused(
  mistake: string,
  node: 'counts' | 'logits' | 'bndiff' | 'hprebn',
  formula: string,
): WrongSolution {
  return plantedBeside(
    mistake,
    node,
    { [lines[node]]: '', [lines[`${node}Too`]]: formula },
    formula.split('\n').at(-1)!,
  );
}
