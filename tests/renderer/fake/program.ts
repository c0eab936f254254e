import type {
  BackwardDescription,
  MistakeDescription,
  NodeDescription,
  SessionDescription,
} from '../../../core/protocol/answers';
import type { OpDescription } from '../../../core/protocol/ops';
import type { Settings } from '../../../core/protocol/settings';

/** Every node of the decomposed MLP in forward order: name, group, shape for batch `n` and hidden size `h`, formula. */
const decomposedNodes = (n: number, h: number) =>
  [
    ['C', 'embedding', [27, 10], ''],
    ['emb', 'embedding', [n, 3, 10], 'emb = C[Xb]'],
    ['embcat', 'embedding', [n, 30], 'embcat = emb.view(emb.shape[0], -1)'],
    ['W1', 'linear 1', [30, h], ''],
    ['b1', 'linear 1', [h], ''],
    ['hprebn', 'linear 1', [n, h], 'hprebn = embcat @ W1 + b1'],
    ['bnmeani', 'batch norm', [1, h], 'bnmeani = 1/n*hprebn.sum(0, keepdim=True)'],
    ['bndiff', 'batch norm', [n, h], 'bndiff = hprebn - bnmeani'],
    ['bndiff2', 'batch norm', [n, h], 'bndiff2 = bndiff**2'],
    ['bnvar', 'batch norm', [1, h], 'bnvar = 1/(n-1)*(bndiff2).sum(0, keepdim=True)'],
    ['bnvar_inv', 'batch norm', [1, h], 'bnvar_inv = (bnvar + 1e-5)**-0.5'],
    ['bnraw', 'batch norm', [n, h], 'bnraw = bndiff * bnvar_inv'],
    ['bngain', 'batch norm', [1, h], ''],
    ['bnbias', 'batch norm', [1, h], ''],
    ['hpreact', 'batch norm', [n, h], 'hpreact = bngain * bnraw + bnbias'],
    ['h', 'tanh', [n, h], 'h = torch.tanh(hpreact)'],
    ['W2', 'linear 2', [h, 27], ''],
    ['b2', 'linear 2', [27], ''],
    ['logits', 'linear 2', [n, 27], 'logits = h @ W2 + b2'],
    ['logit_maxes', 'cross entropy', [n, 1], 'logit_maxes = logits.max(1, keepdim=True).values'],
    ['norm_logits', 'cross entropy', [n, 27], 'norm_logits = logits - logit_maxes'],
    ['counts', 'cross entropy', [n, 27], 'counts = norm_logits.exp()'],
    ['counts_sum', 'cross entropy', [n, 1], 'counts_sum = counts.sum(1, keepdims=True)'],
    ['counts_sum_inv', 'cross entropy', [n, 1], 'counts_sum_inv = counts_sum**-1'],
    ['probs', 'cross entropy', [n, 27], 'probs = counts * counts_sum_inv'],
    ['logprobs', 'cross entropy', [n, 27], 'logprobs = probs.log()'],
    ['loss', 'cross entropy', [], 'loss = -logprobs[range(n), Yb].mean()'],
  ] as const satisfies readonly (readonly [string, string, readonly number[], string])[];

/** The order of the notebook's checks. */
export const checkOrder = [
  ...['logprobs', 'probs', 'counts_sum_inv', 'counts_sum', 'counts', 'norm_logits', 'logit_maxes', 'logits', 'h'],
  ...['W2', 'b2', 'hpreact', 'bngain', 'bnbias', 'bnraw', 'bnvar_inv', 'bnvar', 'bndiff2', 'bndiff', 'bnmeani'],
  ...['hprebn', 'embcat', 'W1', 'b1', 'emb', 'C'],
];

const formulas: Readonly<Record<string, string>> = {
  logprobs: 'dlogprobs = torch.zeros_like(logprobs); dlogprobs[range(n), Yb] = -1.0/n',
  probs: 'dprobs = (1.0 / probs) * dlogprobs',
  counts_sum_inv: 'dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)',
  counts_sum: 'dcounts_sum = (-counts_sum**-2) * dcounts_sum_inv',
  h: 'dh = dlogits @ W2.T',
  W2: 'dW2 = h.T @ dlogits',
  bnvar: 'dbnvar = (-0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv',
  bndiff2: 'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar',
};

