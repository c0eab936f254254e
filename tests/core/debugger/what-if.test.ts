import { describe, expect, it } from 'vitest';
import { spaces } from '../engine';
import { smallData } from '../names-dataset';
import { advanced, everyBit, newSession } from '../sessions';

const settings = { program: 'deep-stack', hiddenSize: 8, batchSize: 16, depth: 3, gain: 1, batchNorm: false } as const;
const asItIs = { gain: 1, initScale: 1, learningRate: 0.1 };

describe.each(spaces)('what if, $build kernels', ({ space }) => {
  it('the live run’s own numbers give the live run', () => {
    const session = advanced(newSession(settings, smallData(), space()), 5);
    const { loss, layers, parameters, step } = session.whatIf(asItIs);
    expect(step).toBe(5);
    for (const { live, alternative } of [
      loss,
      ...layers.flatMap(({ saturated, gradientStd }) => [saturated, gradientStd]),
      ...parameters.map(({ updateRatio }) => updateRatio),
    ])
      expect(alternative).toBe(live);
  });

  it('another gain at step 0 is the run that begins with it', () => {
    const session = newSession(settings, smallData(), space());
    const other = newSession({ ...settings, gain: 2 }, smallData(), space());
    const { layers, loss } = session.whatIf({ ...asItIs, gain: 2 });
    expect(loss.alternative).toBeCloseTo(other.loss, 5);
    for (const [index, { saturated, output, gradient }] of other.frame(0, false).layers.entries()) {
      expect(layers[index]!.saturated.alternative).toBeCloseTo(saturated, 2);
      expect(layers[index]!.gradientStd.alternative / gradient.std).toBeCloseTo(1, 4);
      expect(output.std).toBeGreaterThan(0);
    }
  });

  it('ten times the learning rate is one decade of every update ratio, and nothing else', () => {
    const session = advanced(newSession(settings, smallData(), space()), 3);
    const { layers, parameters } = session.whatIf({ ...asItIs, learningRate: 1 });
    for (const { gradientStd } of layers) expect(gradientStd.alternative).toBe(gradientStd.live);
    for (const { updateRatio } of parameters) expect(updateRatio.alternative - updateRatio.live).toBeCloseTo(1, 5);
  });

  it('a larger init scale saturates more', () => {
    const session = newSession(settings, smallData(), space());
    const { layers } = session.whatIf({ ...asItIs, initScale: 4 });
    for (const { saturated } of layers) expect(saturated.alternative).toBeGreaterThan(saturated.live);
  });
});

describe('what if', () => {
  it('leaves the session as it is, and is asked of a whole step only', () => {
    const [asked, unasked] = [advanced(newSession(), 4), advanced(newSession(), 4)];
    asked.whatIf({ gain: 3, initScale: 2, learningRate: 1 });
    expect(everyBit(asked)).toEqual(everyBit(unasked));
    expect(everyBit(advanced(asked, 3))).toEqual(everyBit(advanced(unasked, 3)));
    asked.stepOp();
    expect(() => asked.whatIf(asItIs)).toThrow('F10');
  });

  it('of the decomposed program scales W1 by the gain, and leaves batch norm’s own numbers', () => {
    const session = newSession({ program: 'decomposed-mlp', hiddenSize: 8, batchSize: 8 });
    const { layers } = session.whatIf({ gain: 5, initScale: 1, learningRate: 0.1 });
    // The batch norm behind W1 takes a scale away again.
    expect(layers[0]!.saturated.alternative).toBeCloseTo(layers[0]!.saturated.live, 1);
  });
});

describe('batch against running statistics', () => {
  it('of the stack are those that the forward pass used, and those that training keeps', () => {
    const session = newSession({ ...settings, batchNorm: true, batchSize: 8 });
    const [first] = session.batchNorms();
    expect(session.batchNorms().map(({ node }) => node)).toEqual([
      'layers.1.out',
      'layers.4.out',
      'layers.7.out',
      'layers.10.out',
    ]);
    expect(first).toMatchObject({ isKept: true });
    for (const [unit, mean] of first!.batchMean.entries()) {
      expect(first!.runningMean[unit]).toBeCloseTo(0.1 * mean, 6);
      expect(first!.runningVariance[unit]).toBeCloseTo(0.9 + 0.1 * first!.batchVariance[unit]!, 5);
    }
    expect(first!.distance).toBeGreaterThan(0.1);
    advanced(session, 100);
    expect(session.batchNorms()[0]!.distance).toBeLessThan(first!.distance);
  });

  it('of the decomposed program are measured by calibrating', () => {
    const session = advanced(newSession(), 20);
    const before = session.batchNorms();
    expect(before).toMatchObject([{ node: 'hpreact', isKept: false }]);
    expect([...before[0]!.runningVariance].every((value) => value === 0)).toBe(true);
    for (const _ of session.evaluator.calibrate());
    const [after] = session.batchNorms();
    expect(after!.distance).toBeLessThan(1);
    expect(Math.min(...after!.runningVariance)).toBeGreaterThan(0);
  });
});

describe('a sampled name', () => {
  it('comes with the probability of each next character', () => {
    const session = advanced(newSession(), 30);
    const { names, choices } = session.sample(5, 3);
    const { labels } = session.data.dataset.vocabulary;
    for (const [index, name] of names.entries()) {
      const tokens = choices[index]!.map(({ token }) => labels[token]);
      expect(tokens.join('')).toBe(`${name}.`);
      for (const { token, probabilities } of choices[index]!) {
        expect(probabilities.length).toBe(labels.length);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
        expect(probabilities[token]).toBeGreaterThan(0);
      }
    }
  });
});
