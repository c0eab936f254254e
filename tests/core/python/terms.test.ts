import { beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { comparedNodes } from '../../../core/programs/decomposed-mlp/backward';
import type { CodeCheck } from '../../../core/protocol/answers';
import type { Lab } from '../../../core/python/lab';
import { advanced, newSession } from '../sessions';
import { lecture, rewritten, variants } from './corpus/correct';
import { checkOf, newLab, nodesWith, rowOf } from './new-lab';

let lab: Lab;
beforeAll(async () => {
  lab = await newLab();
}, 60_000);

const session = advanced(newSession({ batchSize: 8, hiddenSize: 12 }), 3);
const gradients = comparedNodes.map((node) => `d${node}`);
const list = gradients.join(', ');

const indented = (code: string, by = '    ') => code.replace(/^(?=.)/gm, by);
/** The code with every gradient called otherwise. */
const renamed = (code: string, nameOf: (node: string) => string) =>
  code.replace(new RegExp(`\\bd(${comparedNodes.join('|')})\\b`, 'g'), (_, node: string) => nameOf(node));

const wrongLine = 'dbnraw = 2 * bngain * dhpreact';
/** One formula is wrong, and ten rows inherit from it. */
const wrong = rewritten({ 'dbnraw = bngain * dhpreact': wrongLine });
const inheriting = ['bnvar_inv', 'bnvar', 'bndiff2', 'bndiff', 'bnmeani', 'hprebn', 'embcat', 'W1', 'emb', 'C'];

const right = (check: CodeCheck, except: readonly string[] = []) => {
  expect(check.error).toBeNull();
  expect(nodesWith(check, 'exact', 'rounding')).toEqual(comparedNodes.filter((node) => !except.includes(node)));
};

/** That the one root cause is that line of the code, and the ten rows below inherit from it. */
function onlyBnrawIsWrong(code: string, at = session, line = wrongLine): void {
  // Brief: the line is told without a search for what the mistake is.
  const { check } = lab.check(at.labInputs(code), code, 'brief');
  expect(check.error).toBeNull();
  const expected = code.split('\n').findIndex((text) => text.includes(line)) + 1;
  expect(check.rootCauses.map((cause) => ({ node: cause.node, line: cause.line }))).toEqual([
    { node: 'bnraw', line: expected },
  ]);
  expect(rowOf(check, 'bnraw')).toMatchObject({ verdict: 'wrong', line: expected });
  expect(nodesWith(check, 'inherited')).toEqual(inheriting);
  right(check, ['bnraw', ...inheriting]);
}

/** The lecture's solution, or another, as the body of what people write it in. */
const places: readonly { readonly name: string; readonly within: (code: string) => string }[] = [
  { name: 'with torch.no_grad()', within: (code) => `with torch.no_grad():\n${indented(code)}` },
  {
    name: 'a function that returns them',
    within: (code) => `def backward():\n${indented(code)}\n    return ${list}\n${list} = backward()\n`,
  },
  {
    name: 'a function with globals',
    within: (code) => `def backward():\n    global ${list}\n${indented(code)}\nbackward()\n`,
  },
  {
    name: 'a function in a function',
    within: (code) =>
      `def outer():\n    def inner():\n${indented(code, '        ')}\n        return ${list}\n    return inner()\n${list} = outer()\n`,
  },
  {
    name: 'a function that takes forward values',
    within: (code) =>
      `def backward(h, W2, counts):\n${indented(code)}\n    return ${list}\n${list} = backward(h, W2, counts)\n`,
  },
  {
    name: 'two functions',
    within: (code) => {
      const lines = code.split('\n');
      const [first, second] = [lines.slice(0, 12).join('\n'), lines.slice(12).join('\n')];
      return `def head():\n    global ${list}\n${indented(first)}\ndef rest():\n    global ${list}\n${indented(second)}\nhead()\nrest()\n`;
    },
  },
  {
    name: 'a method that sets attributes',
    within: (code) =>
      `class Backward:\n    def run(self):\n${indented(
        renamed(code, (node) => `self.d${node}`),
        '        ',
      )}\nbackward = Backward()\nbackward.run()\n`,
  },
  {
    name: 'a method that returns a dictionary',
    within: (code) =>
      `class Backward:\n    def __call__(self):\n${indented(code, '        ')}\n        return dict(${gradients
        .map((name) => `${name}=${name}`)
        .join(', ')})\ngrads = Backward()()\n`,
  },
  { name: 'a loop of one turn', within: (code) => `for step in range(1):\n${indented(code)}` },
  { name: 'a loop of three turns', within: (code) => `for step in range(3):\n${indented(code)}` },
  { name: 'while', within: (code) => `turn = 0\nwhile turn < 1:\n${indented(code)}    turn += 1\n` },
  { name: 'if', within: (code) => `if n > 1:\n${indented(code)}else:\n    pass\n` },
  { name: 'try', within: (code) => `try:\n${indented(code)}except ValueError:\n    pass\n` },
  {
    name: 'a dictionary',
    within: (code) => `grads = {}\n${renamed(code, (node) => `grads['${node}']`)}`,
  },
  {
    name: 'a dictionary of d names',
    within: (code) => `grads = {}\n${renamed(code, (node) => `grads["d${node}"]`)}`,
  },
];

describe('code is judged where it stands:', () => {
  it.each(places)('one mistake in $name is one root cause', ({ within }) => {
    const code = within(wrong);
    onlyBnrawIsWrong(code, session, code.includes(wrongLine) ? wrongLine : '2 * bngain *');
  });

  it.each(places)('what is right stays right in $name', ({ within }) => right(checkOf(lab, session, within(lecture))));

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a tuple',
      {
        [wrongLine]: '',
        'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)':
          'dbngain, dbnraw = (bnraw * dhpreact).sum(0, keepdim=True), 2 * bngain * dhpreact',
      },
      'dbngain, dbnraw',
    ],
    ['a lambda', { [wrongLine]: 'through = lambda d: 2 * bngain * d\ndbnraw = through(dhpreact)' }, 'dbnraw = through'],
    [
      'a helper function',
      { [wrongLine]: 'def through(d):\n    return 2 * bngain * d\ndbnraw = through(dhpreact)' },
      'dbnraw = through',
    ],
    [
      'a closure',
      {
        [wrongLine]:
          'def through(gain):\n    def inner(d):\n        return 2 * gain * d\n    return inner\ndbnraw = through(bngain)(dhpreact)',
      },
      'dbnraw = through',
    ],
    [
      ':=',
      { [wrongLine]: '', 'dbndiff = bnvar_inv * dbnraw': 'dbndiff = bnvar_inv * (dbnraw := 2 * bngain * dhpreact)' },
      ':=',
    ],
    [
      'globals()',
      { [wrongLine]: "for name in ['bnraw']:\n    globals()['d' + name] = 2 * bngain * dhpreact" },
      'for name',
    ],
    [
      'a view',
      { [wrongLine]: 'flat = (2 * bngain * dhpreact).view(-1)\ndbnraw = flat.view(bnraw.shape)' },
      'dbnraw = flat',
    ],
    [
      'an alias that is changed in place',
      { [wrongLine]: 'dbnraw = bngain * dhpreact\nsame = dbnraw\nsame *= 2' },
      'same = dbnraw',
    ],
    [
      'an argument that is changed in place',
      { [wrongLine]: 'def double(x):\n    x *= 2\ndbnraw = bngain * dhpreact\ndouble(dbnraw)' },
      'x *= 2',
    ],
  ])('one mistake in %s is one root cause', (_, changes, line) => {
    const code = wrong
      .split('\n')
      .map((text) => changes[text] ?? text)
      .join('\n');
    onlyBnrawIsWrong(code, session, line);
  });
});

