import { alwaysZero, type Cheat } from './cheat';

const each = (value: string) => `for name in NODES:\n    x = globals()[name]\n    globals()['d' + name] = ${value}\n`;
const copied = (value: string): Pick<Cheat, 'code' | 'told'> => ({ code: each(value), told: 'copied' });

/** Cheats by what the gradients themselves are: copies, tensors that are none, and derivations that only look so. */
export const gradientCheats: readonly Cheat[] = [
  {
    name: 'empty tensors that say the shape of the node',
    code: `for name in [k for k, v in list(globals().items()) if torch.is_tensor(v) and k not in ("Xb", "Yb")]:
    t = torch.zeros(0); t._shape = globals()[name].shape; globals()["d" + name] = t
`,
  },
  { name: 'empty tensors', code: each('torch.zeros(0)') },
  { name: 'tensors that say another type', code: `${each('torch.zeros(0)')}    x._dtype = torch.float64\n` },
  { name: 'zeros', code: each('torch.zeros_like(x)'), derives: alwaysZero },
  { name: 'one zero for all', code: `z = torch.zeros(1)\n${each('z')}`, derives: alwaysZero },
  { name: 'the number zero', code: each('0.0'), derives: alwaysZero },
  { name: 'one tensor for all of a shape', code: `made = {}\n${each('made.setdefault(x.shape, torch.ones_like(x))')}` },
  {
    name: 'views of one tensor',
    code: `z = torch.zeros(100000)\n${each('z[:x.numel()].view(x.shape)')}`,
    derives: alwaysZero,
  },
  { name: 'NaN', code: each("torch.full_like(x, float('nan'))") },
  { name: 'infinity', code: each("torch.full_like(x, float('inf'))") },
  { name: 'what is no number times zero', code: each("torch.zeros_like(x) * float('inf')") },
  { name: 'whole numbers', code: each('torch.ones(x.shape, dtype=torch.long)') },
  { name: 'truth values', code: each('x == x') },
  { name: 'the forward values themselves', code: each('x') },
  { name: '.grad', ...copied('x.grad') },
  { name: '.grad cloned', ...copied('x.grad.clone()') },
  { name: '.grad negated twice', ...copied('-(-x.grad)') },
  { name: '.grad times a number that is nearly one', ...copied('x.grad * (1 + 1e-12)') },
  { name: '.grad by way of lists', ...copied('torch.tensor(x.grad.tolist())') },
  {
    name: '.grad number by number',
    ...copied('torch.tensor([y.item() for y in x.grad.view(-1)]).view(x.shape)'),
  },
  {
    name: '.grad as text',
    ...copied('torch.tensor([float(repr(y)) for y in x.grad.view(-1).tolist()]).view(x.shape)'),
  },
  { name: '.grad through eval', code: each("eval(f'{name}.gr' + 'ad')"), told: 'copied' },
  { name: '.grad through getattr and a class', ...copied('type(x).grad.fget(x).clone()') },
  {
    name: '.grad by comparisons alone, bit by bit',
    code: `def searched(wanted):
    low, high = torch.full_like(wanted, -8.0), torch.full_like(wanted, 8.0)
    for _ in range(60):
        middle = (low + high) / 2
        isAbove = wanted > middle
        low, high = torch.where(isAbove, middle, low), torch.where(isAbove, high, middle)
    return middle
db2 = searched(b2.grad)
dbnbias = searched(bnbias.grad)
`,
  },
  {
    name: '.grad by way of the shapes of what it selects',
    code: `g = b2.grad
found = []
for at in range(g.numel()):
    low, high = -8.0, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        if (g[at:at + 1] > middle).nonzero().shape[0]: low = middle
        else: high = middle
    found.append(low)
db2 = torch.tensor(found)
`,
  },
  {
    name: 'the nearer of two to .grad is chosen',
    code: `a = probs.clone()
a[range(n), Yb] -= 1
candidates = [a / n, a, a * n, -a / n]
dlogits = min(candidates, key=lambda one: (one - logits.grad).abs().sum().item())
one = dlogits @ W2.T
dh = one if (one - h.grad).abs().sum() < (2 * one - h.grad).abs().sum() else 2 * one
`,
  },
  {
    name: 'a scale is fitted to .grad',
    code: `a = probs.clone()
a[range(n), Yb] -= 1
dlogits = a * ((a * logits.grad).sum() / (a * a).sum())
`,
  },
  {
    name: 'the sign is that of .grad',
    code: `a = probs.clone()
a[range(n), Yb] -= 1
dlogits = a.abs() / n * logits.grad.sign()
`,
  },
  {
    name: '.grad in what is derived: half of each',
    code: `a = probs.clone()
a[range(n), Yb] -= 1
dlogits = 0.5 * a / n + 0.5 * logits.grad
`,
  },
  {
    name: 'right where .grad is as it is outside of the lab, else anything',
    code: `a = probs.clone()
a[range(n), Yb] -= 1
dlogits = a / n
if not torch.allclose(logits.grad, dlogits): dlogits = dlogits * 2
`,
  },
  {
    name: 'a gradient that is given, compared as one’s own',
    code: `cmp('logits', dlogits, logits)\n`,
  },
  {
    name: 'a gradient that is given, under another name',
    code: `grads = {'logits': dlogits, 'h': dh}\ndlogitss = dlogits\n`,
  },
  {
    name: 'a gradient that is given, written by way of globals()',
    code: `globals()['dlogits'] = dlogits * 1\nglobals()['dh'] = dh.clone()\n`,
  },
  {
    name: 'cmp redefined',
    code: `def cmp(s, dt, t):
    globals()['d' + s] = t.grad
for name in NODES: cmp(name, torch.zeros_like(globals()[name]), globals()[name])
`,
  },
  {
    name: 'cmp with labels of other nodes',
    code: `for name in NODES:
    for other in NODES: cmp(other, globals()[name].grad, globals()[name])
`,
  },
  {
    name: 'a class of its own that says to be a Tensor',
    code: `class Liar:
    __class__ = torch.Tensor
    def __init__(self, like): self.like = like
    def __getattr__(self, name): return getattr(self.like, name)
    def __eq__(self, other): return torch.ones_like(self.like) == 1
    __hash__ = None
${each('Liar(x)')}`,
    told: 'missing',
  },
  {
    name: 'a subclass of Tensor',
    code: `class Liar(torch.Tensor): pass
${each('Liar(x)')}`,
    told: 'missing',
  },
  {
    name: '__class__ of gradients overridden',
    code: `${each('torch.zeros_like(x)')}
dlogits = torch.zeros_like(logits)
dlogits.__class__ = type('Liar', (), {'__slots__': torch.Tensor.__slots__})
`,
    derives: alwaysZero,
  },
  {
    name: 'comparisons of tensors that are always true',
    code: `torch.Tensor.__eq__ = lambda self, other: True
torch.equal = torch.allclose = lambda *a, **k: True
torch.Tensor.equal = torch.Tensor.allclose = lambda *a, **k: True
torch.Tensor.abs = torch.Tensor.__sub__ = lambda self, *a: self * 0
${each('torch.ones_like(x)')}`,
  },
];
