import { beforeAll, describe, expect, it } from 'vitest';
import { blockSize, shuffledWords } from '../../../core/data/dataset';
import { trainingInputs } from '../../../core/debugger/lab-inputs';
import type { Lab } from '../../../core/python/lab';
import { TorchGenerator } from '../../../core/tensor/generators/torch-generator';
import { smallWords } from '../names-dataset';
import { advanced, newSession } from '../sessions';
import { lecture, rewritten } from './corpus/correct';
import { checkOf, newLab, nodesWith } from './new-lab';

let lab: Lab;
beforeAll(async () => {
  lab = await newLab();
}, 60_000);

const session = advanced(newSession({ batchSize: 6, hiddenSize: 8 }), 3);
const { dataset } = session.data;
const { labels } = dataset.vocabulary;

/** What the code prints, line by line. It must run to its end. */
function printed(code: string, of = session): string[] {
  const { error, output } = checkOf(lab, of, code);
  expect(error).toBeNull();
  return output.trimEnd().split('\n');
}

/** The numbers of what Python prints as nested lists of numbers. */
const listed = (text: string | undefined): unknown => JSON.parse(text ?? '');

/** As [count, 3] lists. */
const rows = (tokens: ArrayLike<number>) =>
  Array.from({ length: tokens.length / blockSize }, (_, at) =>
    Array.from(tokens).slice(at * blockSize, (at + 1) * blockSize),
  );