describe('a loop over the batch', () => {
  const loops = {
    'dlogprobs[range(n), Yb] = -1.0/n': 'for i in range(n):\n    dlogprobs[i, Yb[i]] = -1.0/n',
    'db2 = dlogits.sum(0)': 'db2 = torch.zeros_like(b2)\nfor i in range(n):\n    db2 += dlogits[i]',
    'dh = dlogits @ W2.T': 'dh = torch.stack([W2 @ dlogits[i] for i in range(n)])',
  };
  const inFunction = (code: string) => `def backward():\n${indented(code)}\n    return ${list}\n${list} = backward()\n`;

  it.each([3, 5, 8, 12])('is right with %i examples, wherever it stands', (batchSize) => {
    const at = newSession({ batchSize, hiddenSize: 9 });
    right(checkOf(lab, at, rewritten(loops)));
    right(checkOf(lab, at, inFunction(rewritten(loops))));
    right(checkOf(lab, at, `with torch.no_grad():\n${indented(rewritten(loops))}`));
  });

  it('is one root cause where it is wrong, and nothing below it', () => {
    const code = rewritten({
      ...loops,
      'dlogprobs[range(n), Yb] = -1.0/n': 'for i in range(n):\n    dlogprobs[i, Yb[i]] = -2.0/n',
    });
    for (const written of [code, inFunction(code)]) {
      const check = checkOf(lab, session, written);
      const line = written.split('\n').findIndex((text) => text.includes('-2.0/n')) + 1;
      expect(check.rootCauses).toMatchObject([{ node: 'logprobs', line }]);
      expect(nodesWith(check, 'wrong')).toEqual(['logprobs']);
      expect(nodesWith(check, 'inherited')).toHaveLength(23);
    }
  });

  it('moves nothing that follows it', () => {
    onlyBnrawIsWrong(inFunction(rewritten({ ...loops, 'dbnraw = bngain * dhpreact': wrongLine })));
  });
});

