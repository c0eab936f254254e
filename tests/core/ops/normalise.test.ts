import { describe, expect, it } from 'vitest';
import type { Tape } from '../../../core/graph/tape';
import { readsOf, type Use } from '../../../core/ops/table';
import { MersenneTwister } from '../../../core/tensor/generators/mersenne-twister';
import { type Shape, ShapeError } from '../../../core/tensor/shape';
import type { Tensor } from '../../../core/tensor/tensor';
import { newTape, spaces } from '../engine';
import { bitsOf } from '../sessions';

/** A tensor of numbers from −2 to 2. */
function numbersIn(tape: Tape, shape: Shape, seed: number): Tensor {
  const twister = MersenneTwister.fromSeed(seed);
  const x = tape.zeros(shape);
  x.copyFrom(Array.from({ length: x.elements }, () => Math.fround((twister.next() / 2 ** 32) * 4 - 2)));
  return x;
}

/** As lab code in Python writes a norm: over the deviation, which is of the count here. */
function normalisedByHand(tape: Tape, x: Tensor, dims: readonly number[], epsilon: number): Tensor {
  const over = { dim: dims, keepdim: true };
  const mean = tape.apply('mean', [x], over);
  const variance = tape.apply('variance', [x], { ...over, correction: 0 });
  return tape.divide(tape.subtract(x, mean), tape.sqrt(tape.add(variance, epsilon)));
}

describe.each(spaces)('the $build kernels', ({ space }) => {
  const tapeHere = () => newTape('float32', space());
  const expectSameBits = (tape: Tape, actual: Tensor, expected: Tensor) => {
    tape.forward();
    expect(bitsOf(actual.values())).toEqual(bitsOf(expected.values()));
  };

  it('layerNorm gives the bits of its formula in elementary operations', () => {
    const tape = tapeHere();
    const [x, weight, bias] = [numbersIn(tape, [5, 2, 7], 1), numbersIn(tape, [2, 7], 2), numbersIn(tape, [2, 7], 3)];
    const normalised = normalisedByHand(tape, x, [1, 2], 1e-5);
    const expected = tape.add(tape.multiply(normalised, weight), bias);
    const attributes = { normalizedShape: [2, 7], epsilon: 1e-5 };
    expectSameBits(tape, tape.apply('layerNorm', [x, weight, bias], attributes), expected);
    expectSameBits(tape, tape.apply('layerNorm', [x], attributes), normalised);
  });

  it('batchNormTraining and batchNormEvaluation give the bits of their formulas in elementary operations', () => {
    const tape = tapeHere();
    const x = numbersIn(tape, [4, 3, 5], 1);
    const [weight, bias, mean] = [2, 3, 4].map((seed) => numbersIn(tape, [3], seed));
    const variance = tape.zeros([3]);
    variance.copyFrom([0.5, 1, 2]);
    const column = (vector: Tensor | undefined) => tape.view(vector!, [3, 1]);
    const scaled = (y: Tensor) => tape.add(tape.multiply(y, column(weight)), column(bias));
    expectSameBits(
      tape,
      tape.apply('batchNormTraining', [x, weight!, bias!], { epsilon: 1e-5 }),
      scaled(normalisedByHand(tape, x, [0, 2], 1e-5)),
    );
    const deviation = tape.sqrt(tape.add(column(variance), 1e-5));
    expectSameBits(
      tape,
      tape.apply('batchNormEvaluation', [x, mean!, variance, weight!, bias!], { epsilon: 1e-5 }),
      scaled(tape.divide(tape.subtract(x, column(mean)), deviation)),
    );
  });

  it('logSoftmax gives the same bits along any dimension, however the numbers lie', () => {
    const tape = tapeHere();
    const x = numbersIn(tape, [6, 9], 1);
    const rows = tape.logSoftmax(x);
    const columns = tape.apply('logSoftmax', [tape.clone(tape.transpose(x))], { dim: 0 });
    const strided = tape.apply('logSoftmax', [tape.transpose(tape.clone(tape.transpose(x)))], { dim: -1 });
    expectSameBits(tape, tape.clone(tape.transpose(columns)), rows);
    expectSameBits(tape, strided, rows);
  });
});

it('a norm of one number is 0, and nothing passes back to it', () => {
  const tape = newTape();
  const x = tape.track(numbersIn(tape, [3, 1], 1));
  const out = tape.apply('layerNorm', [x], { normalizedShape: [1], epsilon: 1e-5 });
  tape.planBackward(tape.sum(out));
  tape.forward();
  tape.backward();
  expect([...out.values()]).toEqual([0, 0, 0]);
  expect([...tape.gradientOf(x).values()]).toEqual([0, 0, 0]);
});

