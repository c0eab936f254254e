import { beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../core/python/lab';
import { advanced, newSession } from '../sessions';
import { lecture, lectureVerbatim, rewritten, variants } from './corpus/correct';
import { wrongSolutions } from './corpus/wrong';
import { checkOf, newLab, nodesWith, rowOf } from './new-lab';

let lab: Lab;
beforeAll(async () => {
  lab = await newLab();
}, 60_000);

const session = advanced(newSession({ batchSize: 32, hiddenSize: 64 }), 3);

describe('right solutions', () => {
  it("the lecture's is right in every row", () => {
    const check = checkOf(lab, session, lecture);
    expect(check.rootCauses).toEqual([]);
    expect(check.error).toBeNull();
    expect(check).toMatchObject({ isJudgedByTerms: true, search: 'complete', notes: [], unjudged: null });
    expect(nodesWith(check, 'exact')).toHaveLength(26);
    expect(rowOf(check, 'dC'.slice(1)).line).toBe(35);
  });

  it.each(variants)('no false alarm: $name', ({ code }) => {
    const check = checkOf(lab, session, code);
    expect(check.error).toBeNull();
    expect(check.rootCauses).toEqual([]);
    expect(nodesWith(check, 'exact', 'rounding')).toHaveLength(26);
  });

  it('say how many ulp a difference is, and why it is to be expected', () => {
    const check = checkOf(lab, session, variants[0]!.code);
    const row = rowOf(check, 'hprebn');
    expect(row).toMatchObject({ verdict: 'rounding', exact: false, approximate: true });
    expect(row.reason).toMatch(new RegExp(`^Up to ${row.maxUlp} ulp in float32.*float64 the difference vanishes`));
    expect(row.maxdiff).toBeGreaterThan(0);
    expect(row.maxdiff).toBeLessThanOrEqual(row.bound!);
  });
});

describe('shape', () => {
  it('broadcasting to the node’s is right, with a note: so is the published solution, which forgets one keepdim', () => {
    const check = checkOf(lab, session, lectureVerbatim);
    expect(nodesWith(check, 'exact')).toHaveLength(26);
    expect(rowOf(check, 'bnmeani').notes).toEqual([
      "dbnmeani has shape (64,), which broadcasts to bnmeani's (1, 64): let pass, as cmp and an update do. The summed axis must stay, as one: keepdim=True.",
    ]);
    expect(check.rows.filter(({ notes }) => notes.length > 0)).toHaveLength(1);
    // Shown in the node's own shape, cell by cell.
    const { gradients } = lab.check(session.labInputs(lectureVerbatim), lectureVerbatim, 'brief');
    expect(gradients.get('bnmeani')!.shape).toEqual([1, 64]);
    expect(check.rootCauses).toEqual([]);
  });

  it.each([
    [
      'bndiff2',
      'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar',
      'dbndiff2 = (1.0/(n-1)) * dbnvar',
      'It must be spread over axis 0: multiply by torch.ones_like.',
    ],
    [
      'bngain',
      'dbngain = (bnraw * dhpreact).sum(0, keepdim=True)',
      'dbngain = (bnraw * dhpreact).sum(0)',
      'The summed axis must stay, as one: keepdim=True.',
    ],
  ])('d%s: a note says what to do with the axes', (node, from, to, advice) => {
    const check = checkOf(lab, session, rewritten({ [from]: to }));
    expect(rowOf(check, node)).toMatchObject({ verdict: 'exact', notes: [expect.stringContaining(advice)] });
    expect(nodesWith(check, 'exact', 'rounding')).toHaveLength(26);
  });

  it.each([
    ['b2', 'db2 = dlogits.sum(0)', 'db2 = dlogits', 'It must be summed over axis 0.'],
    [
      'bnbias',
      'dbnbias = dhpreact.sum(0, keepdim=True)',
      'dbnbias = dhpreact.clone()',
      'It must be summed over axis 0 with keepdim=True.',
    ],
    ['b1', 'db1 = dhprebn.sum(0)', 'db1 = dhprebn.sum(0, keepdim=True)', 'The summed axis must go: no keepdim.'],
  ])('d%s: does not fit where an update would not; the figures are those that cmp prints', (node, from, to, advice) => {
    const { verdict, reason, maxdiff } = rowOf(checkOf(lab, session, rewritten({ [from]: to })), node);
    expect(verdict).toBe('shape');
    expect(reason).toContain(advice);
    const printed = `print((d${node} - ${node}.grad).abs().max().item())`;
    const { output } = checkOf(lab, session, `${rewritten({ [from]: to })}${printed}`);
    expect(Math.fround(maxdiff!)).toBe(Number(output));
  });

  it('that does not broadcast at all has no figures', () => {
    const row = rowOf(checkOf(lab, session, rewritten({ 'dW2 = h.T @ dlogits': 'dW2 = dlogits.T @ h' })), 'W2');
    expect(row).toMatchObject({ verdict: 'shape', exact: false, approximate: false, maxdiff: null });
    expect(row.reason).toContain('It is transposed.');
  });
});

describe('inherited', () => {
  it('is every row below one wrong formula, and none of them is a root cause', () => {
    const check = checkOf(lab, session, rewritten({ 'dbnraw = bngain * dhpreact': 'dbnraw = 2 * bngain * dhpreact' }));
    expect(nodesWith(check, 'wrong')).toEqual(['bnraw']);
    expect(nodesWith(check, 'inherited')).toEqual(
      expect.arrayContaining(['bnvar', 'bndiff', 'hprebn', 'embcat', 'W1', 'emb', 'C']),
    );
    expect(check.rootCauses).toMatchObject([{ node: 'bnraw', line: 17 }]);
    expect(rowOf(check, 'C').reason).toContain('dbnraw');
  });

  it('does not hide a second wrong formula below the first', () => {
    const check = checkOf(
      lab,
      session,
      rewritten({
        'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(n), Yb] = 1.0/n',
        'dbndiff += (2*bndiff) * dbndiff2': 'dbndiff = (2*bndiff) * dbndiff2',
      }),
    );
    expect(check.rootCauses).toMatchObject([
      { node: 'logprobs', line: 2, mistake: 'sign' },
      { node: 'bndiff', line: 23, mistake: 'assign-for-add' },
    ]);
  });
});

describe('a difference that float32 hides', () => {
  it('is wrong where float64 shows it, even where allclose says True', () => {
    const code = rewritten({
      'dbnraw = bngain * dhpreact': 'dbnraw = bngain * dhpreact * (1 + 1e-6)',
    });
    expect(rowOf(checkOf(lab, session, code), 'bnraw')).toMatchObject({ verdict: 'wrong', approximate: true });
  });
});

describe('code that is not finished', () => {
  const lines = lecture.split('\n');

  it('has rows that are not yet written: missing, and nobody to blame', () => {
    const check = checkOf(lab, session, lines.slice(0, 4).join('\n'));
    expect(check.error).toBeNull();
    expect(check.rootCauses).toEqual([]);
    expect(nodesWith(check, 'exact', 'rounding')).toEqual(['logprobs', 'probs', 'counts_sum_inv']);
    expect(nodesWith(check, 'missing')).toHaveLength(23);
    expect(rowOf(check, 'C')).toMatchObject({ line: null, reason: 'No line writes dC.' });
  });

  it('keeps the rows before the line that fails, with the error beside them', () => {
    const check = checkOf(lab, session, [...lines.slice(0, 4), 'dcounts = counts_sum_inv * dprob'].join('\n'));
    expect(check.error).toMatchObject({ type: 'NameError', line: 5 });
    expect(nodesWith(check, 'exact', 'rounding')).toEqual(['logprobs', 'probs', 'counts_sum_inv']);
    expect(rowOf(check, 'counts').reason).toContain('Line 5 failed');
  });

  it('names the row that is missing only where a line needs it', () => {
    const check = checkOf(lab, session, rewritten({ 'dprobs = (1.0 / probs) * dlogprobs': '' }));
    expect(check.rootCauses).toMatchObject([{ node: 'probs', line: null }]);
    expect(check.rootCauses[0]!.explanation).toMatch(/^line 4 uses dprobs, which no line writes/);
  });

  it('blames the line that gives something else than a tensor, and not those that fail for it', () => {
    for (const code of [rewritten({ 'dbnraw = bngain * dhpreact': 'dbnraw = None' }), `${lecture}\ndbnraw = None`]) {
      const { rootCauses } = checkOf(lab, session, code);
      expect(rootCauses).toMatchObject([
        { node: 'bnraw', explanation: expect.stringContaining('dbnraw is no tensor') },
      ]);
    }
  });

  it('gives only the error where Python cannot read it', () => {
    const check = checkOf(lab, session, 'dlogprobs = (');
    expect(check.error).toMatchObject({ type: 'SyntaxError', line: 1 });
    expect(check.rootCauses).toEqual([]);
    expect(nodesWith(check, 'missing')).toHaveLength(26);
  });
});

describe('masked', () => {
  it('is a gain left out while all are one, until a step has changed them', () => {
    const first = newSession({ batchSize: 32, hiddenSize: 16, initialisation: 'seed' });
    const code = rewritten({ 'dbnraw = bngain * dhpreact': 'dbnraw = dhpreact.clone()' });
    const check = checkOf(lab, first, code);
    expect(nodesWith(check, 'exact', 'rounding')).toHaveLength(25);
    expect(rowOf(check, 'bnraw')).toMatchObject({ verdict: 'masked', exact: true, line: 17 });
    expect(rowOf(check, 'bnraw').reason).toMatch(/lacks the factor `bngain`.*bngain is one everywhere.*take a step/);
    expect(check.rootCauses).toEqual([]);
    expect(rowOf(checkOf(lab, advanced(first, 1), code), 'bnraw').verdict).toBe('wrong');
    expect(rowOf(checkOf(lab, first, lecture), 'bnraw').verdict).toBe('exact');
  });

  it('is 1/(n − 1) left out with a batch of 2', () => {
    const code = rewritten({
      'dbndiff2 = (1.0/(n-1))*torch.ones_like(bndiff2) * dbnvar': 'dbndiff2 = torch.ones_like(bndiff2) * dbnvar',
    });
    const check = checkOf(lab, newSession({ batchSize: 2, hiddenSize: 16 }), code);
    expect(nodesWith(check, 'masked')).toEqual(['bndiff2']);
    expect(rowOf(check, 'bndiff2').reason).toContain('use a batch of 3 or more');
    expect(rowOf(checkOf(lab, newSession({ batchSize: 3, hiddenSize: 16 }), code), 'bndiff2').verdict).toBe('wrong');
  });

  it('is a wrong db1 before batch norm, on every batch; a right one is right', () => {
    for (const seed of [1, 2, 3]) {
      const at = newSession({ hiddenSize: 16, seed });
      const row = rowOf(checkOf(lab, at, rewritten({ 'db1 = dhprebn.sum(0)': 'db1 = 5 * dhprebn.sum(0)' })), 'b1');
      expect(row.verdict).toBe('masked');
      expect(row.reason).toContain('zero on every batch');
      expect(rowOf(checkOf(lab, at, lecture), 'b1').verdict).toMatch(/^(exact|rounding)$/);
    }
  });

  const maxes = 'dlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes';
  it.each([
    ['left out', ''],
    ['times 100', `${maxes} * 100`],
    ['at every row’s column', 'dlogits[:, logits.max(1).indices] += dlogit_maxes'],
    ['at the smallest', maxes.replace('logits.max(1)', 'logits.min(1)')],
  ])('is the path through logit_maxes %s, for every loss that goes through softmax', (_, line) => {
    const check = checkOf(lab, session, rewritten({ [maxes]: line }));
    expect(nodesWith(check, 'masked')).toEqual(['logits']);
    expect(nodesWith(check, 'exact', 'rounding')).toHaveLength(25);
    expect(rowOf(check, 'logits').reason).toMatch(/^The value is right, the formula is not\..*dlogit_maxes is zero/);
    expect(check.rootCauses).toEqual([]);
  });
});

describe('whatever the step and the seed', () => {
  const sample = wrongSolutions.filter((_, index) => index % 9 === 0);
  const verdictsAt = (seed: number, steps: number, code: string) => {
    const check = checkOf(lab, advanced(newSession({ batchSize: 16, hiddenSize: 20, seed }), steps), code);
    const green = (verdict: string) => (verdict === 'exact' || verdict === 'rounding' ? 'right' : verdict);
    return {
      causes: check.rootCauses.map(({ node, line, mistake }) => ({ node, line, mistake })),
      verdicts: check.rows.map(({ node, verdict }) => `${node} ${green(verdict)}`),
    };
  };

  it.each([...sample, { name: 'the right one', code: lecture }])('the verdict is the same: $name', ({ code }) => {
    const expected = verdictsAt(1, 0, code);
    for (const [seed, steps] of [
      [2, 0],
      [3, 20],
    ] as const)
      expect(verdictsAt(seed, steps, code)).toEqual(expected);
  });
});

describe('gradients that the code sets as .grad', () => {
  const gradients = ['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'];
  const update = `
for p, grad in zip([${gradients.join(', ')}], [${gradients.map((name) => `d${name}`).join(', ')}]):
    p.grad = grad
    p.data += -0.1 * p.grad
print(torch.equal(W1.grad, dW1))
`;

  it('are its own to read, to update with, and no copies', () => {
    const check = checkOf(lab, session, `${lecture}${update}`);
    expect(check.error).toBeNull();
    expect(check.output).toBe('True\n');
    expect(nodesWith(check, 'exact')).toHaveLength(26);
  });

  it('are copies where they were taken from autograd’s', () => {
    const check = checkOf(
      lab,
      session,
      `${rewritten({ 'dW2 = h.T @ dlogits': 'W2.grad = W2.grad * 1\ndW2 = W2.grad' })}`,
    );
    expect(nodesWith(check, 'copied')).toEqual(['W2']);
  });
});

describe('where formulas are judged', () => {
  const placesOf = (code: string, at = session) => lab.check(at.labInputs(code), code, 'brief').check.judgedAt;

  it('is the same for the same code and seed', () => {
    const places = placesOf(lecture);
    expect(places).toHaveLength(3);
    expect(new Set(places.map(({ seed }) => seed)).size).toBe(3);
    expect(placesOf(lecture)).toEqual(places);
  });

  it('is another for another byte of the code, and for another seed', () => {
    const seeds = (code: string, at = session) => placesOf(code, at).map(({ seed }) => seed);
    const other = advanced(newSession({ batchSize: 32, hiddenSize: 64, seed: 5 }), 3);
    const own = seeds(lecture);
    for (const others of [seeds(`${lecture}\n`), seeds(lecture, other)]) {
      expect(others.filter((seed) => own.includes(seed))).toEqual([]);
    }
  });
});

it('says one thing that a name without a meaning may have been, not two', () => {
  for (const code of ['logits.isclos(logits)', 'torch.isclos(logits, logits)', 'F.softmx(logits, 1)']) {
    const { error } = checkOf(lab, session, code);
    expect(error?.type).toBe('AttributeError');
    expect(error?.message.match(/Did you mean|nearest/g)).toHaveLength(1);
  }
});

it('gives the gradients for training: those of the check, bit for bit', () => {
  const { nodes, ...rest } = session.labInputs(lecture);
  const parameters = ['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'];
  const checked = lab.check(session.labInputs(lecture), lecture, 'thorough').gradients;
  const { error, gradients } = lab.gradients({ ...rest, nodes, parameters }, lecture);
  expect(error).toBeNull();
  expect([...gradients.keys()].toSorted()).toEqual(parameters.toSorted());
  for (const name of parameters) expect(gradients.get(name)!.values).toEqual(checked.get(name)!.values);
});