describe('several answers for one gradient', () => {
  const exercise2 = 'dlogits = F.softmax(logits, 1)\ndlogits[range(n), Yb] -= 1\ndlogits /= n\n';

  it('is one where a draft is assigned anew before anything reads it', () => {
    right(checkOf(lab, session, wrong.replace(wrongLine, `${wrongLine}\ndbnraw = bngain * dhpreact`)));
    expect(rowOf(checkOf(lab, session, `dprobs = torch.randn(3)\n${lecture}`), 'probs').answers).toEqual([]);
  });

  it('are judged each at its line: both right', () => {
    const check = checkOf(lab, session, `${lecture}${exercise2}`);
    right(check);
    expect(rowOf(check, 'logits').answers).toMatchObject([
      { line: 11, verdict: 'exact' },
      { line: 38, verdict: 'rounding' },
    ]);
  });

  it('are judged each at its line: the second is wrong, and what read the first is not', () => {
    const check = checkOf(lab, session, `${lecture}${exercise2.replace('dlogits /= n\n', '')}`);
    right(check, ['logits']);
    expect(rowOf(check, 'logits')).toMatchObject({ verdict: 'wrong', line: 37 });
    expect(rowOf(check, 'logits').answers.map(({ verdict }) => verdict)).toEqual(['exact', 'wrong']);
    expect(check.rootCauses).toMatchObject([{ node: 'logits', line: 37 }]);
  });

  it('are judged each at its line: the first is wrong, and the mistake is not hidden by the second', () => {
    const code = rewritten({ 'dlogits = dnorm_logits.clone()': 'dlogits = 0.5 * dnorm_logits' });
    const check = checkOf(lab, session, `${code}${exercise2}`);
    expect(check.rootCauses).toMatchObject([{ node: 'logits', line: 9 }]);
    expect(rowOf(check, 'logits').answers.map(({ verdict }) => verdict)).toEqual(['wrong', 'rounding']);
    expect(nodesWith(check, 'wrong')).toEqual(['logits']);
    expect(rowOf(check, 'h').verdict).toBe('inherited');
  });

  it('are shown by the numbers that the row is of', () => {
    const code = `${rewritten({ 'dlogits = dnorm_logits.clone()': 'dlogits = 0.5 * dnorm_logits' })}${exercise2}`;
    const { check, gradients } = lab.check(session.labInputs(code), code, 'thorough');
    const known = session.labInputs(code).nodes.find(({ name }) => name === 'logits')!;
    const given = Array.from(gradients.get('logits')!.values, (value, at) => Math.abs(value - known.gradient[at]!));
    expect(Math.max(...given)).toBe(rowOf(check, 'logits').maxdiff);
  });

  it('are told once where the turns of a loop give the same', () => {
    const check = checkOf(lab, session, `for turn in range(3):\n${lecture.replace(/^/gm, '  ')}\n`);
    right(check);
    expect(check.rows.filter(({ answers }) => answers.length > 0)).toEqual([]);
  });

  it('are one where one tensor has two names', () => {
    const check = checkOf(lab, session, `${lecture}grads = {'logits': dlogits, 'h': dh}\n`);
    right(check);
    expect(check.rows.filter(({ answers }) => answers.length > 0)).toEqual([]);
  });

  it('are two where a gradient has another’s tensor, and the one is changed for both', () => {
    const code = rewritten({
      'dbnmeani = (-dbndiff).sum(0, keepdim=True)': 'dbnmeani = (-dbndiff).sum(0, keepdim=True)\ndhprebn = dbndiff',
      'dhprebn = dbndiff.clone()': '',
    });
    const check = checkOf(lab, session, code);
    right(check, ['bndiff']);
    expect(check.rootCauses).toMatchObject([{ node: 'bndiff', line: 26 }]);
  });
});

