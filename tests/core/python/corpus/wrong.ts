import { leftOut, lines, planted, plantedBeside, stale, type WrongSolution } from './planting';
import { wrongFormulas } from './wrong-formulas';

export type { WrongSolution } from './planting';

/** Each mistake of the catalogue, at several nodes. */
export const wrongSolutions: readonly WrongSolution[] = [
  planted('sign', 'logprobs', lines.logprobs, 'dlogprobs[range(n), Yb] = 1.0/n'),
  planted('sign', 'counts_sum', lines.counts_sum, 'dcounts_sum = counts_sum**-2 * dcounts_sum_inv'),
  planted('sign', 'bnvar', lines.bnvar, 'dbnvar = (0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv'),
  planted('sign', 'hpreact', lines.hpreact, 'dhpreact = (1.0 + h**2) * dh'),
  planted('sign', 'bnmeani', lines.bnmeani, 'dbnmeani = dbndiff.sum(0, keepdim=True)'),
  planted('sign', 'bndiff', lines.bndiffToo, 'dbndiff -= (2*bndiff) * dbndiff2'),

  leftOut('counts', lines.countsToo, lines.counts),
  leftOut('bndiff', lines.bndiffToo, lines.bndiff),
  leftOut('hprebn', lines.hprebnToo, lines.hprebn),

  planted('assign-for-add', 'counts', lines.countsToo, 'dcounts = torch.ones_like(counts) * dcounts_sum'),
  planted('assign-for-add', 'logits', lines.logitsToo, lines.logitsToo.replace('+=', '=')),
  planted('assign-for-add', 'bndiff', lines.bndiffToo, 'dbndiff = (2*bndiff) * dbndiff2'),
  planted('assign-for-add', 'hprebn', lines.hprebnToo, lines.hprebnToo.replace('+=', '=')),
  planted('assign-for-add', 'C', lines.C, '    dC[ix] = demb[k,j]'),
  planted('extra-branch', 'bndiff', lines.bndiffToo, 'dbndiff += (2*bndiff) * dbndiff2 + bnvar_inv * dbnraw'),

  planted('n-for-n-minus-1', 'bndiff2', lines.bndiff2, 'dbndiff2 = (1.0/n)*torch.ones_like(bndiff2) * dbnvar'),
  planted('n-minus-1-for-n', 'logprobs', lines.logprobs, 'dlogprobs[range(n), Yb] = -1.0/(n-1)'),
  planted('n-minus-1-for-n', 'hprebn', lines.hprebnToo, 'dhprebn += 1.0/(n-1) * (torch.ones_like(hprebn) * dbnmeani)'),

  planted('transpose', 'W2', lines.W2, 'dW2 = dlogits.T @ h'),
  planted('transpose', 'h', lines.h, 'dh = dlogits @ W2'),
  planted('transpose', 'embcat', lines.embcat, 'dembcat = dhprebn @ W1'),
  planted('transpose', 'W1', lines.W1, 'dW1 = embcat @ dhprebn'),
  planted('transpose', 'W1', lines.W1, 'dW1 = (embcat.T @ dhprebn).T'),

  planted('axis', 'b2', lines.b2, 'db2 = dlogits.sum(1)'),
  planted('axis', 'counts_sum_inv', lines.counts_sum_inv, 'dcounts_sum_inv = (counts * dprobs).sum(0, keepdim=True)'),
  planted('axis', 'bnvar_inv', lines.bnvar_inv, 'dbnvar_inv = (bndiff * dbnraw).sum(1, keepdim=True)'),

  planted('missing-factor', 'bnraw', lines.bnraw, 'dbnraw = dhpreact.clone()'),
  planted('missing-factor', 'probs', lines.probs, 'dprobs = dlogprobs.clone()'),
  planted('missing-factor', 'norm_logits', lines.norm_logits, 'dnorm_logits = dcounts.clone()'),
  planted('missing-factor', 'bndiff', lines.bndiff, 'dbndiff = dbnraw.clone()'),
  planted('missing-factor', 'bngain', lines.bngain, 'dbngain = dhpreact.sum(0, keepdim=True)'),
  planted('missing-factor', 'bndiff', lines.bndiffToo, 'dbndiff += 2 * dbndiff2'),
  planted('missing-factor', 'hprebn', lines.hprebnToo, 'dhprebn += torch.ones_like(hprebn) * dbnmeani'),
  planted('missing-factor', 'counts_sum', lines.counts_sum, 'dcounts_sum = -dcounts_sum_inv'),

  planted('extra-factor', 'bnbias', lines.bnbias, 'dbnbias = (bngain * dhpreact).sum(0, keepdim=True)'),
  planted('extra-factor', 'logits', lines.logits, 'dlogits = probs * dnorm_logits'),
  planted('extra-factor', 'b2', lines.b2, 'db2 = (b2 * dlogits).sum(0)'),

  planted('factor-2', 'bndiff', lines.bndiffToo, 'dbndiff += bndiff * dbndiff2'),
  planted('factor-2', 'bnvar', lines.bnvar, 'dbnvar = -(bnvar + 1e-5)**-1.5 * dbnvar_inv'),
  planted('factor-2', 'hpreact', lines.hpreact, 'dhpreact = (1.0 - 2 * h**2) * dh'),

  planted('exponent', 'bnvar', lines.bnvar, 'dbnvar = (-0.5*(bnvar + 1e-5)**-0.5) * dbnvar_inv'),
  planted('exponent', 'counts_sum', lines.counts_sum, 'dcounts_sum = (-counts_sum**-1) * dcounts_sum_inv'),
  planted('exponent', 'hpreact', lines.hpreact, 'dhpreact = (1.0 - h) * dh'),

  planted('value-for-gradient', 'bndiff', lines.bndiffToo, 'dbndiff += (2*bndiff) * bndiff2'),
  planted('value-for-gradient', 'h', lines.h, 'dh = logits @ W2.T'),
  planted('value-for-gradient', 'bnbias', lines.bnbias, 'dbnbias = hpreact.sum(0, keepdim=True)'),
  planted('value-for-gradient', 'norm_logits', lines.norm_logits, 'dnorm_logits = dcounts * dcounts'),
  planted('value-for-gradient', 'W2', lines.W2, 'dW2 = dh.T @ dlogits'),
  planted('value-for-gradient', 'bnvar_inv', lines.bnvar_inv, 'dbnvar_inv = (dbndiff * dbnraw).sum(0, keepdim=True)'),

  planted('input-for-output', 'hpreact', lines.hpreact, 'dhpreact = (1.0 - hpreact**2) * dh'),
  planted('input-for-output', 'norm_logits', lines.norm_logits, 'dnorm_logits = norm_logits * dcounts'),

  planted('wrong-name', 'bndiff', lines.bndiff, 'dbndiff = bnvar_inv * dhpreact'),
  planted('wrong-name', 'embcat', lines.embcat, 'dembcat = dhpreact @ W1.T'),

  plantedBeside(
    'updated-for-old',
    'hprebn',
    { [lines.bndiffToo]: lines.hprebn, [lines.hprebn]: lines.bndiffToo },
    lines.hprebn,
  ),
  plantedBeside(
    'updated-for-old',
    'norm_logits',
    { [lines.countsToo]: lines.norm_logits, [lines.norm_logits]: lines.countsToo },
    lines.norm_logits,
  ),
  plantedBeside('updated-for-old', 'bngain', { [lines.hpreact]: `${lines.hpreact}\nbnraw *= dhpreact` }, lines.bngain),
  planted('updated-for-old', 'bndiff', lines.hprebn, 'dhprebn = dbndiff'),

  stale('bnraw', lines.bnraw, 'dscaled = bngain * dhpreact', 'dbnraw = dscaled'),
  stale('W1', lines.W1, 'transposed = embcat.T', 'dW1 = transposed @ dhprebn'),
  stale('bndiff2', lines.bndiff2, 'share = 1.0/(n-1)', 'dbndiff2 = share * torch.ones_like(bndiff2) * dbnvar'),

  planted('missing-sum', 'b2', lines.b2, 'db2 = dlogits'),
  planted('missing-sum', 'bnbias', lines.bnbias, 'dbnbias = dhpreact.clone()'),
  planted('missing-sum', 'bngain', lines.bngain, 'dbngain = bnraw * dhpreact'),
  planted('axis', 'b2', lines.b2, 'db2 = dlogits.sum()'),
  planted('missing-view', 'emb', 'demb = dembcat.view(emb.shape)', 'demb = dembcat'),
  plantedBeside(
    'missing-factor',
    'logits',
    { [lines.logits]: 'dlogits = F.softmax(logits, 1)', [lines.logitsToo]: 'dlogits[range(n), Yb] -= 1' },
    'dlogits[range(n), Yb] -= 1',
  ),
  planted('mean-for-sum', 'b2', lines.b2, 'db2 = dlogits.mean(0)'),
  planted('mean-for-sum', 'bngain', lines.bngain, 'dbngain = (bnraw * dhpreact).mean(0, keepdim=True)'),
  planted(
    'mean-for-sum',
    'counts_sum_inv',
    lines.counts_sum_inv,
    'dcounts_sum_inv = (counts * dprobs).mean(1, keepdim=True)',
  ),
  ...wrongFormulas,
];