/** The indices of the elements that an op's last use reads, of each input. */
function readBy(tape: Tape, index: readonly number[]): string[][] {
  const use = tape.entries.at(-1) as Use;
  const elements = readsOf(use, index);
  return use.inputs.map((input) => elements.filter(([of]) => of === input).map(([, at]) => at.join(',')));
}

describe('what an element is computed from', () => {
  it('softmax: its row', () => {
    const tape = newTape();
    tape.apply('softmax', [tape.zeros([2, 3, 2])], { dim: 1 });
    expect(readBy(tape, [1, 0, 1])).toEqual([['1,0,1', '1,1,1', '1,2,1']]);
    tape.apply('softmax', [tape.zeros([])], { dim: 0 });
    expect(readBy(tape, [])).toEqual([['']]);
  });

  it('layerNorm: what is normalised with it, and its own weight and bias', () => {
    const tape = newTape();
    const vectors = [tape.zeros([2]), tape.zeros([2])];
    tape.apply('layerNorm', [tape.zeros([3, 2]), ...vectors], { normalizedShape: [2], epsilon: 1e-5 });
    expect(readBy(tape, [2, 1])).toEqual([['2,0', '2,1'], ['1'], ['1']]);
  });

  it('groupNorm: its group', () => {
    const tape = newTape();
    tape.apply('groupNorm', [tape.zeros([2, 4, 2]), tape.zeros([4])], { groups: 2, epsilon: 1e-5 });
    expect(readBy(tape, [1, 3, 0])).toEqual([['1,2,0', '1,2,1', '1,3,0', '1,3,1'], ['3']]);
  });

  it('batch norms: its channel in training, itself in evaluation', () => {
    const tape = newTape();
    const channels = () => tape.zeros([2]);
    tape.apply('batchNormTraining', [tape.zeros([2, 2, 2]), channels()], { epsilon: 1e-5 });
    expect(readBy(tape, [0, 1, 0])).toEqual([['0,1,0', '0,1,1', '1,1,0', '1,1,1'], ['1']]);
    tape.apply('batchNormEvaluation', [tape.zeros([2, 2, 2]), channels(), channels()], { epsilon: 1e-5 });
    expect(readBy(tape, [0, 1, 0])).toEqual([['0,1,0'], ['1'], ['1']]);
  });
});

const epsilon = 1e-5;
const refusals: readonly (readonly [string, (tape: Tape) => Tensor, RegExp])[] = [
  [
    'softmax',
    (t) => t.apply('softmax', [t.zeros([2, 3])], { dim: 2 }),
    /^softmax: dim 2 is out of range for a tensor of 2/,
  ],
  [
    'layerNorm',
    (t) => t.apply('layerNorm', [t.zeros([2, 3])], { normalizedShape: [2], epsilon }),
    /^layerNorm: normalizedShape \(2,\) must be the last dimensions of the input, which is \(2, 3\)/,
  ],
  [
    'layerNorm of nothing',
    (t) => t.apply('layerNorm', [t.zeros([2, 3])], { normalizedShape: [], epsilon }),
    /^layerNorm: normalizedShape \(\)/,
  ],
  [
    'layerNorm by another weight',
    (t) => t.apply('layerNorm', [t.zeros([2, 3]), t.zeros([2])], { normalizedShape: [3], epsilon }),
    /^layerNorm: expected shape \(3,\), got \(2,\)/,
  ],
  [
    'groupNorm',
    (t) => t.apply('groupNorm', [t.zeros([2, 5])], { groups: 2, epsilon }),
    /^groupNorm: dimension 1 of the input, which is \(2, 5\), must fall into 2 groups/,
  ],
  [
    'groupNorm of a vector',
    (t) => t.apply('groupNorm', [t.zeros([2])], { groups: 1, epsilon }),
    /^groupNorm: .*\(2,\)/,
  ],
  [
    'batchNormTraining of a vector',
    (t) => t.apply('batchNormTraining', [t.zeros([2])], { epsilon }),
    /^batchNormTraining: an input of shape \(2,\) has no dimension 1/,
  ],
  [
    'batchNormTraining of one example',
    (t) => t.apply('batchNormTraining', [t.zeros([1, 3])], { epsilon }),
    /^batchNormTraining: \(1, 3\) has one number a channel/,
  ],
  [
    'batchNormEvaluation',
    (t) => t.apply('batchNormEvaluation', [t.zeros([2, 3]), t.zeros([3]), t.zeros([2])], { epsilon }),
    /^batchNormEvaluation: expected shape \(3,\), got \(2,\)/,
  ],
];

it.each(refusals)('refuses what does not fit %s, naming the op and the shapes', (_, call, message) => {
  const tape = newTape();
  expect(() => call(tape)).toThrow(ShapeError);
  expect(() => call(tape)).toThrow(message);
});