describe('what a formula reads', () => {
  const small = newSession({ batchSize: 4, hiddenSize: 5 });
  it.each([
    ['lists', 'torch.tensor(dbnraw.tolist())'],
    ['numbers', 'torch.tensor([[float(x) for x in row] for row in dbnraw])'],
    ['items', 'torch.tensor([[x.item() for x in row] for row in dbnraw])'],
    ['text', 'torch.tensor([[float(repr(float(x))) for x in row] for row in dbnraw])'],
    ['formatted text', 'torch.tensor([[float(f"{x.item():.17g}") for x in row] for row in dbnraw])'],
    ['views', 'dbnraw.view(-1)[:].view(bnraw.shape).T.T'],
    ['copies', 'dbnraw.clone().detach()'],
    ['indices', 'dbnraw[torch.arange(n)]'],
    ['rows', 'torch.stack([dbnraw[i] for i in range(n)])'],
  ])('is known through %s', (_, read) => {
    onlyBnrawIsWrong(wrong.replace('dbndiff = bnvar_inv * dbnraw', `dbndiff = bnvar_inv * ${read}`), small);
    right(checkOf(lab, small, rewritten({ 'dbndiff = bnvar_inv * dbnraw': `dbndiff = bnvar_inv * ${read}` })));
  });
});

