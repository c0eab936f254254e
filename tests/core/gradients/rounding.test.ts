import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestChains, roundingBound } from '../../../core/gradients/rounding';
import { newTape } from '../engine';

const single = (values: readonly number[]) => values.reduce((sum, value) => Math.fround(sum + value), 0);
const pairwise = (values: readonly number[]): number =>
  values.length <= 1
    ? (values[0] ?? 0)
    : Math.fround(
        pairwise(values.slice(0, values.length >> 1)) + pairwise(values.slice(values.length >> 1, values.length)),
      );

describe('roundingBound', () => {
  const terms = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 });

  it('holds for float32 sums in any order', () => {
    fc.assert(
      fc.property(terms, (values) => {
        const magnitude = values.reduce((sum, value) => sum + Math.abs(value), 0);
        const bound = roundingBound(magnitude, values.length).single;
        const sorted = values.toSorted((one, other) => Math.abs(other) - Math.abs(one));
        const sums = [single(values), single(values.toReversed()), single(sorted), pairwise(values)];
        expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it('is of the size of what rounding makes: terms that cancel reach a hundredth of it', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 1 : -1) * (1 + index / 97));
    const rounded = values.map(Math.fround);
    const bound = roundingBound(
      rounded.reduce((sum, value) => sum + Math.abs(value), 0),
      rounded.length,
    ).single;
    const exact = rounded.reduce((sum, value) => sum + value, 0);
    expect(bound).toBeLessThan(0.01);
    expect(Math.abs(single(rounded.toReversed()) - exact)).toBeLessThanOrEqual(bound);
  });

  it('grows with the magnitude and with the chain, and is smaller in float64 by 2^29', () => {
    const { single: ofOne, double } = roundingBound(1, 10);
    // γ_20 twice, with u = 2^-24.
    expect(ofOne).toBeCloseTo((2 * 20 * 2 ** -24) / (1 - 20 * 2 ** -24), 15);
    expect(ofOne / double).toBeCloseTo(2 ** 29, -4);
    expect(roundingBound(3, 10).single).toBeCloseTo(3 * ofOne, 15);
    expect(roundingBound(1, 11).single).toBeGreaterThan(ofOne);
    expect(roundingBound(0, 10)).toEqual({ single: 0, double: 0 });
  });

  it('is none where so many roundings may lose everything', () => {
    expect(roundingBound(1, 2 ** 23).single).toBe(Number.POSITIVE_INFINITY);
    expect(roundingBound(1, 2 ** 23).double).toBeLessThan(1e-8);
  });
});

describe('longestChains', () => {
  it('are those of the longest of all ways, with every sum on it', () => {
    const tape = newTape('float64');
    const [x, w] = [tape.track(tape.zeros([3, 50])), tape.track(tape.zeros([50, 7]))];
    const product = tape.matmul(x, w);
    const short = tape.sum(product);
    const long = tape.sum(tape.exp(tape.exp(product)));
    const loss = tape.add(short, long);
    tape.planBackward(loss);
    const chains = longestChains(tape.entries, loss);
    expect(chains.get(loss)).toBe(0);
    const [ofProduct, ofX, ofW] = [product, x, w].map((tensor) => chains.get(tensor)!);
    expect(ofProduct).toBeGreaterThan(chains.get(long)!);
    // Seven products are summed into each element of dx, three into each of dw.
    expect([ofX! - ofProduct!, ofW! - ofProduct!]).toEqual([7, 3]);
  });

  it('count what is summed over stacks, rows and places', () => {
    const tape = newTape('float64');
    const [x, w, b] = [[2, 3, 4], [4, 7], [7]].map((shape) => tape.track(tape.zeros(shape)));
    const [image, filters] = [tape.track(tape.zeros([2, 3, 8])), tape.track(tape.zeros([5, 3, 2]))];
    const linear = tape.linear(x!, w!, b!);
    const conv = tape.apply('conv1d', [image, filters], { stride: [1], padding: [0], dilation: [1], groups: 1 });
    const pooled = tape.apply('maxPool1d', [conv], { kernelSize: [3], stride: [1], padding: [0], dilation: [1] });
    const loss = tape.add(tape.sum(linear), tape.sum(pooled));
    tape.planBackward(loss);
    const chains = longestChains(tape.entries, loss);
    const beyond = (tensor: typeof loss, output: typeof loss) => chains.get(tensor)! - chains.get(output)!;
    // Seven columns; two times three rows.
    expect([x!, w!, b!].map((tensor) => beyond(tensor, linear))).toEqual([7, 6, 6]);
    // Five filters of two elements; two images of seven places.
    expect([image, filters].map((tensor) => beyond(tensor, conv))).toEqual([10, 14]);
    // No more than the window has elements.
    expect(beyond(conv, pooled)).toBeGreaterThanOrEqual(3);
  });

  it('say nothing of what the loss does not depend on', () => {
    const tape = newTape('float64');
    const x = tape.track(tape.zeros([2]));
    const aside = tape.exp(x);
    const loss = tape.sum(x);
    tape.planBackward(loss);
    expect(longestChains(tape.entries, loss).has(aside)).toBe(false);
  });
});
