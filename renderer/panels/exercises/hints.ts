import type { ExerciseNumber } from '../../../core/protocol/exercises';

/** Three hints, each giving away more than the one before. */
export interface Hints {
  /** The rule: one sentence, and the formula in TeX. */
  readonly because: string;
  readonly rule: string;
  /** What shape it has and which sum or spread leads there. */
  readonly shape: string;
  /** The lines themselves. */
  readonly code: string;
}

const { raw } = String;

/** A name of the forward pass in TeX. */
const value = (name: string, index = '') => subscript(raw`\texttt{${name.replaceAll('_', raw`\_`)}}`, index);
/** Its gradient in TeX. */
const grad = (name: string, index = '') => raw`\frac{\partial L}{\partial\,${value(name, index)}}`;

function subscript(symbol: string, index: string): string {
  return index === '' ? symbol : `${symbol}_{${index}}`;
}

const equation = (left: string, right: string) => `${left} = ${right}`;

/** Exercise 1: every compared node, in the order of the comparison, which is an order in which they can be computed. */
export const nodeHints = {
  logprobs: {
    because: 'The loss is the mean over the batch of −logprobs at the right answers; all other cells do not matter.',
    rule: equation(
      grad('logprobs', 'ij'),
      raw`\begin{cases} -\tfrac{1}{n} & j = y_i \\ 0 & \text{otherwise} \end{cases}`,
    ),
    shape: 'As logprobs, [n, 27]: zeros, but for one cell a row, at the columns Yb.',
    code: 'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(n), Yb] = -1.0/n',
  },
  probs: {
    because: 'The derivative of log x is 1/x.',
    rule: equation(grad('probs'), raw`\frac{1}{${value('probs')}} \odot ${grad('logprobs')}`),
    shape: 'Cell by cell: [n, 27] like both of its factors.',
    code: 'dprobs = (1.0 / probs) * dlogprobs',
  },
  counts_sum_inv: {
    because: 'In a product, each factor receives the other; this one was spread over a row, so the row is summed.',
    rule: equation(grad('counts_sum_inv', 'i'), raw`\sum_j ${value('counts', 'ij')}\,${grad('probs', 'ij')}`),
    shape: '[n, 1]: sum over dimension 1 and keep it.',
    code: 'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)',
  },
  counts_sum: {
    because: 'The derivative of 1/x is −1/x².',
    rule: equation(grad('counts_sum'), raw`-\frac{1}{${value('counts_sum')}^2} \odot ${grad('counts_sum_inv')}`),
    shape: 'Cell by cell: [n, 1].',
    code: 'dcounts_sum = (-counts_sum**-2) * dcounts_sum_inv',
  },
  counts: {
    because: 'counts is used twice, in probs and in counts_sum: what comes back along both ways is added.',
    rule: equation(
      grad('counts', 'ij'),
      raw`${value('counts_sum_inv', 'i')}\,${grad('probs', 'ij')} + ${grad('counts_sum', 'i')}`,
    ),
    shape: '[n, 27]; dcounts_sum is [n, 1] and is spread over the row, because a sum gives its gradient to every term.',
    code: 'dcounts = counts_sum_inv * dprobs\ndcounts += torch.ones_like(counts) * dcounts_sum',
  },
  norm_logits: {
    because: 'The derivative of exp is exp itself, and that is already there: counts.',
    rule: equation(grad('norm_logits'), raw`${value('counts')} \odot ${grad('counts')}`),
    shape: 'Cell by cell: [n, 27].',
    code: 'dnorm_logits = counts * dcounts',
  },
  logit_maxes: {
    because: 'It was subtracted from a whole row. (The softmax does not care, so all of this is nearly zero.)',
    rule: equation(grad('logit_maxes', 'i'), raw`-\sum_j ${grad('norm_logits', 'ij')}`),
    shape: '[n, 1]: sum over dimension 1 and keep it.',
    code: 'dlogit_maxes = (-dnorm_logits).sum(1, keepdim=True)',
  },
  logits: {
    because:
      'Two ways again: straight through the difference, and through the maximum to the cell that was the largest.',
    rule: equation(
      grad('logits', 'ij'),
      raw`${grad('norm_logits', 'ij')} + \left[\,j = \operatorname*{arg\,max}_k ${value('logits', 'ik')}\right] ${grad('logit_maxes', 'i')}`,
    ),
    shape: '[n, 27]: a one-hot row for each example, times [n, 1].',
    code: [
      'dlogits = dnorm_logits.clone()',
      'dlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes',
    ].join('\n'),
  },
  h: {
    because: 'Behind a matrix product: the gradient times the other factor, transposed.',
    rule: equation(grad('h'), raw`${grad('logits')}\,${value('W2')}^{\mathsf T}`),
    shape: '[n, 27] @ [27, hidden] gives [n, hidden]; no other order fits.',
    code: 'dh = dlogits @ W2.T',
  },
  W2: {
    because: 'The other factor of the same product, transposed, times the gradient.',
    rule: equation(grad('W2'), raw`${value('h')}^{\mathsf T}\,${grad('logits')}`),
    shape: '[hidden, n] @ [n, 27] gives [hidden, 27]; the sum over the batch is inside the product.',
    code: 'dW2 = h.T @ dlogits',
  },
  b2: {
    because: 'The same bias was added to every row, so it receives the sum of the rows.',
    rule: equation(grad('b2', 'j'), raw`\sum_i ${grad('logits', 'ij')}`),
    shape: '[27]: sum over dimension 0; b2 has one dimension, so do not keep it.',
    code: 'db2 = dlogits.sum(0)',
  },
  hpreact: {
    because: "tanh′ is 1 − tanh², and tanh's output is already there: h.",
    rule: equation(grad('hpreact'), raw`(1 - ${value('h')}^2) \odot ${grad('h')}`),
    shape: 'Cell by cell: [n, hidden].',
    code: 'dhpreact = (1.0 - h**2) * dh',
  },
  bngain: {
    because: 'The other factor times the gradient; the gain served every row, so the rows are summed.',
    rule: equation(grad('bngain', 'j'), raw`\sum_i ${value('bnraw', 'ij')}\,${grad('hpreact', 'ij')}`),
    shape: '[1, hidden]: sum over dimension 0 and keep it.',
    code: 'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)',
  },
  bnbias: {
    because: 'Added to every row: the sum of the rows.',
    rule: equation(grad('bnbias', 'j'), raw`\sum_i ${grad('hpreact', 'ij')}`),
    shape: '[1, hidden]: sum over dimension 0 and keep it.',
    code: 'dbnbias = dhpreact.sum(0, keepdim=True)',
  },
  bnraw: {
    because: 'The other factor of the same product.',
    rule: equation(grad('bnraw', 'ij'), raw`${value('bngain', 'j')}\,${grad('hpreact', 'ij')}`),
    shape: '[1, hidden] spread over [n, hidden].',
    code: 'dbnraw = bngain * dhpreact',
  },
  bnvar_inv: {
    because: 'A factor that served every row: the other factor times the gradient, summed over the rows.',
    rule: equation(grad('bnvar_inv', 'j'), raw`\sum_i ${value('bndiff', 'ij')}\,${grad('bnraw', 'ij')}`),
    shape: '[1, hidden]: sum over dimension 0 and keep it.',
    code: 'dbnvar_inv = (bndiff * dbnraw).sum(0, keepdim=True)',
  },
  bnvar: {
    because: 'The power rule: the exponent comes in front and falls by one, from −½ to −1½.',
    rule: equation(
      grad('bnvar'),
      raw`-\tfrac{1}{2}\,(${value('bnvar')} + \varepsilon)^{-3/2} \odot ${grad('bnvar_inv')}`,
    ),
    shape: 'Cell by cell: [1, hidden]. ε is 1e-5, as in the forward pass.',
    code: 'dbnvar = (-0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv',
  },
  bndiff2: {
    because: 'The variance divides the sum by n − 1, and a sum gives its gradient to every term.',
    rule: equation(grad('bndiff2', 'ij'), raw`\frac{1}{n-1}\,${grad('bnvar', 'j')}`),
    shape: '[1, hidden] spread over [n, hidden]: say so with ones_like, or the shape stays [1, hidden].',
    code: 'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar',
  },
  bndiff: {
    because: 'Used twice, in bnraw and squared in bndiff2: both ways are added.',
    rule: equation(
      grad('bndiff', 'ij'),
      raw`${value('bnvar_inv', 'j')}\,${grad('bnraw', 'ij')} + 2\,${value('bndiff', 'ij')}\,${grad('bndiff2', 'ij')}`,
    ),
    shape: '[n, hidden], both terms.',
    code: 'dbndiff = bnvar_inv * dbnraw\ndbndiff += (2*bndiff) * dbndiff2',
  },
  bnmeani: {
    because: 'It was subtracted from every row: minus the sum of the rows.',
    rule: equation(grad('bnmeani', 'j'), raw`-\sum_i ${grad('bndiff', 'ij')}`),
    shape: '[1, hidden]: sum over dimension 0 and keep it.',
    code: 'dbnmeani = (-dbndiff).sum(0, keepdim=True)',
  },
  hprebn: {
    because: 'Used twice, in the difference and in the mean, which gives 1/n of its gradient to every row.',
    rule: equation(grad('hprebn', 'ij'), raw`${grad('bndiff', 'ij')} + \frac{1}{n}\,${grad('bnmeani', 'j')}`),
    shape: '[n, hidden]; the mean’s [1, hidden] is spread over the rows.',
    code: 'dhprebn = dbndiff.clone()\ndhprebn += 1.0/n * (torch.ones_like(hprebn) * dbnmeani)',
  },
  embcat: {
    because: 'Behind a matrix product: the gradient times the other factor, transposed.',
    rule: equation(grad('embcat'), raw`${grad('hprebn')}\,${value('W1')}^{\mathsf T}`),
    shape: '[n, hidden] @ [hidden, 30] gives [n, 30].',
    code: 'dembcat = dhprebn @ W1.T',
  },
  W1: {
    because: 'The other factor, transposed, times the gradient.',
    rule: equation(grad('W1'), raw`${value('embcat')}^{\mathsf T}\,${grad('hprebn')}`),
    shape: '[30, n] @ [n, hidden] gives [30, hidden].',
    code: 'dW1 = embcat.T @ dhprebn',
  },
  b1: {
    because:
      'Added to every row: the sum of the rows. (Batch norm subtracts the mean again, so all of this is nearly zero.)',
    rule: equation(grad('b1', 'j'), raw`\sum_i ${grad('hprebn', 'ij')}`),
    shape: '[hidden]: sum over dimension 0 without keeping it.',
    code: 'db1 = dhprebn.sum(0)',
  },
  emb: {
    because: 'A view moves no number: the same numbers in the other shape.',
    rule: equation(grad('emb'), raw`\operatorname{view}\!\left(${grad('embcat')}\right)`),
    shape: 'From [n, 30] back to [n, 3, 10].',
    code: 'demb = dembcat.view(emb.shape)',
  },
  C: {
    because:
      'A row of C was taken once for each place where its character stands, so it receives the sum over these places.',
    rule: equation(grad('C', 'c'), raw`\sum_{k,j\,:\,${value('Xb', 'kj')} = c} ${grad('emb', 'kj')}`),
    shape:
      '[27, 10]: zeros, to which every [10] of demb is added at its row. Added: a character may stand there twice.',
    code: [
      'dC = torch.zeros_like(C)',
      'for k in range(Xb.shape[0]):',
      '  for j in range(Xb.shape[1]):',
      '    ix = Xb[k,j]',
      '    dC[ix] += demb[k,j]',
    ].join('\n'),
  },
} as const satisfies Readonly<Record<string, Hints>>;

