import { fused, lines, planted, plantedBeside, type WrongSolution } from './planting';

const softmax = 'dlogits = F.softmax(logits, 1)';

/** What people really write: formulas that are wrong as a whole, in their own styles. */
export const wrongFormulas: readonly WrongSolution[] = [
  // Batch statistics taken as constants.
  fused('statistics-constant', 'hprebn', 'dhprebn = dbnraw * bnvar_inv'),
  fused('statistics-constant', 'hprebn', 'dhprebn = dhpreact * bngain * bnvar_inv'),
  fused('statistics-constant', 'hprebn', 'dhprebn = dhpreact * bngain / torch.sqrt(bnvar + 1e-5)'),
  fused('statistics-constant', 'hprebn', 'dhprebn = bngain * bnvar_inv * (dhpreact - dhpreact.mean(0, keepdim=True))'),
  fused('statistics-constant', 'hprebn', 'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0))'),
  fused(
    'missing-branch',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
  ),
  fused(
    'missing-branch',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (-dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
  ),
  fused('missing-branch', 'logits', 'dlogits = probs * dprobs'),
  fused('missing-branch', 'counts', 'dcounts = dprobs / counts_sum'),
  fused('missing-branch', 'bndiff', 'dbndiff = dbnraw / (bnvar + 1e-5)**0.5'),
  fused('missing-branch', 'bndiff', 'dbndiff = 2 * bndiff * dbndiff2'),
  fused('missing-branch', 'hprebn', 'dhprebn = 1.0 * dbndiff'),

  // Only the diagonal of the Jacobian.
  fused('jacobian-diagonal', 'hprebn', 'dhprebn = dhpreact * bngain * bnvar_inv * (1 - 1/n - bnraw**2/(n-1))'),
  fused('jacobian-diagonal', 'hprebn', 'dhprebn = dbnraw * bnvar_inv * ((n - 1)/n - bnraw*bnraw/(n - 1))'),
  fused('jacobian-diagonal', 'hprebn', 'dhprebn = (1 - 1/n) * dbndiff'),
  fused('jacobian-diagonal', 'logits', 'dlogits = probs * (1 - probs) * dprobs'),
  fused('jacobian-diagonal', 'logits', 'dlogits = (1 - probs) * dlogprobs'),

  // n for n − 1 inside of one formula.
  fused(
    'n-for-n-minus-1',
    'hprebn',
    'dhprebn = bngain * bnvar_inv / n * (n * dhpreact - dhpreact.sum(0) - bnraw * (dhpreact * bnraw).sum(0))',
  ),
  fused(
    'n-for-n-minus-1',
    'hprebn',
    'dhprebn = bngain * bnvar_inv * (dhpreact - dhpreact.mean(0) - bnraw * (dhpreact * bnraw).mean(0))',
  ),
  fused('n-for-n-minus-1', 'bndiff', 'dbndiff = bnvar_inv * dbnraw - bnvar_inv * bnraw * (bnraw * dbnraw).mean(0)'),
  fused(
    'n-minus-1-for-n',
    'hprebn',
    'dhprebn = bngain*bnvar_inv * (dhpreact - dhpreact.sum(0)/(n-1) - bnraw*(dhpreact*bnraw).sum(0)/(n-1))',
  ),
  planted(
    'n-for-n-minus-1',
    'bndiff2',
    lines.bndiff2,
    'dbndiff2 = torch.ones_like(bndiff2) * dbnvar / hprebn.shape[0]',
  ),
  planted('n-for-n-minus-1', 'bndiff2', lines.bndiff2, 'dbndiff2 = dbnvar.expand(bndiff2.shape) / len(bndiff2)'),

  // Epsilon forgotten, another, or added somewhere else.
  planted('epsilon', 'bnvar', lines.bnvar, 'dbnvar = (-0.5*bnvar**-1.5) * dbnvar_inv'),
  planted('epsilon', 'bnvar', lines.bnvar, 'dbnvar = -0.5 * dbnvar_inv / bnvar**1.5'),
  planted('epsilon', 'bnvar', lines.bnvar, 'dbnvar = -0.5*(bnvar**-1.5 + 1e-5) * dbnvar_inv'),
  planted('epsilon', 'bnvar', lines.bnvar, 'dbnvar = -0.5*(bnvar + 1e-3)**-1.5 * dbnvar_inv'),
  planted('epsilon', 'bnvar', lines.bnvar, 'dbnvar = -0.5*(bnvar.sqrt() + 1e-5)**-3 * dbnvar_inv'),
  fused('epsilon', 'bndiff', 'dbndiff = dbnraw / bnvar.sqrt() + 2 * bndiff * dbndiff2'),

  // The derivative of another activation.
  planted('other-activation', 'hpreact', lines.hpreact, 'dhpreact = h * (1 - h) * dh'),
  planted('other-activation', 'hpreact', lines.hpreact, 'dhpreact = (h - h**2) * dh'),
  planted('other-activation', 'hpreact', lines.hpreact, 'dhpreact = (h > 0).float() * dh'),
  planted('other-activation', 'hpreact', lines.hpreact, 'dhpreact = dh * (hpreact > 0)'),
  planted('input-for-output', 'hpreact', lines.hpreact, 'dhpreact = (1 - torch.tanh(h)**2) * dh'),
  planted(
    'other-activation',
    'hpreact',
    lines.hpreact,
    'dhpreact = torch.sigmoid(hpreact) * (1 - torch.sigmoid(hpreact)) * dh',
  ),
  plantedBeside(
    'other-activation',
    'hpreact',
    { [lines.hpreact]: 'dhpreact = dh.clone()\ndhpreact[h <= 0] = 0' },
    'dhpreact[h <= 0] = 0',
  ),
  planted('other-activation', 'norm_logits', lines.norm_logits, 'dnorm_logits = (1 - counts**2) * dcounts'),

  // The power rule.
  planted('exponent', 'bnvar', lines.bnvar, 'dbnvar = -0.5 * bnvar_inv**2 * dbnvar_inv'),
  planted('exponent', 'bnvar', lines.bnvar, 'dbnvar = -0.5 * bnvar_inv * dbnvar_inv'),
  planted('exponent', 'bnvar', lines.bnvar, 'dbnvar = -0.5 * (bnvar + 1e-5)**1.5 * dbnvar_inv'),
  planted('exponent', 'bndiff', lines.bndiff, 'dbndiff = dbnraw / (bnvar + 1e-5)'),
  planted('missing-factor', 'bnvar', lines.bnvar, 'dbnvar = (bnvar + 1e-5)**-1.5 * dbnvar_inv'),
  planted('exponent', 'counts_sum', lines.counts_sum, 'dcounts_sum = -dcounts_sum_inv / counts_sum'),

  // What is divided, and by what.
  planted('elements-for-examples', 'logprobs', lines.logprobs, 'dlogprobs[range(n), Yb] = -1.0 / logprobs.numel()'),
  planted('elements-for-examples', 'logprobs', lines.logprobs, 'dlogprobs[range(n), Yb] = -1.0 / (n * vocab_size)'),
  planted('elements-for-examples', 'logprobs', lines.logprobs, 'dlogprobs[range(n), Yb] = -1.0 / logprobs.shape[1]'),
  planted('elements-for-examples', 'hprebn', lines.hprebnToo, 'dhprebn += dbnmeani / hprebn.numel()'),
  plantedBeside(
    'elements-for-examples',
    'logits',
    { [lines.logits]: softmax, [lines.logitsToo]: 'dlogits[range(n), Yb] -= 1\ndlogits /= dlogits.numel()' },
    'dlogits /= dlogits.numel()',
  ),
  plantedBeside(
    'divided-twice',
    'logprobs',
    { [lines.logprobs]: 'dlogprobs[range(n), Yb] = -1.0 / n / probs[range(n), Yb]\ndlogprobs = dlogprobs / probs' },
    'dlogprobs[range(n), Yb] = -1.0 / n / probs[range(n), Yb]',
  ),
  planted('divided-twice', 'probs', lines.probs, 'dprobs = dlogprobs / probs / probs'),
  plantedBeside(
    'divided-twice',
    'probs',
    { [lines.probs]: 'dprobs = (1.0 / probs) * dlogprobs\ndprobs /= probs' },
    'dprobs /= probs',
  ),
  planted('inverted-factor', 'probs', lines.probs, 'dprobs = dlogprobs * probs'),
  planted('inverted-factor', 'bndiff', lines.bndiff, 'dbndiff = dbnraw / bnvar_inv'),

  // Softmax and one-hot vectors.
  plantedBeside(
    'softmax-twice',
    'logits',
    { [lines.logits]: 'dlogits = F.softmax(probs, 1)', [lines.logitsToo]: 'dlogits[range(n), Yb] -= 1\ndlogits /= n' },
    'dlogits = F.softmax(probs, 1)',
  ),
  fused('softmax-twice', 'logits', 'dlogits = (F.softmax(F.softmax(logits, 1), 1) - F.one_hot(Yb, vocab_size)) / n'),
  fused('log-softmax-for-softmax', 'logits', 'dlogits = (F.log_softmax(logits, 1) - F.one_hot(Yb, vocab_size)) / n'),
  fused('missing-factor', 'logits', 'dlogits = probs - F.one_hot(Yb, vocab_size)'),
  fused('sign', 'logits', 'dlogits = (F.one_hot(Yb, vocab_size) - probs) / n'),
  fused('one-hot', 'logits', 'dlogits = (probs - F.one_hot(logits.argmax(1), vocab_size)) / n'),
  fused('one-hot', 'logits', 'dlogits = (probs - 1) / n'),
  plantedBeside(
    'one-hot',
    'logits',
    { [lines.logits]: softmax, [lines.logitsToo]: 'dlogits -= 1\ndlogits /= n' },
    'dlogits -= 1',
  ),
  fused('axis', 'logits', 'dlogits = (F.softmax(logits, 0) - F.one_hot(Yb, vocab_size)) / n'),

  // Sums over another axis, or none.
  fused(
    'axis',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(1, keepdim=True) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(1, keepdim=True))',
  ),
  fused(
    'axis',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum())',
  ),
  fused(
    'missing-sum',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw))',
  ),
  fused('jacobian-diagonal', 'logits', 'dlogits = dlogprobs - probs * dlogprobs'),
  fused(
    'missing-factor',
    'hprebn',
    'dhprebn = bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
  ),
  fused(
    'missing-factor',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
  ),
  fused('missing-factor', 'logits', 'dlogits = probs * (dprobs - dprobs.sum(1, keepdim=True))'),

  // Two sums of another norm: layer norm's.
  fused(
    'axis',
    'hprebn',
    'dhprebn = bngain*bnvar_inv * (dhpreact - dhpreact.mean(1, keepdim=True) - bnraw*(dhpreact*bnraw).mean(1, keepdim=True))',
  ),

  // One element of each row.
  planted('index-block', 'logprobs', lines.logprobs, 'dlogprobs[:, Yb] = -1.0/n'),
  planted('index-block', 'logprobs', lines.logprobs, 'dlogprobs[Yb] = -1.0/n'),
  planted('one-hot', 'logprobs', lines.logprobs, 'dlogprobs[range(n), logits.argmax(1)] = -1.0/n'),

  // Rows that come more than once.
  plantedBeside(
    'assign-for-add',
    'C',
    { '    ix = Xb[k,j]': '    pass', [lines.C]: 'dC.index_put_((Xb,), demb)' },
    'dC.index_put_((Xb,), demb)',
  ),

  // Others.
  planted('number', 'bndiff', lines.bndiffToo, 'dbndiff += 3 * bndiff * dbndiff2'),
  fused(
    'epsilon',
    'hprebn',
    'dhprebn = bngain / bnvar.sqrt() / n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
  ),
  fused('jacobian-diagonal', 'counts', 'dcounts = dprobs / counts_sum * (1 - probs)'),
  fused('jacobian-diagonal', 'bndiff', 'dbndiff = bnvar_inv * (1 - bnraw**2 / (n - 1)) * dbnraw'),
  planted('inverted-factor', 'bndiff', lines.bndiff, 'dbndiff = dbnraw / bnvar'),
  planted('epsilon', 'bndiff', lines.bndiff, 'dbndiff = dbnraw / (bnvar.sqrt() + 1e-5)'),

  // Parts that are right, put together otherwise.
  planted('parentheses', 'hpreact', lines.hpreact, 'dhpreact = 1.0 - h**2 * dh'),
  planted('parentheses', 'bndiff2', lines.bndiff2, 'dbndiff2 = 1.0/n-1 * torch.ones_like(bndiff2) * dbnvar'),
  fused('parentheses', 'logits', 'dlogits = probs - F.one_hot(Yb, vocab_size) / n'),
  planted(
    'product-of-sums',
    'bngain',
    lines.bngain,
    'dbngain = bnraw.sum(0, keepdim=True) * dhpreact.sum(0, keepdim=True)',
  ),
  planted('value-for-gradient', 'hpreact', lines.hpreact, 'dhpreact = (1.0 - dh**2) * h'),
  planted('missing-factor', 'counts_sum', lines.counts_sum, 'dcounts_sum = -1.0 / counts_sum**2'),
  planted('extra-factor', 'bndiff2', lines.bndiff2, 'dbndiff2 = bndiff2 / (n - 1) * dbnvar'),
  fused(
    'mean-for-sum',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.mean(0) - n/(n-1)*bnraw*(dhpreact*bnraw).mean(0))',
  ),
  fused('jacobian-diagonal', 'hprebn', 'dhprebn = bnvar_inv * dbnraw * (1 - bnraw**2/(n-1))'),
  fused(
    'n-for-n-minus-1',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - (n-1)/n*bnraw*(dhpreact*bnraw).sum(0))',
  ),
  fused(
    'missing-sum',
    'hprebn',
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
  ),
];

