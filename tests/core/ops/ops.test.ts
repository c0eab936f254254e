import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tape } from '../../../core/graph/tape';
import { referenceKernels } from '../../../core/kernels/reference/reference';
import type { OpAttributes, OpName } from '../../../core/ops/table';
import { ops } from '../../../core/ops/table';
import type { FloatType } from '../../../core/tensor/arena';
import { type Shape, ShapeError } from '../../../core/tensor/shape';
import type { Tensor } from '../../../core/tensor/tensor';
import { newArena, newTape, referenceSpace, spaces } from '../engine';
import { cases } from './op-cases';
import { constantsOf, laidOut, placesOf, type Scenario, spread, twisterOf } from './scenarios';

/** A scenario on a tape: loss = Σ weight · output, so that every element of the output counts differently. */
interface Recorded {
  readonly tape: Tape;
  readonly leaves: readonly Tensor[];
  readonly output: Tensor;
  readonly loss: Tensor;
}

function record(
  { shapes, domain, layouts, record: call }: Scenario,
  dtype: FloatType,
  seed: number,
  space: Parameters<typeof newTape>[1] = referenceSpace,
): Recorded {
  const tape = newTape(dtype, space);
  const twister = twisterOf(seed);
  const leaves = shapes.map((shape, index) => {
    const leaf = tape.track(laidOut(tape, shape, layouts[index]!));
    const values = spread(leaf.elements, domain, twister);
    for (const [i, at] of placesOf(leaf).entries()) leaf.storage.data[at] = values[i]!;
    return leaf;
  });
  const output = call(tape, leaves, constantsOf(tape));
  const weights = tape.zeros(output.shape);
  weights.copyFrom(spread(weights.elements, (fraction) => 0.5 + fraction, twister));
  const loss = tape.sum(tape.multiply(output, weights));
  tape.planBackward(loss);
  tape.forward();
  tape.backward();
  return { tape, leaves, output, loss };
}

const valuesOf = (x: Tensor) => placesOf(x).map((at) => x.storage.data[at]!);
const gradients = ({ tape, leaves }: Recorded) => leaves.map((leaf) => Array.from(tape.gradientOf(leaf).values()));
const largest = (values: readonly number[]) => Math.max(0, ...values.map(Math.abs));
const furthest = (a: readonly number[], b: readonly number[]) => largest(a.map((value, i) => value - b[i]!));

/** ∂loss/∂leaf by central differences; in float64 this step leaves about 1e-10 of truncation and of rounding alike. */
function centralDifferences({ tape, leaves, loss }: Recorded): number[][] {
  const step = 1e-5;
  return leaves.map((leaf) =>
    placesOf(leaf).map((at) => {
      const value = leaf.storage.data[at]!;
      const lossAt = (moved: number) => {
        leaf.storage.data[at] = moved;
        tape.forward();
        return loss.item();
      };
      const slope = (lossAt(value + step) - lossAt(value - step)) / (2 * step);
      leaf.storage.data[at] = value;
      return slope;
    }),
  );
}

/** A convolution whose window moves by one, without padding. */
function convolve(tape: Tape, x: Shape, weight: Shape, attributes: Partial<OpAttributes['conv2d']> = {}, bias?: Shape) {
  const inputs = [x, weight, ...(bias === undefined ? [] : [bias])].map((shape) => tape.zeros(shape));
  const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
  return tape.apply('conv2d', inputs, { ...plain, ...attributes });
}

const names = Object.keys(ops) as OpName[];
/** The others give whole numbers or truth values, take no tensor, or are backwards themselves. */
const differentiable = names.filter((name) => {
  const { vjps } = ops[name];
  return typeof vjps === 'function' || vjps.some((vjp) => vjp !== null);
});

it('has a case for every op of the table', () => {
  expect(Object.keys(cases).toSorted()).toEqual(names.toSorted());
});