const fakeMistakes: readonly MistakeDescription[] = [
  { name: 'bnvar-biased', title: '1/n instead of 1/(n−1) in dbnvar', node: 'bndiff2' },
  { name: 'counts-overwritten', title: '= instead of += into dcounts', node: 'counts' },
];

export function describeBackward(
  backward: BackwardDescription['backward'],
  mistake: string | null,
): BackwardDescription {
  const mistakenNode = fakeMistakes.find(({ name }) => name === mistake)?.node;
  return {
    backward,
    mistake,
    statements: checkOrder.map((node, index) => ({
      line: index + 1,
      node,
      formula: formulas[node] ?? `d${node} = …`,
      mistaken: node === mistakenNode,
    })),
  };
}

const isParameter = (name: string) => /^(C|W\d+|b\d+|bngain\d*|bnbias\d*)$/.test(name);

function describeNodes({ program, batchSize, ...own }: Settings): NodeDescription[] {
  const hiddenSize = Number(own.hiddenSize);
  if (program === 'decomposed-mlp') {
    return decomposedNodes(batchSize, hiddenSize).map(([name, group, shape, formula]) => {
      const kind = name === 'loss' ? 'loss' : isParameter(name) ? 'parameter' : 'intermediate';
      return { name, kind, group, shape, formula };
    });
  }
  const nodes: NodeDescription[] = [
    { name: 'C', kind: 'parameter', group: 'embedding', shape: [27, 10], formula: '' },
    { name: 'embcat', kind: 'intermediate', group: 'embedding', shape: [batchSize, 30], formula: 'C[Xb].view(n, -1)' },
  ];
  for (let layer = 1; layer <= Number(own.depth); layer++) {
    const group = `block ${layer}`;
    const shape = [batchSize, hiddenSize];
    const inputs = layer === 1 ? 30 : hiddenSize;
    nodes.push(
      { name: `W${layer}`, kind: 'parameter', group, shape: [inputs, hiddenSize], formula: '' },
      { name: `b${layer}`, kind: 'parameter', group, shape: [hiddenSize], formula: '' },
      { name: `lin${layer}`, kind: 'intermediate', group, shape, formula: `x @ W${layer} + b${layer}` },
      { name: `h${layer}`, kind: 'intermediate', group, shape, formula: `torch.tanh(lin${layer})` },
    );
  }
  nodes.push(
    { name: 'logits', kind: 'intermediate', group: 'output', shape: [batchSize, 27], formula: 'x @ W + b' },
    { name: 'loss', kind: 'loss', group: 'output', shape: [], formula: 'F.cross_entropy(logits, Yb)' },
  );
  return nodes;
}

/** As if every node were made of the one before and the parameters between. */
function describeOps(nodes: readonly NodeDescription[]): OpDescription[] {
  let inputs = ['Xb'];
  return nodes.flatMap(({ name, kind }) => {
    if (kind === 'parameter') {
      inputs.push(name);
      return [];
    }
    const description = { op: name.startsWith('h') ? 'tanh' : 'linear', inputs, output: name };
    inputs = [name];
    return [description];
  });
}

/** What a session with these settings says of itself. */
export function describeSession(settings: Settings): SessionDescription {
  const nodes = describeNodes(settings);
  const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
  const parameters = nodes
    .filter(({ kind }) => kind === 'parameter')
    .map(({ name, shape }) => ({ name, shape, elements: elements(shape) }));
  const isDecomposed = settings.program === 'decomposed-mlp';
  return {
    settings,
    kernels: { build: 'plain', threads: 1 },
    dataset: {
      name: 'built-in names',
      builtIn: true,
      words: 8403,
      vocabulary: ['.', ...'abcdefghijklmnopqrstuvwxyz'],
      train: 46_212,
      dev: 5_790,
      test: 5_801,
    },
    nodes,
    ops: describeOps(nodes),
    layers: nodes
      .filter(({ name }) => /^h\d*$/.test(name))
      .map(({ name }, index) => ({ index: 2 * index + 1, label: `layer ${2 * index + 1} (Tanh)`, node: name })),
    parameters,
    parameterCount: parameters.reduce((sum, parameter) => sum + parameter.elements, 0),
    mistakes: isDecomposed ? fakeMistakes : [],
    backward: isDecomposed ? describeBackward('nodewise', null) : null,
  };
}