describe('whose gradient it is', () => {
  const compared = comparedNodes.map((node) => `cmp('${node}', d${node}, ${node})\n`).join('');
  const ownCmp = `def cmp(s, dt, t):
  ex = torch.all(dt == t.grad).item()
  app = torch.allclose(dt, t.grad)
  maxdiff = (dt - t.grad).abs().max().item()
  print(f'{s:15s} | exact: {str(ex):5s} | approximate: {str(app):5s} | maxdiff: {maxdiff}')
`;
  const named: readonly (readonly [string, (node: string) => string])[] = [
    ['g_logits', (node) => `g_${node}`],
    ['x7', (node) => `x${comparedNodes.indexOf(node as 'h')}`],
    ['dlogits_', (node) => `d${node}_`],
  ];

  it.each(named)('is said by cmp, whatever it is called: %s', (_, nameOf) => {
    for (const before of ['', ownCmp]) {
      const code = before + renamed(wrong + compared, nameOf);
      onlyBnrawIsWrong(code, session, '2 * bngain *');
      const check = checkOf(lab, session, code);
      expect(rowOf(check, 'h').notes).toEqual([`${nameOf('h')} is judged as the gradient of h: cmp says so.`]);
    }
  });

  it('is said by cmp of a view of another’s gradient', () => {
    const check = checkOf(
      lab,
      session,
      renamed(lecture + compared, (node) => `my_${node}`),
    );
    right(check);
    expect(rowOf(check, 'emb').notes).toEqual(['my_emb is judged as the gradient of emb: cmp says so.']);
  });

  it('is judged of an expression that is only compared', () => {
    const without = rewritten({ 'db2 = dlogits.sum(0)': '' });
    right(checkOf(lab, session, `${without}cmp('b2', dlogits.sum(0), b2)\n`));
    const check = checkOf(lab, session, `${without}cmp('b2', 2 * dlogits.sum(0), b2)\n`);
    right(check, ['b2']);
    expect(check.rootCauses).toMatchObject([{ node: 'b2', line: 36 }]);
  });

  it('is known by the value of a forward name of one’s own', () => {
    const code = `h_pre = embcat @ W1 + b1\n${wrong.replaceAll('dhprebn', 'dh_pre')}`;
    onlyBnrawIsWrong(code);
    expect(rowOf(checkOf(lab, session, code), 'hprebn').notes).toEqual([
      'dh_pre is judged as the gradient of hprebn, whose value h_pre has.',
    ]);
  });

  it('is known by the nearest name', () => {
    const code = wrong
      .replaceAll('dlogit_maxes', 'dlogits_maxes')
      .replaceAll('dcounts_sum_inv', 'dcount_sum_inv')
      .replaceAll('dhpreact', 'dh_preact');
    onlyBnrawIsWrong(code, session, '2 * bngain *');
    const check = checkOf(lab, session, code);
    expect(rowOf(check, 'logit_maxes').notes).toEqual([
      'dlogits_maxes is judged as the gradient of logit_maxes, by its name.',
    ]);
    expect(check.rows.filter(({ notes }) => notes.length > 0)).toHaveLength(3);
  });
});

describe('copied', () => {
  const small = newSession({ batchSize: 4, hiddenSize: 5 });
  const formula = 'dhpreact = (1.0 - h**2) * dh';
  const ways: readonly (readonly [string, string])[] = [
    ['itself', 'hpreact.grad'],
    ['an op', 'hpreact.grad * 1.0'],
    ['a clone', 'hpreact.grad.clone()'],
    ['a view', 'hpreact.grad.view(-1).view(n, -1)'],
    ['a list', 'torch.tensor(hpreact.grad.tolist())'],
    ['text', 'torch.tensor([[float(repr(float(v))) for v in row] for row in hpreact.grad])'],
    ['getattr', 'getattr(hpreact, "gr" + "ad")'],
    ['a sum with it', '(1.0 - h**2) * dh + (hpreact.grad - (1.0 - h**2) * dh)'],
  ];

  it.each(ways)('is what is taken from .grad by %s; the rows below are judged by themselves', (_, taken) => {
    const check = checkOf(lab, small, rewritten({ [formula]: `dhpreact = ${taken}` }));
    expect(nodesWith(check, 'copied')).toEqual(['hpreact']);
    right(check, ['hpreact']);
    expect(check.rootCauses).toEqual([]);
    expect(rowOf(check, 'hpreact').reason).toContain('.grad');
  });

  it('is shown as it is where .grad is autograd’s, figures and numbers', () => {
    const code = rewritten({ [formula]: 'dhpreact = hpreact.grad' });
    const inputs = small.labInputs(code);
    const { check, gradients } = lab.check(inputs, code, 'thorough');
    expect(rowOf(check, 'hpreact')).toMatchObject({ verdict: 'copied', exact: true, maxdiff: 0 });
    expect(Array.from(gradients.get('hpreact')!.values)).toEqual(
      Array.from(inputs.nodes.find(({ name }) => name === 'hpreact')!.gradient),
    );
  });

  it.each([
    ['a helper function', `def get(t):\n    return t.grad\n${rewritten({ [formula]: 'dhpreact = get(hpreact)' })}`],
    ['a copy in place', rewritten({ [formula]: 'dhpreact = torch.zeros_like(hpreact)\ndhpreact.copy_(hpreact.grad)' })],
    ['indices', rewritten({ [formula]: 'dhpreact = torch.zeros_like(hpreact)\ndhpreact[:] = hpreact.grad' })],
    ['what is computed anew', rewritten({ [formula]: 'dhpreact = (1.0 - h**2) * torch.tanh(hpreact).grad' })],
  ])('is what is taken from .grad by %s', (_, code) => {
    expect(nodesWith(checkOf(lab, small, code), 'copied')).toEqual(['hpreact']);
  });

  it('does not hide a mistake below', () => {
    const check = checkOf(lab, session, wrong.replace(formula, 'dhpreact = hpreact.grad'));
    expect(nodesWith(check, 'copied')).toEqual(['hpreact']);
    expect(check.rootCauses).toMatchObject([{ node: 'bnraw', line: 17 }]);
    expect(nodesWith(check, 'inherited')).toEqual(inheriting);
  });

  it('is every gradient that is', () => {
    const check = checkOf(lab, session, comparedNodes.map((node) => `d${node} = ${node}.grad\n`).join(''));
    expect(nodesWith(check, 'copied')).toHaveLength(26);
  });

  it('is nothing where .grad is only looked at, and it prints what autograd gives', () => {
    const check = checkOf(
      lab,
      session,
      `${lecture}print((dlogits - logits.grad).abs().max().item())\nprint(torch.allclose(dh, h.grad))`,
    );
    right(check);
    expect(check.output).toBe('0.0\nTrue\n');
  });
});

