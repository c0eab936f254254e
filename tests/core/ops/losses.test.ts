import { describe, expect, it } from 'vitest';
import type { Tape } from '../../../core/graph/tape';
import { readsOf, type Use } from '../../../core/ops/table';
import { ShapeError } from '../../../core/tensor/shape';
import { Tensor } from '../../../core/tensor/tensor';
import { newArena, newTape, spaces } from '../engine';
import { bitsOf } from '../sessions';

const plain = { reduction: 'mean', ignoreIndex: -100 } as const;

function tensorOf(tape: Tape, shape: readonly number[], values: readonly number[]): Tensor {
  const x = tape.zeros(shape);
  x.copyFrom(values);
  return x;
}

function classesOf(tape: Tape, values: readonly number[]): Tensor {
  const x = tape.indices([values.length]);
  x.copyFrom(values);
  return x;
}

const logits = [0.3, -1.2, 0.7, 2, 0.1, -0.4, 1.1, 0.9, -2, 0.5, 0.6, 0.7];

describe.each(spaces)('the $build kernels', ({ space }) => {
  const tapeHere = () => newTape('float32', space());
  const expectSameBits = (tape: Tape, actual: Tensor, expected: Tensor) => {
    tape.forward();
    expect(bitsOf(actual.values())).toEqual(bitsOf(expected.values()));
  };

  it('crossEntropy gives the bits of log-softmax, pick and mean, and of their gradients', () => {
    const gradients = (['op', 'parts'] as const).map((way) => {
      const tape = tapeHere();
      const x = tape.track(tensorOf(tape, [3, 4], logits));
      const targets = classesOf(tape, [1, 3, 0]);
      const loss =
        way === 'op'
          ? tape.apply('crossEntropy', [x, targets], { ...plain, labelSmoothing: 0 })
          : tape.crossEntropy(x, targets);
      tape.planBackward(loss);
      tape.forward();
      tape.backward();
      return [...bitsOf(loss.values()), ...bitsOf(tape.gradientOf(x).values())];
    });
    expect(gradients[0]).toEqual(gradients[1]);
  });

  it('mseLoss and binaryCrossEntropyWithLogits give the bits of their formulas in elementary operations', () => {
    const tape = tapeHere();
    const input = tensorOf(tape, [3, 4], logits);
    const target = tensorOf(
      tape,
      [3, 4],
      logits.map((_, i) => (i % 3) / 2),
    );
    expectSameBits(
      tape,
      tape.apply('mseLoss', [input, target], { reduction: 'mean' }),
      tape.mean(tape.power(tape.subtract(input, target), 2)),
    );
    // (1 - target) * input - (input.clamp(max=0) - (-input.abs()).exp().log1p())
    const magnitude = tensorOf(
      tape,
      [3, 4],
      logits.map((value) => -Math.abs(value)),
    );
    const exponential = tape.exp(magnitude);
    const out = tape.apply('binaryCrossEntropyWithLogits', [input, target], { reduction: 'none' });
    tape.forward();
    const expected = logits.map((_, i) => {
      const [x, t] = [input.values()[i]!, target.values()[i]!];
      const logSigmoid = Math.fround(Math.min(x, 0) - Math.fround(Math.log1p(exponential.values()[i]!)));
      return Math.fround(Math.fround(Math.fround(1 - t) * x) - logSigmoid);
    });
    expect(bitsOf(out.values())).toEqual(bitsOf(expected));
  });

  it('takes classes and truth values from any storage', () => {
    const tape = tapeHere();
    const x = tensorOf(tape, [3, 4], logits);
    const whole = Tensor.zeros(newArena(), 'float64', [3]);
    whole.copyFrom([1, 3, -100]);
    expectSameBits(
      tape,
      tape.apply('nllLoss', [x, whole], plain),
      tape.apply('nllLoss', [x, classesOf(tape, [1, 3, -100])], plain),
    );
    const [ones, mask] = [tape.zeros([3, 4]), tape.indices([3, 4])];
    const kept = logits.map((_, i) => i % 2);
    ones.copyFrom(kept);
    mask.copyFrom(kept);
    const attributes = { p: 0.3, training: true };
    expectSameBits(tape, tape.apply('dropout', [x, mask], attributes), tape.apply('dropout', [x, ones], attributes));
  });
});

