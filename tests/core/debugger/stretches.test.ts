import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StepRows } from '../../../core/debugger/step-rows';
import { ColumnSums, LossStretches } from '../../../core/debugger/stretches';

/** Powers of ten and whole numbers of them, whose sums are the same in any order; now and then one that is not finite. */
const value = fc.oneof(
  { weight: 50, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const values = fc.array(value, { minLength: 0, maxLength: 300, size: 'max' });
const stretch = fc.tuple(values, fc.nat(300), fc.nat(300), fc.nat(300)).map(([all, asked, a, b]) => ({
  all,
  /** A stretch that is asked for first, so that some blocks are known. */
  asked: Math.min(asked, all.length),
  start: Math.min(a, b, all.length),
  end: Math.min(Math.max(a, b), all.length),
}));

describe('any stretch of steps', () => {
  it('has the sums of its columns', () => {
    fc.assert(
      fc.property(stretch, ({ all, asked, start, end }) => {
        const rows = new StepRows(2);
        for (const each of all) rows.push([each, 2 * each]);
        const sums = new ColumnSums(rows, 2);
        sums.over(1, 0, asked);
        const expected = all.slice(start, end).reduce((sum, each) => sum + each, 0);
        expect([sums.over(0, start, end), sums.over(1, start, end)]).toEqual([expected, 2 * expected]);
      }),
    );
  });

  it('has the least, the largest and the logarithms of its losses', () => {
    fc.assert(
      fc.property(stretch, ({ all, asked, start, end }) => {
        const losses = new StepRows(1);
        const fromLogarithm = (each: number) => (Number.isFinite(each) ? Math.fround(10 ** each) : each);
        for (const each of all) losses.push([fromLogarithm(each)]);
        const stretches = new LossStretches(losses);
        stretches.over(0, asked);
        const there = all.slice(start, end);
        const known = there.filter(Number.isFinite);
        const { minimum, maximum, logarithms, finite } = stretches.over(start, end);
        expect(minimum).toBe(Math.min(...there.map(fromLogarithm)));
        expect(maximum).toBe(Math.max(...there.map(fromLogarithm)));
        expect(finite).toBe(known.length);
        expect(logarithms).toBeCloseTo(
          known.reduce((sum, each) => sum + each, 0),
          4,
        );
      }),
    );
  });

  it('however long, is told by reading few of its steps', () => {
    let reads = 0;
    class Counted extends StepRows {
      override get(step: number, column?: number): number {
        reads++;
        return super.get(step, column);
      }
    }
    const rows = new Counted(1);
    for (let step = 0; step < 100_000; step++) rows.push([1]);
    const sums = new ColumnSums(rows, 1);
    const stretches = new LossStretches(rows);
    sums.over(0, 0, 100_000);
    stretches.over(0, 100_000);
    reads = 0;
    expect(sums.over(0, 10, 99_990)).toBe(99_980);
    expect(stretches.over(10, 99_990)).toEqual({ minimum: 1, maximum: 1, logarithms: 0, finite: 99_980 });
    expect(reads).toBeLessThan(128);
  });
});
