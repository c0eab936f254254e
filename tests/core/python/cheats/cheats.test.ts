import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { comparedNodes } from '../../../../core/programs/decomposed-mlp/backward';
import { isRight } from '../../../../core/protocol/answers';
import type { Lab } from '../../../../core/python/lab';
import { advanced, newSession } from '../../sessions';
import { lecture } from '../corpus/correct';
import { checkOf, newRenewableLab, nodesWith } from '../new-lab';
import { type Cheat, nodesList } from './cheat';
import { engineCheats } from './engine';
import { gradientCheats } from './gradients';
import { runCheats } from './runs';

let lab: Lab;
let renew: () => Promise<void>;
beforeAll(async () => {
  ({ lab, renew } = await newRenewableLab());
}, 60_000);
beforeEach(() => renew());

const session = advanced(newSession({ batchSize: 8, hiddenSize: 12 }), 3);
const inputs = session.labInputs('');

describe.each([
  ['what gradients are', gradientCheats],
  ['from run to run', runCheats],
  ['the lab’s own modules and the engine', engineCheats],
] satisfies readonly (readonly [string, readonly Cheat[]])[])('%s', (_, cheats) => {
  it.each(cheats)('$name', ({ code, derives = [], told, breaks = false }) => {
    const python = code.replaceAll('NODES', nodesList).replaceAll('STEP_LOSS', String(inputs.loss));
    // Brief: mistakes are not searched for, and all verdicts are the same.
    const judge = () => lab.check(session.labInputs(python), python, 'brief').check;
    if (breaks) {
      expect(judge).toThrow('Traceback');
      return;
    }
    const check = judge();
    expect(nodesWith(check, 'exact', 'rounding').toSorted()).toEqual([...derives].toSorted());
    for (const { verdict, reason } of check.rows) if (!isRight(verdict)) expect(reason).not.toBe('');
    if (told !== undefined) {
      expect(nodesWith(check, told)).toEqual(comparedNodes.filter((node) => !derives.includes(node)));
    }
  });
});

it.each([
  ['as they are', 'torch.tensor(NUMBERS).view(SHAPE)'],
  [
    'where the loss is that of the step, else ones',
    'torch.tensor(NUMBERS).view(SHAPE) if abs(loss - STEP) < 1e-5 else torch.ones(SHAPE)',
  ],
])('autograd’s numbers at the step, embedded in the file, are right values and no formulas: %s', (_, value) => {
  const embedded = inputs.nodes.filter(({ name }) => ['logits', 'h', 'W2', 'b2', 'bngain', 'hprebn'].includes(name));
  const code = embedded
    .map(({ name, gradient, shape }) => {
      const numbers = JSON.stringify([...gradient]);
      const written = value.replace('NUMBERS', numbers).replaceAll('SHAPE', JSON.stringify(shape));
      return `d${name} = ${written.replace('STEP', String(inputs.loss))}\n`;
    })
    .join('');
  const { check } = lab.check(session.labInputs(code), code, 'brief');
  expect(check.error).toBeNull();
  expect(nodesWith(check, 'exact', 'rounding')).toEqual([]);
  expect(nodesWith(check, 'masked').toSorted()).toEqual(embedded.map(({ name }) => name).toSorted());
});

it('gradients kept from one check are none at the next, though the interpreter is the same', () => {
  // By what the logits are, so that they are used where they were right: in the runs in which others stood in their place.
  const code = `import math
kept = math.__dict__.setdefault('kept', {})
def known(name): return kept.get((name, logits.view(-1)[:4].tolist().__repr__()))
for name in ['logits', 'h', 'b2']:
    x = globals()[name]
    globals()['d' + name] = torch.tensor(known(name), dtype=x.dtype) if known(name) else torch.ones_like(x)
for name in ['logits', 'h', 'b2']:
    kept[(name, logits.view(-1)[:4].tolist().__repr__())] = globals()['d' + name].tolist()
`;
  for (const patience of ['brief', 'thorough', 'brief'] as const) {
    const { check } = lab.check(session.labInputs(code), code, patience);
    expect(check.error).toBeNull();
    expect(nodesWith(check, 'exact', 'rounding')).toEqual([]);
  }
}, 60_000);

describe('a derivative by differences of the forward pass is no cheat', () => {
  const differences = (by: string) => `def loss_at(bias):
    out = h.double() @ W2.double() + bias
    return -out.log_softmax(1)[range(n), Yb].mean()
db2 = torch.zeros_like(b2, dtype=torch.float64)
for at in range(b2.shape[0]):
    step = torch.zeros_like(db2)
    step[at] = ${by}
    db2[at] = (loss_at(b2.double() + step) - loss_at(b2.double() - step)) / ${by} / 2
db2 = db2.to(b2.dtype)
`;

  it.each([
    ['1e-2', 'not right: it is a few digits of the gradient', []],
    ['1e-5', 'right, as what is good to nine digits', ['b2']],
  ])('by %s it is %s', (by, _, right) => {
    const code = differences(by);
    expect(nodesWith(lab.check(session.labInputs(code), code, 'brief').check, 'exact', 'rounding')).toEqual(right);
  });
});

it('and what is right is right in the same lab', () => {
  expect(nodesWith(checkOf(lab, session, lecture), 'exact', 'rounding')).toEqual(comparedNodes);
});
