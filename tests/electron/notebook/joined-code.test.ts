import { describe, expect, it } from 'vitest';
import { NotebookError } from '../../../core/formats/notebook';
import { joinNotebook } from '../../../electron/notebook/joined-code';
import { join, lecture, notebookOf, statementsOf } from './notebooks';

const { imports, words, vocabulary, cmp, network, minibatch, forward } = lecture;
const beforehand = [imports, words, vocabulary, cmp, network, minibatch, forward];

/** Notebooks of every kind: their cells, which of them are judged, and what the code is, comments left out. */
const notebooks: readonly [string, readonly string[], readonly number[], readonly string[]][] = [
  [
    'the whole lecture',
    [...beforehand, lecture.exercise1, lecture.comparison, lecture.exercise2, lecture.figure, lecture.training],
    [8, 9, 10],
    [...lecture.exercise1.split('\n'), ...lecture.comparison.split('\n'), ...lecture.exercise2.split('\n')],
  ],
  ['text between', ['#md Exercise', lecture.exercise1, '#md More'], [2], lecture.exercise1.split('\n')],
  ['exercise 2 alone', [...beforehand, lecture.exercise2], [8], lecture.exercise2.split('\n')],
  [
    'the only answer in the training loop',
    [...beforehand, lecture.training],
    [8],
    [
      'with torch.no_grad():',
      '  for i in range(1):',
      '    dlogits = F.softmax(logits, 1)',
      '    dlogits /= n',
      '    dh = dlogits @ W2.T',
    ],
  ],
  [
    'training that needs a name of its own',
    ['for step in range(9):\n  scale = 1 / n\n  dh = dlogits * scale\n  p.data -= dh'],
    [1],
    ['for step in range(1):', '  scale = 1 / n', '  dh = dlogits * scale'],
  ],
  [
    'training by while',
    ['while True:\n    dh = dlogits @ W2.T\n    W2 -= 0.1 * dW2\n    break'],
    [1],
    ['for _ in range(1):', '    dh = dlogits @ W2.T'],
  ],
  [
    'training with autograd',
    [
      'dh = dlogits @ W2.T',
      'for i in range(9):\n  loss.backward()\n  for p in parameters:\n    p.data += -0.1 * p.grad',
    ],
    [1],
    ['dh = dlogits @ W2.T'],
  ],
  [
    'training that goes beyond the answers',
    ['dlogits = logits', lecture.training],
    [1, 2],
    [
      'dlogits = logits',
      'with torch.no_grad():',
      '  for i in range(1):',
      '    dlogits = F.softmax(logits, 1)',
      '    dlogits /= n',
      '    dh = dlogits @ W2.T',
    ],
  ],
  [
    'a comparison of what training gave',
    [...beforehand, lecture.exercise1, lecture.training, "for p, g in zip(parameters, grads):\n  cmp('x', g, p)"],
    [8],
    lecture.exercise1.split('\n'),
  ],
  [
    'everything in one cell',
    [
      [
        imports.replace('%matplotlib inline', ''),
        words,
        network,
        minibatch,
        forward,
        lecture.exercise1,
        lecture.comparison,
      ].join('\n'),
    ],
    [1],
    [...lecture.exercise1.split('\n'), ...lecture.comparison.split('\n')],
  ],
  [
    'a helper function',
    ['def softmax(x):\n  return x.exp() / x.exp().sum(1, keepdim=True)', 'unused = 1', 'dlogits = softmax(logits)'],
    [1, 3],
    ['def softmax(x):', '  return x.exp() / x.exp().sum(1, keepdim=True)', 'dlogits = softmax(logits)'],
  ],
  [
    'an import and a constant',
    [
      'import math, random\nimport numpy as np',
      'eps = 1e-5\nother = 2',
      'dbnvar = -0.5 * (bnvar + eps) ** -1.5 * math.sqrt(4)',
    ],
    [1, 2, 3],
    ['import math, random', 'eps = 1e-5', 'dbnvar = -0.5 * (bnvar + eps) ** -1.5 * math.sqrt(4)'],
  ],
  [
    'a value changed in another cell',
    ['tmp = torch.zeros_like(logits)', 'tmp[range(n), 0] = 1', 'x = 3', 'dlogits = tmp * 2'],
    [1, 2, 4],
    ['tmp = torch.zeros_like(logits)', 'tmp[range(n), 0] = 1', 'dlogits = tmp * 2'],
  ],
  [
    'a forward pass under names of their own',
    [
      'N_HIDDEN = 512\nbn_gamma = torch.randn((1, N_HIDDEN))',
      'idx = torch.randint(0, 9, (32,))\nX_batch, Y_batch = X_train[idx], Y_train[idx]',
      'e = C[X_batch]\npre = e.view(e.shape[0], -1) @ W1 + b1\nlogits = h @ W2',
      'dbn_gamma = bn_gamma * pre\ncmp("gamma", dbn_gamma, bn_gamma)\ndlogprobs[range(n), Y_batch] = 1 / N_HIDDEN',
    ],
    [1, 2, 3, 4],
    [
      'N_HIDDEN = n_hidden',
      'bn_gamma = bngain',
      'X_batch, Y_batch = Xb, Yb',
      'e = C[X_batch]',
      'pre = e.view(e.shape[0], -1) @ W1 + b1',
      'dbn_gamma = bn_gamma * pre',
      'cmp("gamma", dbn_gamma, bn_gamma)',
      'dlogprobs[range(n), Y_batch] = 1 / N_HIDDEN',
    ],
  ],
  [
    'gradients in a dictionary',
    ['grads = {}', "grads['logits'] = logits * 2", 'x = 1'],
    [1, 2],
    ['grads = {}', "grads['logits'] = logits * 2"],
  ],
  [
    'gradients of another form',
    ['grad_logits = logits * 2', 'h_grad = grad_logits @ W2.T', 'd_probs = probs'],
    [1, 2, 3],
    ['grad_logits = logits * 2', 'h_grad = grad_logits @ W2.T', 'd_probs = probs'],
  ],
  [
    'any name that is compared',
    ['mine = logits * 2', "cmp('logits', mine, logits)"],
    [1, 2],
    ['mine = logits * 2', "cmp('logits', mine, logits)"],
  ],
  [
    'a comparison of their own like the notebook’s',
    ['def compare_grad(s: str, dt, t):\n    print(s, (dt - t.grad).abs().max())', "dh = h\ncompare_grad('h', dh, h)"],
    [1, 2],
    ['compare_grad = cmp', 'dh = h', "compare_grad('h', dh, h)"],
  ],
  [
    'a comparison of another kind',
    ['def check(node, d):\n    print(torch.allclose(d, node.grad))', 'dh = h\ncheck(h, dh)'],
    [1, 2],
    ['def check(node, d):', '    print(torch.allclose(d, node.grad))', 'dh = h', 'check(h, dh)'],
  ],
  [
    'allclose with .grad',
    ['dh = h', 'print(torch.allclose(dh, h.grad))'],
    [1, 2],
    ['dh = h', 'print(torch.allclose(dh, h.grad))'],
  ],
  [
    'gradients within a function',
    ['def backward():\n    dlogits = logits * 2\n    return dlogits', 'dlogits = backward()'],
    [1, 2],
    ['def backward():', '    dlogits = logits * 2', '    return dlogits', 'dlogits = backward()'],
  ],
  [
    'a function that trains, given once more',
    ['dh = h', 'def train(steps):\n    for i in range(steps):\n        dh = h\n        W1.data -= dh', 'train(1000)'],
    [1],
    ['dh = h'],
  ],
  [
    'answers that are None yet',
    [...beforehand, "dlogits = None # TODO. my solution is 3 lines\ncmp('logits', dlogits, logits)"],
    [],
    [],
  ],
  [
    'an answer, and None over it in the next exercise',
    ['dhprebn = h', "dhprebn = None # TODO\ncmp('hprebn', dhprebn, hprebn)"],
    [1],
    ['dhprebn = h'],
  ],
  [
    'None and then the answer',
    ["dlogits = None # TODO\ndlogits = logits * 2\ncmp('logits', dlogits, logits)"],
    [1],
    ['dlogits = logits * 2', "cmp('logits', dlogits, logits)"],
  ],
  [
    'first tries',
    ['dlogits = -(1 - logits)\ndlogits[0]', 'dlogits.shape', lecture.exercise2],
    [3],
    lecture.exercise2.split('\n'),
  ],
  [
    'a try that is compared',
    ["dlogits = -logits\ncmp('logits', dlogits, logits)", lecture.exercise2],
    [1, 2],
    ['dlogits = -logits', "cmp('logits', dlogits, logits)", ...lecture.exercise2.split('\n')],
  ],
  [
    'an experiment that nothing gives its names to',
    [
      lecture.exercise2,
      'rand_idx = torch.randint(0, 9, (3,))',
      'logits_good = logits[rand_idx]',
      'dlogits_good = logits_good * 2',
    ],
    [1],
    lecture.exercise2.split('\n'),
  ],
  ['a toy beside', ['a = torch.tensor([1., 2.])\nc = a * 2', 'dc = c.exp()\nda = dc * 2', 'dh = h'], [3], ['dh = h']],
  [
    'names that only begin with d',
    ['data = [1]\ndim = 0\ndevice = "cpu"', 'dh = h.sum(dim)'],
    [1, 2],
    ['dim = 0', 'dh = h.sum(dim)'],
  ],
  ['drawing in the same cell', ['dh = h\nplt.imshow(dh)'], [1], ['dh = h', 'plt.imshow(dh)']],
  [
    'magics',
    ['%%time\ndh = h', '!ls\n%pwd', '%time db2 = dh.sum(0)'],
    [1, 3],
    ['%%time', 'dh = h', '%time db2 = dh.sum(0)'],
  ],
  ['cells of other languages', ['%%html\n<b>dh = h</b>', '%%bash\nls', 'dh = h'], [3], ['dh = h']],
  ['a cell with a mistake', ['dh = = h', 'dW2 = h.T @ dlogits'], [1, 2], ['dh = = h', 'dW2 = h.T @ dlogits']],
  ['a broken cell that is not judged', ['for x in', 'dh = h'], [2], ['dh = h']],
  ['no gradient anywhere', [imports, words], [], []],
];