/** Wrong formulas whose values are right, since the loss goes through softmax, and what their rows say of them. */
export const maskedFormulas: readonly {
  readonly node: string;
  readonly from: string;
  readonly to: string;
  readonly says: string;
}[] = [
  {
    node: 'logits',
    from: lines.logitsToo,
    to: '',
    says: 'Line 9 leaves out the branch through logit_maxes: logits is used there too',
  },
  {
    node: 'logits',
    from: lines.logitsToo,
    to: 'mask = torch.zeros_like(logits)\nmask[range(n), logits.max(1, keepdim=True).indices] = 1.0\ndlogits += mask * dlogit_maxes',
    says: 'Line 12 pairs range(n) with logits.max(1, keepdim=True).indices of shape (n, 1), which gives a block of n by n',
  },
  {
    node: 'logits',
    from: lines.logitsToo,
    to: 'dlogits += 100 * F.one_hot(logits.argmax(1), vocab_size) * dlogit_maxes',
    says: 'Line 11 multiplies by `100`, which does not belong there',
  },
  {
    node: 'logits',
    from: lines.logitsToo,
    to: 'dlogits += F.one_hot(Yb, vocab_size) * dlogit_maxes',
    says: 'Line 11 has its ones at `Yb`; they should be at `logits.max(1).indices`, the maxima of logits',
  },
  {
    node: 'logit_maxes',
    from: 'dlogit_maxes = (-dnorm_logits).sum(1, keepdim=True)',
    to: 'dlogit_maxes = -dnorm_logits.mean(1, keepdim=True)',
    says: 'Line 10 takes the mean; it should be the sum',
  },
  {
    node: 'b1',
    from: lines.b1,
    to: 'db1 = 5 * dhprebn.sum(0)',
    says: 'Line 29 multiplies by `5`, which does not belong there',
  },
];