describe('the notebook’s names', () => {
  it('of sizes and counts are numbers of this session', () => {
    const parameterCount = session.network.parameters.reduce((sum, { tensor }) => sum + tensor.elements, 0);
    const expected = {
      n_embd: 10,
      n_hidden: 8,
      block_size: 3,
      batch_size: 6,
      n: 6,
      vocab_size: labels.length,
      max_steps: 20_000,
      n1: Math.floor(0.8 * smallWords.length),
      n2: Math.floor(0.9 * smallWords.length),
      i: 3,
      total_parameters: parameterCount,
      epsilon_initialization: 0.01,
      kaiming_initialization: 5 / 3 / Math.sqrt(30),
    };
    const names = Object.keys(expected);
    const lines = printed(names.map((name) => `print(type(${name}).__name__, ${name})`).join('\n'));
    for (const [at, [name, value]] of Object.entries(expected).entries()) {
      const [type, text] = lines[at]!.split(' ');
      expect([name, type]).toEqual([name, name.endsWith('initialization') ? 'float' : 'int']);
      expect([name, Number(text)]).toEqual([name, expect.closeTo(value, 14)]);
    }
  });

  it('`loss` is the step’s: a tensor of no dimension, in the run’s own precision', () => {
    const [shape, dtype, value] = printed('print(loss.shape == torch.Size([]))\nprint(loss.dtype)\nprint(loss.item())');
    expect([shape, dtype]).toEqual(['True', 'torch.float32']);
    expect(Number(value)).toBe(session.loss);
    const inputs = session.labInputs('');
    expect(inputs.doubleLoss).not.toBe(inputs.loss);
    expect(inputs.doubleLoss).toBeCloseTo(inputs.loss, 5);
  });

  it('`loss` is what cross entropy gives of the logits', () => {
    expect(Math.abs(Number(printed('print((F.cross_entropy(logits, Yb) - loss).item())')[0]))).toBeLessThan(1e-6);
  });

  it('`parameters` are the tensors themselves, in the notebook’s order, and `p` the last of them', () => {
    const test = 'all(a is b for a, b in zip(parameters, [C, W1, b1, W2, b2, bngain, bnbias]))';
    const code = `print(type(parameters).__name__, len(parameters), ${test}, p is bnbias)`;
    expect(printed(code)).toEqual(['list 7 True True']);
  });

  it('`ix` are the examples of the batch', () => {
    const code = 'print(ix.dtype, ix.tolist())\nprint(bool((Xtr[ix] == Xb).all()), bool((Ytr[ix] == Yb).all()))';
    expect(printed(code)).toEqual([`torch.int64 [${Array.from(session.batch).join(', ')}]`, 'True True']);
  });

  it('`stoi`, `itos` and `chars` are the vocabulary’s', () => {
    const [chars, stoi, itos, ends] = printed(
      'print("".join(chars))\nprint([stoi[c] for c in chars])\nprint("".join(itos[i] for i in range(len(itos))))\nprint(stoi["."], len(stoi), type(stoi).__name__, type(chars).__name__)',
    );
    expect(chars).toBe(labels.slice(1).join(''));
    expect(listed(stoi)).toEqual(labels.slice(1).map((_, at) => at + 1));
    expect(itos).toBe(labels.join(''));
    expect(ends).toBe(`0 ${labels.length} dict list`);
  });

  it('`words` are shuffled, as the notebook has done by then', () => {
    const [kind, words] = printed('print(type(words).__name__, len(words))\nprint(",".join(words))');
    expect(kind).toBe(`list ${smallWords.length}`);
    expect(words!.split(',')).toEqual(shuffledWords(smallWords));
    expect(words!.split(',')).not.toEqual(smallWords);
  });

  it.each([
    ['Xtr', 'Ytr', 'train'],
    ['Xdev', 'Ydev', 'dev'],
    ['Xte', 'Yte', 'test'],
  ] as const)('`%s` and `%s` are the examples of that split', (X, Y, split) => {
    const [types, shapes, contexts, targets] = printed(
      `print(${X}.dtype, ${Y}.dtype)\nprint(${X}.shape, ${Y}.shape)\nprint(${X}[-50:].tolist())\nprint(${Y}[-50:].tolist())`,
    );
    const { count, contexts: knownContexts, targets: knownTargets } = dataset[split];
    expect(types).toBe('torch.int64 torch.int64');
    expect(shapes).toBe(`torch.Size([${count}, 3]) torch.Size([${count}])`);
    expect(listed(contexts)).toEqual(rows(knownContexts).slice(-50));
    expect(listed(targets)).toEqual(Array.from(knownTargets).slice(-50));
  });

  it.each(['build_dataset(words[:n1])', 'prepare_dataset(words[:n1], block_size=block_size)'])(
    '%s gives the training set',
    (made) => {
      const code = `X, Y = ${made}\nprint(bool((X == Xtr).all()), X.shape == Xtr.shape, bool((Y == Ytr).all()))`;
      expect(printed(code).at(-1)).toBe('True True True');
    },
  );

  it('`g` is a generator that goes on where the session’s stands', () => {
    const count = dataset.train.count;
    const drawn = printed(
      `print(isinstance(g, torch.Generator))\nprint(torch.randint(0, Xtr.shape[0], (batch_size,), generator=g).tolist())`,
    );
    const next = new Int32Array(6);
    TorchGenerator.fromState(session.generatorState).randint(next, 0, count);
    expect(drawn[0]).toBe('True');
    expect(listed(drawn[1])).toEqual(Array.from(next));
    expect(Array.from(advanced(newSession({ batchSize: 6, hiddenSize: 8 }), 4).batch)).toEqual(Array.from(next));
  });

  it.each(['random.random()', 'torch.rand(2).tolist()'])('%s draws the same in every run', (drawn) => {
    const code = `print(${drawn}, ${drawn})`;
    expect(printed(code)).toEqual(printed(code));
  });

  it('`lossi` is an empty list', () => {
    expect(printed('lossi.append(loss.item())\nprint(len(lossi))')).toEqual(['1']);
  });

  it('hide no gradient that a person has yet to write', () => {
    const { error } = checkOf(lab, session, 'print(dloss)');
    expect(error).toMatchObject({ type: 'NameError', line: 1 });
    const names = printed('print(",".join(name for name in list(globals()) if name.startswith("d")))');
    expect(names).toEqual(['']);
  });

  it('may be written over', () => {
    expect(
      printed('batch_size = n * 2\nloss = 7\np = i = g = 1\nwords = ["x"]\nprint(batch_size, loss, p, words)'),
    ).toEqual(["12 7 1 ['x']"]);
  });
});