describe('joinNotebook', () => {
  it.each(notebooks)('judges of %s what writes gradients, and what that needs', (_, sources, judged, code) => {
    const joined = join(...sources);
    expect(joined.cells.filter((cell) => cell.judged).map(({ cell }) => cell)).toEqual(judged);
    expect(statementsOf(joined.code)).toEqual(code);
  });

  it('says of each cell why it is judged or skipped', () => {
    const sources = [
      ...beforehand,
      lecture.exercise1,
      lecture.exercise2,
      lecture.comparison,
      lecture.figure,
      'logits.shape',
      '# later',
      lecture.training,
    ];
    expect(join(...sources).cells.map(({ why }) => why)).toEqual([
      'imports nothing that a judged cell needs',
      'reads a file',
      'makes what the lab has',
      'defines cmp, which the lab has',
      'makes the network or its data, which the lab has',
      'makes the network or its data, which the lab has',
      'runs autograd, as the lab does',
      'writes the gradient of logprobs, logits and h',
      'writes the gradient of logits',
      'compares gradients',
      'only draws',
      'only shows values',
      'holds no code',
      'trains, with gradients that other cells write as well',
    ]);
    expect(join('dh = h', '%%html\nx', 'x = None', 'dlogits = None').cells.map(({ why }) => why)).toEqual([
      'writes the gradient of h',
      'is not Python, but %%html',
      'defines nothing that a judged cell needs',
      'is not begun: dlogits is None',
    ]);
  });

  it('keeps the text of a judged cell as it is, under its number, and says in its place why one is skipped', () => {
    const { code, cells } = join(
      '#md Hello',
      'plt.plot(x)',
      '# my answer\n\ndh = h   # yes\n',
      'dW2 = (h.T\n       @ dh)',
    );
    expect(code).toBe(`# cell 2 is skipped: it only draws.

# cell 3
# my answer

dh = h   # yes

# cell 4
dW2 = (h.T
       @ dh)
`);
    expect(cells).toEqual([
      { cell: 2, judged: false, why: 'only draws', line: null, cellLine: null },
      { cell: 3, judged: true, why: 'writes the gradient of h', line: 4, cellLine: 1 },
      { cell: 4, judged: true, why: 'writes the gradient of W2', line: 9, cellLine: 1 },
    ]);
  });

  it('leaves out by turning into comments, so that lines stay where they are', () => {
    const { code } = join(
      'import os\nwith torch.no_grad():\n  for i in tqdm(range(\n      9)):\n    h = (1 +\n      2)\n\n    # now\n    dh = h\n    W2.data -= dh\n    dW2 = dh\n  x = 1',
    );
    expect(code).toBe(`# cell 1
with torch.no_grad():
  for i in range(1):  # for i in tqdm(range(
      # 9)):
    # h = (1 +
      # 2)

    # now
    dh = h
    # W2.data -= dh
    dW2 = dh
`);
  });

  it('knows for every line the cell and its line there', () => {
    const { lines, code } = join('#md', 'x = 1\nscale = 2', 'plt.plot(1)', 'dh = h * scale\n\ndW2 = h');
    const texts = code.split('\n');
    const placeOf = (text: string) => lines.placeOf(texts.indexOf(text) + 1);
    expect(placeOf('scale = 2')).toEqual({ cell: 2, line: 2 });
    expect(placeOf('dh = h * scale')).toEqual({ cell: 4, line: 1 });
    expect(placeOf('dW2 = h')).toEqual({ cell: 4, line: 3 });
    expect(placeOf('# cell 4')).toBeNull();
    expect(lines.placeOf(1000)).toBeNull();
  });

  it('says lines in words of cells', () => {
    const { lines } = join('dh = h\ndW2 = h', 'db2 = h');
    expect(lines.inCells('dW2, line 3: Line 6 divides by n; line 1 does not.')).toBe(
      'dW2, cell 1, line 2: Cell 2, line 1 divides by n; line 1 does not.',
    );
    expect(lines.inCells('see lines 2, 3 and 6, and a line')).toBe(
      'see cell 1, line 1, cell 1, line 2 and cell 2, line 1, and a line',
    );
  });

  it.each([
    ['before it is joined', notebookOf('dh = h', `# ${'x'.repeat(100)}`)],
    ['once it is', notebookOf('dh = h', ...Array.from({ length: 20 }, () => 'a'))],
  ])('refuses more code than there may be, %s', (_, text) => {
    expect(() => joinNotebook(text, 100)).toThrow(
      new NotebookError('is too long. The code of its cells may have up to 100 characters.'),
    );
  });

  it('refuses, rather than fails of, what is nested beyond reading', () => {
    const deep = notebookOf(`dh = ${'('.repeat(90_000)}`);
    const read = () => joinNotebook(deep, 200_000);
    try {
      expect(read().cells).toHaveLength(1);
    } catch (error) {
      expect(error).toBeInstanceOf(NotebookError);
    }
  });
});
