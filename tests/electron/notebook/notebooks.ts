import { joinNotebook } from '../../../electron/notebook/joined-code';

/** The notebook's own cells, shortened; the tests' notebooks are made of them. */
export const lecture = {
  imports: 'import torch\nimport torch.nn.functional as F\nimport matplotlib.pyplot as plt\n%matplotlib inline',
  words: "words = open('names.txt', 'r').read().splitlines()\nprint(len(words))",
  vocabulary: "chars = sorted(list(set(''.join(words))))\nstoi = {s:i+1 for i,s in enumerate(chars)}\nvocab_size = 27",
  cmp: "def cmp(s, dt, t):\n  ex = torch.all(dt == t.grad).item()\n  print(f'{s:15s} | exact: {str(ex):5s}')",
  network:
    'n_embd = 10\ng = torch.Generator().manual_seed(2147483647)\nC = torch.randn((vocab_size, n_embd), generator=g)\nparameters = [C]\nfor p in parameters:\n  p.requires_grad = True',
  minibatch: 'batch_size = 32\nn = batch_size\nix = torch.randint(0, 9, (n,), generator=g)\nXb, Yb = Xtr[ix], Ytr[ix]',
  forward:
    'emb = C[Xb]\nlogits = h @ W2 + b2\nloss = -logprobs[range(n), Yb].mean()\nfor t in [logits, h]:\n  t.retain_grad()\nloss.backward()\nloss',
  exercise1:
    'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(n), Yb] = -1.0/n\ndlogits = dlogprobs * 2\ndh = dlogits @ W2.T',
  comparison: "cmp('logprobs', dlogprobs, logprobs)\ncmp('logits', dlogits, logits)",
  exercise2: 'dlogits = F.softmax(logits, 1)\ndlogits[range(n), Yb] -= 1\ndlogits /= n',
  training: `n_hidden = 200
W1 = torch.randn((30, n_hidden), generator=g)
lossi = []
with torch.no_grad():
  for i in range(200000):
    ix = torch.randint(0, Xtr.shape[0], (n,), generator=g)
    Xb, Yb = Xtr[ix], Ytr[ix]
    h = torch.tanh(hpreact)
    loss = F.cross_entropy(logits, Yb)
    dlogits = F.softmax(logits, 1)
    dlogits /= n
    dh = dlogits @ W2.T
    grads = [dlogits, dh]
    lr = 0.1 if i < 100000 else 0.01
    for p, grad in zip(parameters, grads):
      p.data += -lr * grad
    if i >= 100:
      break
plt.plot(lossi)`,
  figure: "plt.figure(figsize=(4, 4))\nplt.imshow(dlogits.detach(), cmap='gray')",
};

/** A notebook of these cells as a file; text cells begin with "#md ". */
export function notebookOf(...sources: readonly string[]): string {
  const cells = sources.map((source) =>
    source.startsWith('#md ') ? { cell_type: 'markdown', source } : { cell_type: 'code', source, outputs: [] },
  );
  return JSON.stringify({ nbformat: 4, nbformat_minor: 0, metadata: {}, cells });
}

export const join = (...sources: readonly string[]) => joinNotebook(notebookOf(...sources), 200_000);

/** The code without comments and empty lines. */
export function statementsOf(code: string): readonly string[] {
  const lines = code.split('\n').map((line) => line.replace(/\s*#.*$/, ''));
  return lines.filter((line) => line.trim() !== '');
}
