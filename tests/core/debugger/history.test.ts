import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../../core/debugger/history';

/** A history of these losses, and of one parameter whose ratio is minus the loss. */
function historyOf(losses: readonly number[]): History {
  const history = new History(2);
  for (const loss of losses) {
    history.pushLoss(loss);
    history.pushUpdates([-loss, 0]);
  }
  return history;
}

/** Losses are float32 numbers. */
const losses = fc.array(fc.float({ min: Math.fround(1e-3), max: 100, noNaN: true }), { minLength: 1, maxLength: 300 });
const points = fc.integer({ min: 2, max: 50 });
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('history', () => {
  it('keeps every step, past the size of a chunk', () => {
    const many = Array.from({ length: 10_000 }, (_, step) => step + 0.5);
    const history = historyOf(many);
    expect(history.losses()).toEqual(many);
    expect([0, 4095, 4096, 9999].map((step) => history.updatesAt(step)[0])).toEqual([-0.5, -4095.5, -4096.5, -9999.5]);
  });

  it('thins losses to equal buckets with their least, largest and mean logarithm, never more than asked for', () => {
    fc.assert(
      fc.property(losses, points, (all, most) => {
        const { steps, minimum, maximum, log10 } = historyOf(all).lossHistory(most);
        expect(steps.length).toBeLessThanOrEqual(most);
        expect(steps[0]).toBe(0);
        for (const [bucket, start] of steps.entries()) {
          const members = all.slice(start, steps[bucket + 1] ?? all.length);
          expect(minimum[bucket]).toBe(Math.min(...members));
          expect(maximum[bucket]).toBe(Math.max(...members));
          expect(log10[bucket]).toBeCloseTo(mean(members.map(Math.log10)), 10);
        }
        const widths = [...steps.slice(1)].map((step, i) => step - steps[i]!);
        expect(new Set(widths).size).toBeLessThanOrEqual(1);
        if (all.length <= most) expect(steps).toHaveLength(all.length);
      }),
    );
  });

  it('thins update ratios to the means of the same buckets, parameter by parameter', () => {
    fc.assert(
      fc.property(losses, points, (all, most) => {
        const history = historyOf(all);
        const { steps, ratios } = history.updateHistory(most);
        expect(steps).toEqual(history.lossHistory(most).steps);
        expect(ratios).toHaveLength(2);
        for (const [bucket, start] of steps.entries()) {
          const members = all.slice(start, steps[bucket + 1] ?? all.length);
          expect(ratios[0]![bucket]).toBeCloseTo(-mean(members), 10);
          expect(ratios[1]![bucket]).toBe(0);
        }
      }),
    );
  });

  it('smooths by a centred mean over a twentieth of the steps, cut off at both ends', () => {
    const all = Array.from({ length: 200 }, (_, step) => Math.fround(10 ** Math.sin(step)));
    const { smoothed } = historyOf(all).lossHistory(200);
    const reach = 5;
    for (const step of [0, 2, 5, 100, 194, 198, 199]) {
      const around = all.slice(Math.max(0, step - reach), step + reach + 1);
      expect(smoothed[step]).toBeCloseTo(mean(around.map(Math.log10)), 10);
    }
  });

  it('leaves a gap where a loss is not finite, and goes on around it', () => {
    const { smoothed } = historyOf([...new Array(40).fill(100), Number.NaN, ...new Array(40).fill(100)]).lossHistory(
      200,
    );
    for (const [step, value] of smoothed.entries()) expect(value, `step ${step}`).toBeCloseTo(2, 10);
  });

  it('does not smooth a few steps away', () => {
    const { log10, smoothed } = historyOf([1, 10, 100]).lossHistory(10);
    expect([...smoothed]).toEqual([...log10]);
  });

  it('smooths a constant to itself up to the last step', () => {
    const { smoothed } = historyOf(new Array(3000).fill(100)).lossHistory(100);
    for (const value of smoothed) expect(value).toBeCloseTo(2, 10);
  });

  it('is as long as what was pushed, of losses and of updates apart', () => {
    const history = new History(1);
    expect(history.lossHistory(10).steps).toHaveLength(0);
    expect(history.updateHistory(10)).toEqual({ steps: new Float64Array(0), ratios: [new Float64Array(0)] });
    history.pushLoss(1);
    expect(history.lossHistory(10).steps).toHaveLength(1);
    expect(history.updateHistory(10).steps).toHaveLength(0);
  });
});