it.each(['mean', 'sum', 'none'] as const)('nothing passes back to what is ignored, whatever it is: %s', (reduction) => {
  const tape = newTape();
  const x = tape.track(tensorOf(tape, [2, 3], [1, 2, 3, -Infinity, Infinity, Number.NaN]));
  const weight = tensorOf(tape, [3], [1, 2, 3]);
  const loss = tape.apply('nllLoss', [x, classesOf(tape, [2, -100]), weight], { reduction, ignoreIndex: -100 });
  tape.planBackward(tape.sum(loss));
  tape.forward();
  tape.backward();
  const scale = reduction === 'mean' ? 3 : 1;
  expect([...loss.values()]).toEqual(reduction === 'none' ? [-9, 0] : [-9 / scale]);
  expect([...tape.gradientOf(x).values()].map((value) => value + 0)).toEqual([0, 0, -3 / scale, 0, 0, 0]);
});

describe('refused when it runs', () => {
  it('a class out of range, naming it', () => {
    for (const wrong of [3, -1]) {
      const tape = newTape();
      tape.apply('nllLoss', [tape.zeros([2, 3]), classesOf(tape, [0, wrong])], plain);
      expect(() => tape.forward()).toThrow(`nllLoss: index ${wrong} is out of range for 3 entries`);
    }
  });

  it.each([-0.1, 1.1, Number.NaN])('binaryCrossEntropy of %d, which is no probability', (value) => {
    const tape = newTape('float64');
    tape.apply('binaryCrossEntropy', [tensorOf(tape, [1], [value]), tape.zeros([1])], { reduction: 'sum' });
    expect(() => tape.forward()).toThrow(`binaryCrossEntropy: an input is ${value}; inputs must be probabilities`);
  });

  it('the gradient to targets that are classes', () => {
    const tape = newTape();
    const target = tape.track(tape.zeros([2]));
    const loss = tape.apply('crossEntropy', [tape.zeros([2, 3]), target], { ...plain, labelSmoothing: 0 });
    expect(() => tape.planBackward(loss)).toThrow(/crossEntropy: targets that are classes have no gradient/);
  });
});

/** The indices of the elements that an op's last use reads, of each input. */
function readBy(tape: Tape, index: readonly number[]): string[][] {
  const use = tape.entries.at(-1) as Use;
  const elements = readsOf(use, index);
  return use.inputs.map((input) => elements.filter(([of]) => of === input).map(([, at]) => at.join(',')));
}

describe('what a loss is computed from', () => {
  it('mseLoss: all, or the elements at its place', () => {
    const tape = newTape();
    tape.apply('mseLoss', [tape.zeros([2, 2]), tape.zeros([2])], { reduction: 'sum' });
    expect(readBy(tape, [])).toEqual([
      ['0,0', '0,1', '1,0', '1,1'],
      ['0', '1'],
    ]);
    tape.apply('mseLoss', [tape.zeros([2, 2]), tape.zeros([2])], { reduction: 'none' });
    expect(readBy(tape, [1, 0])).toEqual([['1,0'], ['0']]);
  });

  it('nllLoss: what its targets pick, with their weights, but of none that is ignored', () => {
    const tape = newTape();
    tape.apply('nllLoss', [tape.zeros([3, 4]), classesOf(tape, [2, -100, 1]), tape.zeros([4])], plain);
    expect(readBy(tape, [])).toEqual([
      ['0,2', '2,1'],
      ['0', '1', '2'],
      ['2', '1'],
    ]);
  });

  it('crossEntropy: all logits, or those of its place', () => {
    const tape = newTape();
    const record = (reduction: 'sum' | 'none') =>
      tape.apply('crossEntropy', [tape.zeros([2, 3, 2]), tape.indices([2, 2])], {
        ...plain,
        reduction,
        labelSmoothing: 0,
      });
    record('none');
    expect(readBy(tape, [1, 0])).toEqual([['1,0,0', '1,1,0', '1,2,0'], ['1,0']]);
    record('sum');
    expect(readBy(tape, [])[0]).toHaveLength(12);
  });
});