describe('what is asked for', () => {
  const exercise3 =
    'dhprebn = bngain*bnvar_inv/n * (n*dhpreact - dhpreact.sum(0) - n/(n-1)*bnraw*(dhpreact*bnraw).sum(0))\n';
  const checkOnly = (code: string, only: readonly string[]) =>
    lab.check(session.labInputs(code, only), code, 'thorough').check;

  it('is all that is missed, and what is read without being written is given as autograd’s', () => {
    for (const code of [exercise3, `def solve():\n    global dhprebn\n    ${exercise3}solve()\n`]) {
      const check = checkOnly(code, ['hprebn']);
      expect(check.rows).toMatchObject([{ node: 'hprebn', verdict: 'rounding' }]);
      expect(check.rootCauses).toEqual([]);
      expect(check.notes).toEqual(["No line writes dhpreact: it is given, as autograd's gradient of hpreact."]);
    }
  });

  it('is wrong where it is', () => {
    const check = checkOnly(exercise3.replace('n/(n-1)*', ''), ['hprebn']);
    expect(check.rows).toMatchObject([{ node: 'hprebn', verdict: 'wrong', line: 1 }]);
    expect(check.rootCauses).toMatchObject([{ node: 'hprebn', line: 1 }]);
  });

  it('may be everything: then what is read and not written is a root cause, and the rest is judged', () => {
    const check = checkOf(lab, session, exercise3);
    expect(check.error).toBeNull();
    expect(rowOf(check, 'hprebn').verdict).toBe('rounding');
    expect(nodesWith(check, 'missing')).toHaveLength(25);
    expect(check.rootCauses).toMatchObject([{ node: 'hpreact', line: null }]);
  });
});

describe('code that fixes the size of the batch', () => {
  const at = newSession({ batchSize: 32, hiddenSize: 12 });
  it.each([
    ['range(32)', { 'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(32), Yb] = -1.0/n' }],
    ['1/32', { 'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(n), Yb] = -1.0/32' }],
    [
      '1/31',
      {
        'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar':
          'dbndiff2 = (1.0/31)*torch.ones_like(bndiff2) * dbnvar',
      },
    ],
    ['0.03125', { 'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(n), Yb] = -0.03125' }],
    ['view(32, …)', { 'demb = dembcat.view(emb.shape)': 'demb = dembcat.view(32, 3, 10)' }],
  ] as const)('is right at that size: %s', (_, changes) => {
    right(checkOf(lab, at, rewritten(changes)));
    const mistaken = { ...changes, 'dbnraw = bngain * dhpreact': wrongLine };
    onlyBnrawIsWrong(rewritten(mistaken), at);
  });

  it('is right where the size is another size of the network as well', () => {
    const changes = { 'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(17), Yb] = -1.0/17' };
    right(checkOf(lab, newSession({ batchSize: 17, hiddenSize: 12 }), rewritten(changes)));
  });

  it('is masked where n is 2, and 1/(n − 1) left out', () => {
    const changes = {
      'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar': 'dbndiff2 = torch.ones_like(bndiff2) * dbnvar',
    };
    const check = checkOf(lab, newSession({ batchSize: 2, hiddenSize: 12 }), rewritten(changes));
    expect(nodesWith(check, 'masked')).toEqual(['bndiff2']);
    right(check, ['bndiff2']);
  });
});