describe.each(differentiable)('%s', (name) => {
  it('has the gradient that central differences give, within 1e-6', () => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        const recorded = record(scenario, 'float64', seed);
        expect(recorded.tape.entries.some(({ op }) => op === name)).toBe(true);
        const actual = gradients(recorded);
        for (const [index, expected] of centralDifferences(recorded).entries()) {
          // Contributions that cancel have no relative error; the floor asks for 1e-9 of them, and of the loss, which rounds.
          const scale = Math.max(largest(expected), 1e-3 * Math.max(1, Math.abs(recorded.loss.item())));
          expect(furthest(actual[index]!, expected) / scale, `input ${index}`).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(spaces)('gives in float32 by the $build kernels what it gives in float64, but for rounding', ({ space }) => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        const single = record(scenario, 'float32', seed, space());
        const double = record(scenario, 'float64', seed);
        const both = [
          ['output', valuesOf(single.output), valuesOf(double.output)] as const,
          ...gradients(single).map((values, i) => [`gradient ${i}`, values, gradients(double)[i]!] as const),
        ];
        for (const [what, actual, expected] of both) {
          expect(furthest(actual, expected), what).toBeLessThanOrEqual(2e-5 * Math.max(1, largest(expected)));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('gives the same bits every time it runs', () => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        const recorded = record(scenario, 'float32', seed);
        const first = gradients(recorded);
        for (let run = 0; run < 3; run++) {
          recorded.tape.forward();
          recorded.tape.backward();
          expect(gradients(recorded)).toEqual(first);
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('ops without a gradient', () => {
  it('argmax gives whole numbers, through which no gradient passes', () => {
    const tape = newTape();
    const x = tape.track(tape.zeros([2, 3]));
    x.copyFrom([1, 5, 2, 7, 6, 7]);
    const columns = tape.rowArgmax(x);
    const loss = tape.sum(tape.pick(tape.full([2, 3], 1), columns));
    tape.planBackward(loss);
    tape.forward();
    expect(columns.dtype).toBe('int32');
    expect([...columns.values()]).toEqual([1, 0]);
    expect(() => tape.gradientOf(x)).toThrow(/no gradient reaches this tensor of shape \(2, 3\)/);
  });

  it('full gives one number everywhere', () => {
    const tape = newTape();
    const filled = tape.full([2, 2], 0.1);
    tape.forward();
    expect([...filled.values()]).toEqual(new Array(4).fill(Math.fround(0.1)));
  });
});

describe('tape', () => {
  it('adds up the gradients of a tensor used several times', () => {
    const tape = newTape('float64');
    const x = tape.track(tape.zeros([3]));
    x.copyFrom([1, -2, 3]);
    // x·x + tanh(x) + x, summed: 2x + (1 − tanh²x) + 1.
    const loss = tape.sum(tape.add(tape.add(tape.multiply(x, x), tape.tanh(x)), x));
    tape.planBackward(loss);
    tape.forward();
    tape.backward();
    const expected = [1, -2, 3].map((value) => 2 * value + (1 - Math.tanh(value) ** 2) + 1);
    for (const [i, value] of [...tape.gradientOf(x).values()].entries()) expect(value).toBeCloseTo(expected[i]!, 14);
  });

  it('does not grow from step to step', () => {
    const tape = newTape();
    const x = tape.track(tape.zeros([4, 3]));
    const loss = tape.sum(tape.variance(tape.multiply(x, tape.zeros([3])), 0));
    tape.planBackward(loss);
    const gradient = tape.gradientOf(x);
    const { data } = gradient.storage;
    for (let step = 0; step < 50; step++) {
      tape.forward();
      tape.backward();
    }
    expect(tape.gradientOf(x)).toBe(gradient);
    expect(gradient.storage.data).toBe(data);
  });

  it('uses the same temporaries for every vjp', () => {
    const arena = newArena();
    const tape = new Tape(referenceKernels, arena, 'float32');
    let x = tape.track(tape.zeros([64, 64]));
    const uses = 20;
    for (let use = 0; use < uses; use++) x = tape.multiply(x, tape.track(tape.zeros([64])));
    const loss = tape.sum(x);
    const before = arena.bytesUsed;
    tape.planBackward(loss);
    // A gradient for every product and for what goes in; one more matrix as a temporary, not one a product.
    const matrix = 64 * 64 * 4;
    expect(arena.bytesUsed - before).toBeLessThan((uses + 1 + 2) * matrix);
  });

  it('walks back only what the tracked tensors reach', () => {
    const tape = newTape();
    const x = tape.track(tape.zeros([2]));
    const untracked = tape.exp(tape.zeros([2]));
    tape.planBackward(tape.sum(tape.multiply(x, untracked)));
    expect(tape.backwardEntries.map(({ entry }) => entry.op)).toEqual(['sum', 'multiply']);
    expect(() => tape.gradientOf(untracked)).toThrow(ReferenceError);
  });

  it('refuses a loss of several numbers', () => {
    const tape = newTape();
    const x = tape.track(tape.zeros([2]));
    expect(() => tape.planBackward(tape.exp(x))).toThrow(/must be one number, not \(2,\)/);
  });

  const rows = [{ kind: 'tensor', tensor: 0 }] as const;
  const first = { kind: 'position', position: 0 } as const;
  const refusals: readonly (readonly [string, (tape: Tape) => Tensor, RegExp])[] = [
    ['add', (t) => t.add(t.zeros([2, 3]), t.zeros([4])), /^add: shapes \(2, 3\) and \(4,\)/],
    ['divide', (t) => t.divide(t.zeros([2]), t.zeros([3])), /^divide: shapes \(2,\) and \(3,\)/],
    [
      'linear',
      (t) => t.linear(t.zeros([2, 3]), t.zeros([3, 4]), t.zeros([3])),
      /^linear: \(2, 3\) @ \(3, 4\) \+ \(3,\)/,
    ],
    ['matmul', (t) => t.matmul(t.zeros([2, 3]), t.zeros([2, 3])), /^matmul: \(2, 3\) @ \(2, 3\)/],
    ['matmul of a scalar', (t) => t.matmul(t.zeros([]), t.zeros([3, 2])), /^matmul: \(\) @ \(3, 2\)/],
    ['matmul of vectors', (t) => t.matmul(t.zeros([3]), t.zeros([2])), /^matmul: \(3,\) @ \(2,\)/],
    [
      'matmul of stacks',
      (t) => t.matmul(t.zeros([2, 4, 3]), t.zeros([5, 3, 4])),
      /^matmul: \(2, 4, 3\) @ \(5, 3, 4\) do not fit/,
    ],
    [
      'linear of a stack of weights',
      (t) => t.linear(t.zeros([2, 3]), t.zeros([2, 3, 4]), t.zeros([4])),
      /^linear: .* the weight must be a matrix/,
    ],
    [
      'conv2d of other channels',
      (t) => convolve(t, [2, 3, 5, 5], [4, 2, 3, 3]),
      /^conv2d: x \(2, 3, 5, 5\), weight \(4, 2, 3, 3\) and groups 1 do not fit/,
    ],
    [
      'conv2d of groups',
      (t) => convolve(t, [2, 4, 5, 5], [3, 2, 3, 3], { groups: 2 }),
      /^conv2d: .* both channels divide by groups/,
    ],
    [
      'conv2d of a bias',
      (t) => convolve(t, [1, 2, 5, 5], [3, 2, 3, 3], {}, [2]),
      /^conv2d: .* bias \(2,\) and groups 1 do not fit/,
    ],
    ['conv2d of a matrix', (t) => convolve(t, [5, 5], [3, 2, 3, 3]), /^conv2d: expects 4 dimensions, .*\(5, 5\)/],
    [
      'conv2d of a window',
      (t) => convolve(t, [1, 1, 2, 5], [1, 1, 3, 3]),
      /^conv2d: a window of \(3, 3\) does not fit an image of \(2, 5\): it spans 3 in dimension 0, where there are 2/,
    ],
    [
      'conv2d of a stride',
      (t) => convolve(t, [1, 1, 5, 5], [1, 1, 3, 3], { stride: [1, 0] }),
      /^conv2d: stride \(1, 0\) must be 2 whole numbers, 1 at least/,
    ],
    [
      'maxPool1d of a padding',
      (t) => t.apply('maxPool1d', [t.zeros([1, 1, 5])], { kernelSize: [3], stride: [1], padding: [2], dilation: [1] }),
      /^maxPool1d: padding \(2,\) must be at most half of the window, which is \(3,\)/,
    ],
    [
      'avgPool2d of a vector',
      (t) =>
        t.apply('avgPool2d', [t.zeros([5])], {
          ...{ kernelSize: [2, 2], stride: [1, 1], padding: [0, 0] },
          countIncludePad: true,
        }),
      /^avgPool2d: expects 4 dimensions, .*\(5,\)/,
    ],
    ['diagEmbed', (t) => t.apply('diagEmbed', [t.zeros([])], { offset: 0 }), /^diagEmbed: .*scalar/],
    ['transpose', (t) => t.transpose(t.zeros([3])), /^transpose: dim -2 is out of range/],
    ['view', (t) => t.view(t.zeros([2, 3]), [4]), /^view: 6 numbers cannot be seen as \(4,\)/],
    ['expand', (t) => t.expand(t.zeros([2]), [3]), /^expand: \(2,\) does not broadcast to \(3,\)/],
    ['sum', (t) => t.sum(t.zeros([2, 3]), 2), /^sum: dim 2 is out of range for a tensor of 2 dimensions/],
    ['variance', (t) => t.variance(t.zeros([2]), -2), /^variance: dim -2/],
    [
      'logSoftmax',
      (t) => t.logSoftmax(t.zeros([3])),
      /^logSoftmax: dim 1 is out of range for a tensor of 1 dimensions/,
    ],
    ['pick', (t) => t.pick(t.zeros([2, 3]), t.indices([3])), /^index: .*\(2, 3\): shape mismatch: .*\[2\], \[3\]/],
    [
      'indexPut',
      (t) => t.apply('indexPut', [t.zeros([4, 5]), t.zeros([2, 3]), t.indices([2])], { index: rows, accumulate: true }),
      /^indexPut: values of shape \(2, 3\) do not broadcast to the \(2, 5\)/,
    ],
    [
      'index without a tensor that it names',
      (t) => t.apply('index', [t.zeros([2])], { index: rows }),
      /^index: an index with 1 tensors is given 0/,
    ],
    [
      'index of too many dimensions',
      (t) => t.apply('index', [t.zeros([2, 3])], { index: [first, first, first] }),
      /^index: of a tensor of shape \(2, 3\): too many indices for tensor of dimension 2/,
    ],
    [
      'gather',
      (t) => t.apply('gather', [t.zeros([2, 3]), t.indices([3, 1])], { dim: 1 }),
      /^gather: .*\(3, 1\).*\(2, 3\)/,
    ],
    [
      'scatter',
      (t) => t.apply('scatter', [t.zeros([2, 3]), t.indices([2, 3]), t.zeros([2, 2])], { dim: 0 }),
      /^scatter: .*\(2, 2\).*\(2, 3\)/,
    ],
    [
      'embedding',
      (t) => t.apply('embedding', [t.zeros([3]), t.indices([2])], { paddingIndex: null }),
      /^embedding: .*\(3,\)/,
    ],
    ['oneHot', (t) => t.apply('oneHot', [t.indices([2])], { classes: 0 }), /^oneHot: classes .* not 0.*\(2,\)/],
    [
      'cat',
      (t) => t.apply('cat', [t.zeros([2, 3]), t.zeros([2, 2])], { dim: 0 }),
      /^cat: input 1 of shape \(2, 2\).*\(2, 3\)/,
    ],
    ['cat of nothing', (t) => t.apply('cat', [], { dim: 0 }), /^cat: there is no tensor/],
    [
      'stack',
      (t) => t.apply('stack', [t.zeros([2]), t.zeros([3])], { dim: 0 }),
      /^stack: input 1 of shape \(3,\).*\(2,\)/,
    ],
    ['tril', (t) => t.apply('tril', [t.zeros([3])], { diagonal: 0 }), /^tril: .*\(3,\)/],
    ['roll', (t) => t.apply('roll', [t.zeros([3])], { shifts: [1, 2], dims: [0] }), /^roll: shifts 1, 2 .* dims 0/],
    ['flip', (t) => t.apply('flip', [t.zeros([3])], { dims: [0, -1] }), /^flip: .* twice/],
    ['repeat', (t) => t.apply('repeat', [t.zeros([2, 3])], { repeats: [2] }), /^repeat: .*\(2,\).*\(2, 3\)/],
    ['reshape', (t) => t.apply('reshape', [t.zeros([2, 3])], { shape: [4, -1] }), /^reshape: 6 numbers .*\(4, -1\)/],
    ['permute', (t) => t.apply('permute', [t.zeros([2, 3])], { dims: [0, 0] }), /^permute: dims 0, 0 .*\(2, 3\)/],
    [
      'diagonal',
      (t) => t.apply('diagonal', [t.zeros([2, 3])], { offset: 0, dim1: 1, dim2: -1 }),
      /^diagonal: .*\(2, 3\)/,
    ],
  ];
  it.each(refusals)('refuses shapes that do not fit %s, naming op and shapes', (_, call, message) => {
    const tape = newTape();
    expect(() => call(tape)).toThrow(ShapeError);
    expect(() => call(tape)).toThrow(message);
    expect(tape.entries).toHaveLength(0);
  });
});