const refusals: readonly (readonly [string, (tape: Tape) => Tensor, RegExp])[] = [
  [
    'mseLoss',
    (t) => t.apply('mseLoss', [t.zeros([2, 3]), t.zeros([2])], { reduction: 'mean' }),
    /^mseLoss: shapes \(2, 3\) and \(2,\)/,
  ],
  [
    'smoothL1Loss',
    (t) => t.apply('smoothL1Loss', [t.zeros([2]), t.zeros([2])], { reduction: 'mean', beta: 0 }),
    /^smoothL1Loss: beta is 0 and must be above 0/,
  ],
  [
    'nllLoss',
    (t) => t.apply('nllLoss', [t.zeros([2, 3]), t.indices([3])], plain),
    /^nllLoss: the input of shape \(2, 3\) needs targets of shape \(2,\), not \(3,\)/,
  ],
  [
    'nllLoss of a number',
    (t) => t.apply('nllLoss', [t.zeros([]), t.indices([])], plain),
    /^nllLoss: the input is a number/,
  ],
  [
    'nllLoss by another weight',
    (t) => t.apply('nllLoss', [t.zeros([2, 3]), t.indices([2]), t.zeros([2])], plain),
    /^nllLoss: weight: expected shape \(3,\), got \(2,\)/,
  ],
  [
    'crossEntropy',
    (t) => t.apply('crossEntropy', [t.zeros([2, 3]), t.indices([3])], { ...plain, labelSmoothing: 0 }),
    /^crossEntropy: the input of shape \(2, 3\) needs targets of shape \(2,\), not \(3,\)/,
  ],
  [
    'crossEntropy by another weight',
    (t) => t.apply('crossEntropy', [t.zeros([2, 3]), t.zeros([2, 3]), t.zeros([2])], { ...plain, labelSmoothing: 0 }),
    /^crossEntropy: weight: expected shape \(3,\), got \(2,\)/,
  ],
  [
    'labelSmoothing',
    (t) => t.apply('crossEntropy', [t.zeros([2, 3]), t.indices([2])], { ...plain, labelSmoothing: 1.5 }),
    /^crossEntropy: labelSmoothing is 1.5 and must be from 0 to 1/,
  ],
  [
    'dropout without a mask',
    (t) => t.apply('dropout', [t.zeros([2])], { p: 0.5, training: true }),
    /^dropout: training needs a mask/,
  ],
  [
    'dropout with a mask',
    (t) => t.apply('dropout', [t.zeros([2]), t.indices([2])], { p: 0.5, training: false }),
    /^dropout: evaluation takes no mask/,
  ],
  [
    'dropout of another mask',
    (t) => t.apply('dropout', [t.zeros([2]), t.indices([3])], { p: 0.5, training: true }),
    /^dropout: expected shape \(2,\), got \(3,\)/,
  ],
  [
    'dropout of no probability',
    (t) => t.apply('dropout', [t.zeros([2])], { p: 2, training: false }),
    /^dropout: p is 2, not a probability/,
  ],
  [
    'embedding',
    (t) => t.apply('embedding', [t.zeros([4, 3]), t.indices([2])], { paddingIndex: 4 }),
    /^embedding: paddingIndex 4 must be a row of the table, which is \(4, 3\)/,
  ],
];

it.each(refusals)('refuses what does not fit %s, naming the op', (_, call, message) => {
  const tape = newTape();
  expect(() => call(tape)).toThrow(ShapeError);
  expect(() => call(tape)).toThrow(message);
});