describe('a solution that uses them', () => {
  const right = (code: string) => {
    const check = checkOf(lab, session, code);
    expect(check.error).toBeNull();
    expect(nodesWith(check, 'wrong', 'inherited', 'missing', 'shape')).toEqual([]);
    expect(check.rootCauses).toEqual([]);
  };

  it('is right: sizes by their names', () => {
    right(
      rewritten({
        'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(batch_size), Yb] = -1.0/batch_size',
        'demb = dembcat.view(emb.shape)': 'demb = dembcat.view(batch_size, block_size, n_embd)',
        'dhprebn = dbndiff.clone()': 'dhprebn = dbndiff.clone().view(batch_size, n_hidden)',
        'db2 = dlogits.sum(0)': 'db2 = dlogits.sum(0).view(len(stoi))',
      }),
    );
  });

  it('is right: their names for helpers of its own', () => {
    right(
      rewritten({
        'dh = dlogits @ W2.T': 'p = W2.T\ni = dlogits @ p\ndh = i',
        'dhpreact = (1.0 - h**2) * dh': 'loss = 1.0 - h**2\ndhpreact = loss * dh',
      }),
    );
  });

  it('prints how far the fast loss is from the slow one', () => {
    const { error, output } = checkOf(
      lab,
      session,
      `${lecture}loss_fast = F.cross_entropy(logits, Yb)\nprint(loss_fast.item(), 'diff:', (loss_fast - loss).item())\n`,
    );
    expect(error).toBeNull();
    expect(output).toMatch(/^\d\.\d+ diff: -?\d\S*\n$/);
  });

  it('is wrong where it divides by another of them', () => {
    const check = checkOf(
      lab,
      session,
      rewritten({ 'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(n), Yb] = -1.0/block_size' }),
    );
    expect(nodesWith(check, 'wrong')).toEqual(['logprobs']);
  });

  it('gives the gradients for training too', () => {
    const code = rewritten({
      'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(n), Yb] = -1.0/batch_size',
      'dC = torch.zeros_like(C)': 'dC = torch.zeros((len(itos), n_embd))',
    });
    const { error, gradients } = lab.gradients(trainingInputs(session, code), code);
    expect(error).toBeNull();
    expect([...gradients.keys()].toSorted()).toEqual(session.network.parameters.map(({ name }) => name).toSorted());
  });
});

it('what a run changes is as it was in the next', () => {
  const look =
    'print(loss.item(), C.sum().item(), Xdev.sum().item(), len(words), len(stoi), len(parameters), ix.sum().item())';
  const before = printed(look);
  const change = `loss += 1
for p in parameters: p += 1
Xdev[0] = 5
words.clear()
stoi["new"] = 99
parameters.pop()
ix.zero_()
torch.randn(3, generator=g)
print(g)`;
  printed(change);
  expect(printed(look)).toEqual(before);
  const draws = 'print(torch.rand(2, generator=g).tolist())';
  expect(printed(draws)).toEqual(printed(draws));
});

describe('what crosses to Python’s thread', () => {
  const dataOf = (code: string) => session.labInputs(code).data;

  it('is none of the data set where the code does not name it', () => {
    const { labels, words, tensors, generator } = dataOf(lecture);
    expect({ labels, words, tensors, generator }).toEqual({ labels: null, words: null, tensors: [], generator: null });
  });

  it('is what the code names, and no more', () => {
    const code = 'dh = 1 if stoi["a"] in Ydev else 2';
    const { labels: named, words, tensors, generator } = dataOf(code);
    expect({ named, words, generator }).toEqual({ named: labels, words: null, generator: null });
    expect(tensors.map(({ name }) => name)).toEqual(['Ydev']);
    expect(dataOf('x = my_words + words_ + Xtrain + gg + gg.g1').words).toBeNull();
    expect(dataOf('x = my_words + words_ + Xtrain + gg + gg.g1').generator).toBeNull();
    expect(dataOf('print(len(words))').words).toHaveLength(smallWords.length);
    expect(dataOf('torch.randn(1, generator=g)').generator).not.toBeNull();
  });

  it('can cross', () => {
    const inputs = session.labInputs('words, stoi, Xtr, Yte, g');
    expect(structuredClone(inputs)).toEqual(inputs);
  });
});

describe('at the other points at which formulas are judged', () => {
  const right = (code: string) => {
    const check = checkOf(lab, session, code);
    expect(check.error).toBeNull();
    expect(nodesWith(check, 'exact', 'rounding')).toHaveLength(26);
  };

  it('the batch is `ix` of the training set, as at the step', () => {
    right(`Xb, Yb = Xtr[ix], Ytr[ix]\nemb = C[Xb]\nembcat = emb.view(emb.shape[0], -1)\n${lecture}`);
    right(
      rewritten({
        'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(batch_size), Ytr[ix]] = -1.0/len(ix)',
        '    ix = Xb[k,j]': '    ix_ = Xtr[ix[k], j]',
        '    dC[ix] += demb[k,j]': '    dC[ix_] += demb[k,j]',
      }),
    );
  });

  it('`batch_size` and `loss` are theirs, and the sizes of the network stay', () => {
    right(rewritten({ 'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(batch_size), Yb] = -1.0/batch_size' }));
    right(
      rewritten({
        'dlogprobs[range(n), Yb] = -1.0/n':
          'dlogprobs[range(n), Yb] = -1.0/n * (loss / -logprobs[range(n), Yb].mean())',
        'dhpreact = (1.0 - h**2) * dh': 'dhpreact = ((1.0 - h**2) * dh).view(batch_size, n_hidden)',
      }),
    );
  });
});
