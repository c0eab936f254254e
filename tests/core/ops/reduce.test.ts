import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tape } from '../../../core/graph/tape';
import { ravelIndex } from '../../../core/ops/reads';
import { type OpName, readsOf } from '../../../core/ops/table';
import { ShapeError, unravelIndex } from '../../../core/tensor/shape';
import type { Tensor } from '../../../core/tensor/tensor';
import { newTape, spaces } from '../engine';
import { reduceCases } from './cases/reduce';
import { constantsOf, laidOut, placesOf, spread, twisterOf } from './scenarios';

describe('an element of a reduction reads those that its gradient reaches', () => {
  const smooth = [
    'sum',
    'mean',
    'variance',
    'prod',
    'norm',
    'logSumExp',
    'max',
    'min',
    'amax',
    'amin',
    'cumsum',
  ] as const;
  it.each(smooth)('%s', (name) => {
    fc.assert(
      fc.property(reduceCases[name], fc.nat(), fc.nat(), ({ shapes, domain, layouts, record }, seed, pick) => {
        const tape = newTape('float64');
        const leaf = tape.track(laidOut(tape, shapes[0]!, layouts[0]!));
        for (const [i, value] of spread(leaf.elements, domain, twisterOf(seed)).entries()) {
          leaf.storage.data[placesOf(leaf)[i]!] = value;
        }
        const output = record(tape, [leaf], constantsOf(tape));
        if (output.elements === 0 || leaf.elements === 0) return;
        tape.forward();
        const gradient = tape.zeros(output.shape);
        const position = pick % output.elements;
        gradient.values()[position] = 1;
        const walk = tape.planWalk(new Set([leaf]), new Map([[output, gradient]]));
        walk.run();
        const reached = Array.from(walk.gradients.get(leaf)!.values()).flatMap((value, i) => (value === 0 ? [] : [i]));
        const entry = tape.entries.at(-1)!;
        const read = readsOf(entry, unravelIndex(position, output.shape)).map(([of, index]) => {
          expect(of).toBe(leaf);
          return ravelIndex(index, leaf.shape);
        });
        // A number that is its mean counts, though a change of it is felt by no variance.
        if (name === 'variance') expect(read).toEqual(expect.arrayContaining(reached));
        else expect(read).toEqual(reached);
      }),
    );
  });

  it('argmax, argmin and argsort read the element that they tell of', () => {
    const tape = newTape();
    const x = tape.zeros([2, 3]);
    x.copyFrom([4, 9, 1, 7, 2, 8]);
    const uses = [
      tape.apply('argmax', [x], { dim: 1, keepdim: false }),
      tape.apply('argmin', [x], { dim: null, keepdim: true }),
      tape.apply('argsort', [x], { dim: 0, descending: true }),
    ];
    tape.forward();
    expect(uses.map((output) => [...output.values()])).toEqual([[1, 2], [2], [1, 0, 1, 0, 1, 0]]);
    const read = (use: number, index: number[]) => readsOf(tape.entries[use]!, index);
    expect(read(0, [1])).toEqual([[x, [1, 2]]]);
    expect(read(1, [0, 0])).toEqual([[x, [0, 2]]]);
    expect(read(2, [0, 2])).toEqual([[x, [1, 2]]]);
  });

  it('of equals, max of everything reads all, and max along a dimension the first', () => {
    const tape = newTape();
    const x = tape.zeros([2, 2]);
    x.copyFrom([5, 5, 1, 5]);
    tape.apply('max', [x], { dim: null, keepdim: false });
    tape.apply('max', [x], { dim: 1, keepdim: false });
    tape.forward();
    expect(readsOf(tape.entries[0]!, []).map(([, index]) => index)).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(readsOf(tape.entries[1]!, [0]).map(([, index]) => index)).toEqual([[0, 0]]);
  });
});

describe.each(spaces)('the $build kernels', ({ space }) => {
  it('reduce truth values and whole numbers that stand in int32', () => {
    const tape = newTape('float32', space());
    const x = tape.zeros([3, 2]);
    x.copyFrom([0, 1, 2, 3, 0, 4]);
    const any = tape.apply('any', [x], { dim: 1, keepdim: false });
    const all = tape.apply('all', [x], { dim: 1, keepdim: false });
    const count = tape.apply('sum', [all], { dim: null, keepdim: false });
    const both = tape.apply('all', [any], { dim: null, keepdim: false });
    const largest = tape.apply('argmax', [all], { dim: 0, keepdim: false });
    tape.forward();
    expect([...any.values()]).toEqual([1, 1, 1]);
    expect([...all.values()]).toEqual([0, 1, 0]);
    expect([count, both, largest].map((one) => one.item())).toEqual([1, 1, 1]);
  });

  it('sort along a dimension as comparing all of it does', () => {
    const lines = fc.array(fc.constantFrom(-2, -0, 0, 1, 1.5, NaN, Infinity, -Infinity), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(lines, fc.boolean(), (values, descending) => {
        const tape = newTape('float32', space());
        const x = tape.zeros([values.length, 2]);
        x.copyFrom(values.flatMap((value) => [value, -value]));
        const order = tape.apply('argsort', [x], { dim: 0, descending });
        tape.forward();
        const key = (value: number) => (Number.isNaN(value) ? 1e9 : Math.max(-1e6, Math.min(1e6, value)));
        for (const column of [0, 1]) {
          const own = values.map((value) => key(column === 0 ? value : -value));
          const expected = own
            .map((_, position) => position)
            .sort((a, b) => (descending ? own[b]! - own[a]! : own[a]! - own[b]!) || a - b);
          expect([...order.values()].filter((_, i) => i % 2 === column)).toEqual(expected);
        }
      }),
    );
  });
});

describe('what cannot be reduced', () => {
  const whole = { dim: null, keepdim: false };
  const refusals: readonly (readonly [OpName, (tape: Tape) => Tensor, RegExp])[] = [
    ['sum', (t) => t.apply('sum', [t.zeros([2, 3])], { dim: [0, -2], keepdim: false }), /^sum: dim 0, 0 names .*twice/],
    [
      'amax',
      (t) => t.apply('amax', [t.zeros([2, 3])], { dim: [0, 2], keepdim: false }),
      /^amax: dim 2 is out of range/,
    ],
    [
      'max',
      (t) => t.apply('max', [t.zeros([0, 3])], { dim: 0, keepdim: false }),
      /^max: dim 0 of \(0, 3\) has no element/,
    ],
    ['argmin', (t) => t.apply('argmin', [t.zeros([2, 0])], whole), /^argmin: dim 1 of \(2, 0\) has no element/],
    ['cumsum', (t) => t.apply('cumsum', [t.zeros([2])], { dim: 1 }), /^cumsum: dim 1 is out of range/],
    [
      'argsort',
      (t) => t.apply('argsort', [t.zeros([])], { dim: 1, descending: false }),
      /^argsort: dim 1 is out of range/,
    ],
    [
      'searchSorted',
      (t) => t.apply('searchSorted', [t.zeros([2, 3]), t.zeros([3, 4])], { right: false }),
      /^searchSorted: \(2, 3\) is neither a vector nor a line for each line of \(3, 4\)/,
    ],
    [
      'isClose',
      (t) => t.apply('isClose', [t.zeros([2]), t.zeros([3])], { rtol: 0, atol: 0, equalNan: false }),
      /^isClose: shapes \(2,\) and \(3,\)/,
    ],
  ];
  it.each(refusals)('%s says why', (_, call, message) => {
    expect(() => call(newTape())).toThrow(ShapeError);
    expect(() => call(newTape())).toThrow(message);
  });
});