type HintedNode = keyof typeof nodeHints;

/** A node's hints; null where nothing is known of it. */
export function hintsOfNode(node: string): Hints | null {
  return Object.hasOwn(nodeHints, node) ? nodeHints[node as HintedNode] : null;
}

const linesOf = (...nodes: readonly HintedNode[]) => nodes.map((node) => nodeHints[node].code);

/** All gradients one by one, as exercise 1 asks for. */
export const nodewiseSolution = `${Object.values(nodeHints)
  .map(({ code }) => code)
  .join('\n')}\n`;

const crossEntropyCode = 'dlogits = F.softmax(logits, 1)\ndlogits[range(n), Yb] -= 1\ndlogits /= n';
const batchNormCode =
  'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))';

/** Hints of the exercises that are about one formula or the whole; exercise 1 has them by node. */
export const exerciseHints: Readonly<Record<Exclude<ExerciseNumber, 1>, Hints>> = {
  2: {
    because: 'Write the loss as log Σ exp(logits) − logits at the answer, and differentiate that: the softmax remains.',
    rule: equation(
      grad('logits', 'ij'),
      raw`\frac{1}{n}\left(\operatorname{softmax}(${value('logits')})_{ij} - [\,j = y_i\,]\right)`,
    ),
    shape: '[n, 27]: the softmax over dimension 1, less 1 in one cell of each row, over n.',
    code: crossEntropyCode,
  },
  3: {
    because:
      'Put the four formulas into each other: what is left is the gradient less its mean, less what moves along the variance.',
    rule: raw`\frac{\partial L}{\partial x} = \frac{\gamma}{n\,\sqrt{\sigma^2 + \varepsilon}} \left( n\,\frac{\partial L}{\partial y} - \sum_i \frac{\partial L}{\partial y_i} - \frac{n}{n-1}\,\hat{x} \sum_i \frac{\partial L}{\partial y_i}\,\hat{x}_i \right)`,
    shape: 'x is hprebn, y hpreact, x̂ bnraw, γ bngain: [n, hidden]; both sums run over dimension 0.',
    code: batchNormCode,
  },
  4: {
    because: 'The update takes the gradients of the parameters from your code; nothing else of it is used.',
    rule: raw`\theta \leftarrow \theta - \eta\,\frac{\partial L}{\partial \theta}`,
    shape: 'dC, dW1, db1, dW2, db2, dbngain and dbnbias must be there, each in the shape of its parameter.',
    code: [
      crossEntropyCode,
      ...linesOf('h', 'W2', 'b2', 'hpreact', 'bngain', 'bnbias'),
      batchNormCode,
      ...linesOf('embcat', 'W1', 'b1', 'emb', 'C'),
    ].join('\n'),
  },
};