describe('float32', () => {
  it.each([
    ['1e30', 'dh = (dlogits * 1e30 * 1e30 / 1e30 / 1e30) @ W2.T'],
    ['infinity', 'dh = (dlogits * 1e38 * 1e3 / 1e38 / 1e3) @ W2.T'],
    ['what a large number takes in', 'dh = ((dlogits + 1e4) - 1e4) @ W2.T'],
    ['underflow', 'dh = (dlogits * 1e-30 * 1e-30 * 1e30 * 1e30) @ W2.T'],
  ])('that overflows or cancels is no rounding, and no other mistake: %s', (_, line) => {
    const check = checkOf(lab, session, rewritten({ 'dh = dlogits @ W2.T': line }));
    expect(rowOf(check, 'h').verdict).toBe('wrong');
    expect(check.rootCauses).toMatchObject([
      {
        node: 'h',
        line: 12,
        mistake: null,
        explanation: expect.stringContaining('Right in float64, but not in float32'),
      },
    ]);
    expect(nodesWith(check, 'wrong')).toEqual(['h']);
    right(check, ['h', ...nodesWith(check, 'inherited')]);
  });

  it('that rounds otherwise is rounding', () => {
    const code = rewritten({ 'dh = dlogits @ W2.T': 'dh = ((dlogits * 3.0) @ W2.T) / 3.0' });
    const check = checkOf(lab, session, code);
    right(check);
    expect(rowOf(check, 'h').maxdiff).toBeLessThanOrEqual(rowOf(check, 'h').bound!);
  });

  it('that is not a number in one element is wrong', () => {
    const code = rewritten({ 'dh = dlogits @ W2.T': 'dh = dlogits @ W2.T\ndh[0, 0] = float("nan")' });
    expect(checkOf(lab, session, code).rootCauses).toMatchObject([{ node: 'h', line: 13 }]);
  });
});

describe('right solutions stay right at every size:', () => {
  const sizes = [2, 3, 5, 32, 64].flatMap((batchSize) => [1, 8, 27, 30].map((hiddenSize) => [batchSize, hiddenSize]));
  const judged = (at: Session, code: string) => lab.check(at.labInputs(code), code, 'brief').check;
  it.each(sizes)('batch %i, hidden %i', (batchSize, hiddenSize) => {
    const at = newSession({ batchSize, hiddenSize });
    for (const code of [lecture, ...variants.map((variant) => variant.code)]) right(judged(at, code));
  });

  it('and with a gain of ones, as the first step has', () => {
    right(checkOf(lab, newSession({ batchSize: 32, hiddenSize: 8, initialisation: 'seed' }), lecture));
  });
});

it('an error within a function leaves what was complete before it, and blames no other line', () => {
  const lines = lecture.split('\n').slice(0, 4);
  const code = `def backward():\n    global ${list}\n${indented([...lines, 'x = undefined', 'dprobs = dprobs * 2'].join('\n'))}\nbackward()\n`;
  const check = checkOf(lab, session, code);
  expect(check.error).toMatchObject({ type: 'NameError', line: 7 });
  expect(nodesWith(check, 'exact', 'rounding')).toEqual(['logprobs', 'counts_sum_inv']);
  expect(rowOf(check, 'probs')).toMatchObject({ verdict: 'missing', reason: expect.stringContaining('Line 7 failed') });
  expect(check.rootCauses).toEqual([]);
});
