import lectureCode from './solutions/lecture.py?raw';

/** The lecture's exercise 1, as its notebook solves it, but for the shape of dbnmeani (see `lectureVerbatim`). */
export const lecture = lectureCode;

/** Exactly as published: dbnmeani has shape (64,), which broadcasting hides from the notebook's `cmp`. */
export const lectureVerbatim = rewritten({
  'dbnmeani = (-dbndiff).sum(0, keepdim=True)': 'dbnmeani = (-dbndiff).sum(0)',
});

/** The lecture's solution with whole lines replaced by others. */
export function rewritten(changes: Readonly<Record<string, string>>): string {
  const lines = lecture.split('\n');
  for (const from of Object.keys(changes)) {
    if (!lines.includes(from)) throw new Error(`The lecture's solution has no line '${from}'.`);
  }
  return lines.map((line) => changes[line] ?? line).join('\n');
}

const scatter = `dC = torch.zeros_like(C)
for k in range(Xb.shape[0]):
  for j in range(Xb.shape[1]):
    ix = Xb[k,j]
    dC[ix] += demb[k,j]
`;

/** Right solutions, each written differently. */
export const variants: readonly { readonly name: string; readonly code: string }[] = [
  {
    name: 'fused: cross entropy and batch norm in one formula each',
    code: rewritten({
      'dlogits = dnorm_logits.clone()': 'dlogits = F.softmax(logits, 1)',
      'dlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes':
        'dlogits[range(n), Yb] -= 1\ndlogits /= n',
      'dhprebn = dbndiff.clone()': '',
      'dhprebn += 1.0/n * (torch.ones_like(hprebn) * dbnmeani)':
        'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))',
    }),
  },
  {
    name: 'matrix products as sums over a broadcast axis',
    code: rewritten({
      'dh = dlogits @ W2.T': 'dh = (dlogits.unsqueeze(1) * W2.unsqueeze(0)).sum(2)',
      'dW2 = h.T @ dlogits': 'dW2 = (h.unsqueeze(2) * dlogits.unsqueeze(1)).sum(0)',
      'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)': 'dbngain = (bnraw * dhpreact).sum(0).unsqueeze(0)',
      'dembcat = dhprebn @ W1.T': 'dembcat = (W1 @ dhprebn.T).T',
      'dW1 = embcat.T @ dhprebn': 'dW1 = (dhprebn.T @ embcat).T',
    }),
  },
  {
    name: 'both branches at once, in another order',
    code: rewritten({
      'dcounts = counts_sum_inv * dprobs': '',
      'dcounts += torch.ones_like(counts) * dcounts_sum': 'dcounts = dcounts_sum + dprobs * counts_sum_inv',
      'dlogits = dnorm_logits.clone()': '',
      'dlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes':
        'dlogits = F.one_hot(logits.max(1).indices, num_classes=vocab_size) * dlogit_maxes + dnorm_logits',
      'dbndiff = bnvar_inv * dbnraw': '',
      'dbndiff += (2*bndiff) * dbndiff2': 'dbndiff = 2 * dbndiff2 * bndiff + dbnraw * bnvar_inv',
      'dhprebn = dbndiff.clone()': '',
      'dhprebn += 1.0/n * (torch.ones_like(hprebn) * dbnmeani)': 'dhprebn = dbnmeani / n + dbndiff',
    }),
  },
  {
    name: 'reciprocals instead of the forward pass inverses',
    code: rewritten({
      'dprobs = (1.0 / probs) * dlogprobs': 'dprobs = dlogprobs / probs',
      'dcounts = counts_sum_inv * dprobs': 'dcounts = dprobs * (1.0/counts_sum)',
      'dcounts_sum = (-counts_sum**-2) * dcounts_sum_inv': 'dcounts_sum = -dcounts_sum_inv / counts_sum**2',
      'dbndiff = bnvar_inv * dbnraw': 'dbndiff = dbnraw / (bnvar + 1e-5).sqrt()',
      'dbnvar = (-0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv': 'dbnvar = -dbnvar_inv * bnvar_inv**3 / 2',
      'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar': 'dbndiff2 = dbnvar.expand(bndiff2.shape) / (n - 1)',
    }),
  },
  {
    name: 'in place, step by step',
    code: rewritten({
      'dprobs = (1.0 / probs) * dlogprobs': 'dprobs = dlogprobs.clone()\ndprobs /= probs',
      'dhpreact = (1.0 - h**2) * dh': 'dhpreact = h * h\ndhpreact *= -1\ndhpreact += 1\ndhpreact *= dh',
      'dbnbias = dhpreact.sum(0, keepdim=True)': 'dbnbias = torch.zeros_like(bnbias)\ndbnbias += dhpreact.sum(0)',
      'dhprebn += 1.0/n * (torch.ones_like(hprebn) * dbnmeani)': 'dhprebn -= dbndiff.mean(0, keepdim=True)',
    }),
  },
  {
    name: 'helper variables and functions',
    code: rewritten({
      'dlogprobs = torch.zeros_like(logprobs)': `def tanh_backward(output, upstream):
    slope = 1.0 - output * output
    return slope * upstream

def spread(gradient, like):
    return torch.ones_like(like) * gradient

dlogprobs = torch.zeros_like(logprobs)`,
      'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)':
        'weighted = counts * dprobs\ndcounts_sum_inv = weighted.sum(dim=1, keepdim=True)',
      'dcounts += torch.ones_like(counts) * dcounts_sum': 'dcounts = dcounts + spread(dcounts_sum, counts)',
      'dhpreact = (1.0 - h**2) * dh': 'dhpreact = tanh_backward(h, dh)',
      'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar':
        'share = 1.0/(n-1)\ndbndiff2 = spread(share * dbnvar, bndiff2)',
    }),
  },
  {
    name: 'one-hot matrices instead of indexing',
    code: rewritten({
      'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs = -F.one_hot(Yb, num_classes=vocab_size).float() / n',
      'dlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes':
        'dlogits[range(n), logits.argmax(1)] += dlogit_maxes.view(-1)',
    }).replace(scatter, 'dC = F.one_hot(Xb.view(-1), num_classes=vocab_size).float().T @ demb.view(-1, C.shape[1])\n'),
  },
  {
    name: 'simplified by algebra',
    code: rewritten({
      'dnorm_logits = counts * dcounts': 'dnorm_logits = (probs - F.one_hot(Yb, num_classes=vocab_size)) / n',
      'dhpreact = (1.0 - h**2) * dh': 'dhpreact = dh - dh * h**2',
      'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)': 'dbngain = n * (dhpreact * bnraw).mean(0, keepdim=True)',
      'dbnbias = dhpreact.sum(0, keepdim=True)': 'dbnbias = (dbnraw / bngain).sum(0, keepdims=True)',
      'dbnvar = (-0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv': 'dbnvar = -0.5 * bnvar_inv / (bnvar + 1e-5) * dbnvar_inv',
    }),
  },
  {
    name: 'loops over rows, and index_add_',
    code: rewritten({
      'dlogprobs[range(n), Yb] = -1.0/n': 'for i in range(n):\n    dlogprobs[i, Yb[i]] = -1.0/n',
      'db2 = dlogits.sum(0)': 'db2 = torch.zeros_like(b2)\nfor i in range(n):\n    db2 += dlogits[i]',
      'dW1 = embcat.T @ dhprebn':
        'dW1 = torch.zeros_like(W1)\nfor i in range(n):\n    dW1 += embcat[i].unsqueeze(1) * dhprebn[i].unsqueeze(0)',
    }).replace(scatter, 'dC = torch.zeros_like(C)\ndC.index_add_(0, Xb.view(-1), demb.view(-1, C.shape[1]))\n'),
  },
  {
    name: 'several on a line, and tuples',
    code: rewritten({
      'dlogprobs = torch.zeros_like(logprobs)': 'dlogprobs = torch.zeros_like(logprobs); m = n - 1',
      'dh = dlogits @ W2.T': 'dh, dW2, db2 = dlogits @ W2.T, h.T @ dlogits, dlogits.sum(0)',
      'dW2 = h.T @ dlogits': '',
      'db2 = dlogits.sum(0)': '',
      'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar': 'dbndiff2 = torch.ones_like(bndiff2) * dbnvar / m',
      'dW1 = embcat.T @ dhprebn': 'dW1 = embcat.T @ dhprebn; db1 = dhprebn.sum(0)',
      'db1 = dhprebn.sum(0)': '',
    }),
  },
];
