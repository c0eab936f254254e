import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tape } from '../../../core/autograd/tape';
import { referenceKernels } from '../../../core/kernels/reference/reference';
import type { OpName } from '../../../core/ops/table';
import { ops } from '../../../core/ops/table';
import type { FloatType } from '../../../core/tensor/arena';
import { ShapeError } from '../../../core/tensor/shape';
import type { Tensor } from '../../../core/tensor/tensor';
import { newArena, newTape } from '../engine';
import { cases, type Scenario, spread, twisterOf } from './op-cases';

/** A scenario on a tape: loss = Σ weight · output, so that every element of the output counts differently. */
interface Recorded {
  readonly tape: Tape;
  readonly leaves: readonly Tensor[];
  readonly output: Tensor;
  readonly loss: Tensor;
}

function record({ shapes, domain, transposed, record: call }: Scenario, dtype: FloatType, seed: number): Recorded {
  const tape = newTape(dtype);
  const twister = twisterOf(seed);
  const leaves = shapes.map((shape, index) => {
    const leaf = tape.track(tape.zeros(transposed[index] ? shape.toReversed() : shape));
    leaf.copyFrom(spread(leaf.elements, domain, twister));
    return leaf;
  });
  const output = call(
    tape,
    leaves.map((leaf, index) => (transposed[index] ? tape.transpose(leaf) : leaf)),
  );
  const weights = tape.zeros(output.shape);
  weights.copyFrom(spread(weights.elements, (fraction) => 0.5 + fraction, twister));
  const loss = tape.sum(tape.multiply(output, weights));
  tape.planBackward(loss);
  tape.forward();
  tape.backward();
  return { tape, leaves, output, loss };
}

const gradients = ({ tape, leaves }: Recorded) => leaves.map((leaf) => Array.from(tape.gradientOf(leaf).values()));
const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
const furthest = (a: readonly number[], b: readonly number[]) => largest(a.map((value, i) => value - b[i]!));

/** ∂loss/∂leaf by central differences; in float64 this step leaves about 1e-10 of truncation and of rounding alike. */
function centralDifferences({ tape, leaves, loss }: Recorded): number[][] {
  const step = 1e-5;
  return leaves.map((leaf) =>
    Array.from(leaf.values(), (value, i) => {
      const lossAt = (moved: number) => {
        leaf.values()[i] = moved;
        tape.forward();
        return loss.item();
      };
      const slope = (lossAt(value + step) - lossAt(value - step)) / (2 * step);
      leaf.values()[i] = value;
      return slope;
    }),
  );
}

const names = Object.keys(ops) as OpName[];
/** These give whole numbers, take no tensor, or are backwards themselves: nothing to differentiate. */
const withoutGradient: readonly OpName[] = ['rowArgmax', 'full', 'batchNormBackward', 'tanhBackward'];
const differentiable = names.filter((name) => !withoutGradient.includes(name));

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
          // Contributions that cancel have no relative error; the floor asks for 1e-9 of them.
          const scale = Math.max(largest(expected), 1e-3);
          expect(furthest(actual[index]!, expected) / scale, `input ${index}`).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives in float32 what it gives in float64, but for rounding', () => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        const single = record(scenario, 'float32', seed);
        const double = record(scenario, 'float64', seed);
        const both = [
          ['output', [...single.output.storage.data], [...double.output.storage.data]] as const,
          ...gradients(single).map((values, i) => [`gradient ${i}`, values, gradients(double)[i]!] as const),
        ];
        for (const [what, actual, expected] of both) {
          expect(furthest(actual, expected), what).toBeLessThanOrEqual(2e-5 * Math.max(1, largest(expected)));
        }
      }),
      { numRuns: 30 },
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
  it('rowArgmax gives whole numbers, through which no gradient passes', () => {
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

  it('putRows refuses a gradient where rows overwrite each other', () => {
    const tape = newTape();
    const x = tape.track(tape.zeros([2, 3]));
    const loss = tape.sum(tape.putRows(x, tape.indices([2]), [4, 3], false));
    expect(() => tape.planBackward(loss)).toThrow(/putRows: without accumulate/);
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

  const refusals: readonly (readonly [string, (tape: Tape) => Tensor, RegExp])[] = [
    ['add', (t) => t.add(t.zeros([2, 3]), t.zeros([4])), /^add: shapes \(2, 3\) and \(4,\)/],
    ['divide', (t) => t.divide(t.zeros([2]), t.zeros([3])), /^divide: shapes \(2,\) and \(3,\)/],
    [
      'linear',
      (t) => t.linear(t.zeros([2, 3]), t.zeros([3, 4]), t.zeros([3])),
      /^linear: \(2, 3\) @ \(3, 4\) \+ \(3,\)/,
    ],
    ['matmul', (t) => t.matmul(t.zeros([2, 3]), t.zeros([2, 3])), /^matmul: \(2, 3\) @ \(2, 3\)/],
    ['matmul of a vector', (t) => t.matmul(t.zeros([3]), t.zeros([3, 2])), /^matmul: \(3,\) @ \(3, 2\)/],
    ['transpose', (t) => t.transpose(t.zeros([2, 3, 4])), /^transpose: .*\(2, 3, 4\)/],
    ['view', (t) => t.view(t.zeros([2, 3]), [4]), /^view: \(2, 3\) cannot be seen as \(4,\)/],
    ['expand', (t) => t.expand(t.zeros([2]), [3]), /^expand: \(2,\) does not broadcast to \(3,\)/],
    ['sum', (t) => t.sum(t.zeros([2, 3]), 2), /^sum: dim 2 is out of range for a tensor of 2 dimensions/],
    ['variance', (t) => t.variance(t.zeros([2]), -2), /^variance: dim -2/],
    ['logSoftmax', (t) => t.logSoftmax(t.zeros([3])), /^logSoftmax: .*\(3,\)/],
    ['pick', (t) => t.pick(t.zeros([2, 3]), t.indices([3])), /^pick: \(2, 3\) .*\(3,\)/],
    [
      'putRows',
      (t) => t.putRows(t.zeros([2, 3]), t.indices([2]), [4, 5]),
      /^putRows: expected shape \(2, 5\), got \(2, 3\)/,
    ],
    [
      'putRows of too few',
      (t) => t.putRows(t.zeros([2, 3]), t.indices([4]), [4, 3]),
      /^putRows: expected shape \(4, 3\), got \(2, 3\)/,
    ],
    [
      'scatterPick of too many',
      (t) => t.scatterPick(t.zeros([2, 3]), t.indices([2]), [2, 4]),
      /^scatterPick: .*\(2, 3\).*\(2, 4\)/,
    ],
    ['scatterPick', (t) => t.scatterPick(t.zeros([2]), t.indices([2]), [3, 4]), /^scatterPick: \(3, 4\) .*\(2,\)/],
  ];
  it.each(refusals)('refuses shapes that do not fit %s, naming op and shapes', (_, call, message) => {
    const tape = newTape();
    expect(() => call(tape)).toThrow(ShapeError);
    expect(() => call(tape)).toThrow(message);
    expect(tape.entries).toHaveLength(0);
  });
});
