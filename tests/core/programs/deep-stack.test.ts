import { beforeAll, describe, expect, it } from 'vitest';
import { report } from '../../../core/debugger/report';
import { Session } from '../../../core/debugger/session';
import { defaultSettings } from '../../../core/programs/settings';
import type { Report } from '../../../core/protocol/answers';
import { loadJson } from '../../fixtures/load';
import { spaces } from '../engine';
import { lectureData, lectureNames, whyWithoutNames } from '../names-dataset';

/** Runs as many whole steps as the fixture had and reports on them. */
function reportLike(expected: Report, { space }: (typeof spaces)[number]): Report {
  const settings = { ...defaultSettings('deep-stack'), batchNorm: expected.batchnorm, gain: expected.gain };
  const session = new Session({ ...space(), data: lectureData(), settings });
  for (let step = 1; step < expected.steps; step++) session.advance();
  const work = report(session);
  for (;;) {
    const result = work.next();
    if (result.done) return result.value;
  }
}

/** The distance in units of the last printed place, as the notebook's formats print. */
const places = (actual: number, expected: number) =>
  Math.abs(Math.round(Number(actual.toFixed(2)) * 100) - Math.round(Number(expected.toFixed(2)) * 100));

const files = [
  { name: 'deep-plain-gain1.67.json', parameters: 46_497 },
  { name: 'deep-bn-gain1.00.json', parameters: 47_024 },
];
const runs = spaces.flatMap((kernels) => files.map((file) => ({ ...file, kernels, build: kernels.build })));

describe.skipIf(lectureNames === undefined).each(runs)(
  `$name, $build kernels (${whyWithoutNames})`,
  ({ name, parameters, kernels }) => {
    const expected = loadJson<Report>(name);
    let actual: Report;
    beforeAll(() => {
      actual = reportLike(expected, kernels);
    }, 300_000);

    it('trains as many parameters', () => {
      expect(actual.parameters).toBe(parameters);
    });

    it('has PyTorch’s loss at every step, within 2e-3, the last within 1e-3', () => {
      expect(actual.losses).toHaveLength(expected.steps);
      const worst = Math.max(...actual.losses.map((loss, step) => Math.abs(loss - expected.losses[step]!)));
      expect(worst).toBeLessThan(2e-3);
      expect(Math.abs(actual.losses.at(-1)! - expected.losses.at(-1)!)).toBeLessThan(1e-3);
    });

    it('prints mean, std and saturation of every Tanh layer as the notebook does, up to one in the last place', () => {
      expect(actual.tanh.map(({ layer }) => layer)).toEqual(expected.tanh.map(({ layer }) => layer));
      for (const [index, layer] of actual.tanh.entries()) {
        const from = expected.tanh[index]!;
        expect(places(layer.mean, from.mean), `mean of layer ${from.layer}`).toBeLessThanOrEqual(1);
        expect(places(layer.std, from.std), `std of layer ${from.layer}`).toBeLessThanOrEqual(1);
        expect(
          places(layer.saturated_percent, from.saturated_percent),
          `saturation of layer ${from.layer}`,
        ).toBeLessThanOrEqual(1);
      }
    });

    it('has the spread of every gradient within 0.1 %', () => {
      for (const [index, layer] of actual.tanh.entries()) {
        expect(layer.grad_std / expected.tanh[index]!.grad_std).toBeCloseTo(1, 3);
      }
      for (const [index, weight] of actual.weights.entries()) {
        const from = expected.weights[index]!;
        expect(weight.shape).toEqual(from.shape);
        expect(weight.grad_std / from.grad_std).toBeCloseTo(1, 3);
        expect(weight.grad_to_data / from.grad_to_data).toBeCloseTo(1, 3);
      }
    });

    it('moves every parameter as far, within 0.01 of log10 update:data', () => {
      for (const which of ['update_to_data_log10_first', 'update_to_data_log10_last'] as const) {
        expect(actual[which]).toHaveLength(expected[which].length);
        for (const [index, ratio] of actual[which].entries()) {
          expect(Math.abs(ratio - expected[which][index]!), `${which} of parameter ${index}`).toBeLessThan(0.01);
        }
      }
    });

    it('draws the same histograms', () => {
      for (const [index, layer] of actual.tanh.entries()) {
        const from = expected.tanh[index]!;
        const width = from.histogram.edges[1]! - from.histogram.edges[0]!;
        // A value next to an edge may fall to the neighbouring bin; the mass between the two must not differ by more.
        const moved = layer.histogram.density.reduce(
          (sum, d, bin) => sum + Math.abs(d - from.histogram.density[bin]!) * width,
          0,
        );
        expect(moved, `layer ${from.layer}`).toBeLessThan(0.02);
      }
    });

    it('evaluates to the same train and validation loss, within 1e-3', () => {
      expect(Math.abs(actual.train_loss - expected.train_loss)).toBeLessThan(1e-3);
      expect(Math.abs(actual.val_loss - expected.val_loss)).toBeLessThan(1e-3);
    });

    it('writes the same 20 names', () => {
      expect(actual.samples).toEqual(expected.samples);
    });
  },
);
