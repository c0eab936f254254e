import { describe, expect, it } from 'vitest';
import { blockSize, createDataset, type Split } from '../../../core/data/dataset';
import type { Session } from '../../../core/debugger/session';
import { defaultSettings, learningRateAt } from '../../../core/programs/settings';
import { smallWords } from '../names-dataset';
import { advanced, newSession } from '../sessions';

/** rows of a [·, columns] parameter. */
function matrixOf({ network }: Session, name: string): number[][] {
  const { tensor } = network.node(name);
  const columns = tensor.shape.at(-1)!;
  const values = [...tensor.values()];
  return Array.from({ length: values.length / columns }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

const times = (x: readonly number[], matrix: readonly (readonly number[])[]) =>
  matrix[0]!.map((_, column) => x.reduce((sum, value, row) => sum + value * matrix[row]![column]!, 0));
const plus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + b[i]!);

const contextsOf = (split: Split) =>
  Array.from({ length: split.count }, (_, i) => [...split.contexts.subarray(i * blockSize, (i + 1) * blockSize)]);

/** Mean cross entropy of logits over a split, written out in float64. */
function meanLoss(split: Split, logitsOf: (context: readonly number[]) => number[]): number {
  const losses = contextsOf(split).map((context, i) => {
    const logits = logitsOf(context);
    return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[split.targets[i]!]!;
  });
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}

function lossesOf(session: Session) {
  const work = session.evaluator.losses();
  const progress: { done: number; total: number }[] = [];
  for (;;) {
    const result = work.next();
    if (result.done) return { ...result.value, progress };
    progress.push(result.value);
  }
}

/** Enough words for several chunks of 1,024 examples, the last one not full. */
const words = smallWords.flatMap((word) => ['a', 'ir', 'jo', 'li'].map((end) => word + end));
const data = { dataset: createDataset(words), name: 'many', builtIn: false };
const { dataset } = data;

describe('losses over whole splits', () => {
  it('of the decomposed network use statistics measured over the whole training split', () => {
    const session = advanced(newSession({ hiddenSize: 6, batchSize: 8 }, data), 10);
    const [C, W1, W2] = ['C', 'W1', 'W2'].map((name) => matrixOf(session, name)) as [
      number[][],
      number[][],
      number[][],
    ];
    const [b1, b2, gain, bias] = ['b1', 'b2', 'bngain', 'bnbias'].map((name) => matrixOf(session, name)[0]!) as [
      number[],
      number[],
      number[],
      number[],
    ];
    const hidden = (context: readonly number[]) =>
      plus(
        times(
          context.flatMap((token) => C[token]!),
          W1,
        ),
        b1,
      );
    const measured = contextsOf(dataset.train).map(hidden);
    const mean = b1.map((_, unit) => measured.reduce((sum, row) => sum + row[unit]!, 0) / measured.length);
    const variance = mean.map(
      (centre, unit) => measured.reduce((sum, row) => sum + (row[unit]! - centre) ** 2, 0) / (measured.length - 1),
    );
    const logits = (context: readonly number[]) => {
      const normalised = hidden(context).map((x, unit) => (x - mean[unit]!) / Math.sqrt(variance[unit]! + 1e-5));
      return plus(
        times(
          normalised.map((x, unit) => Math.tanh(gain[unit]! * x + bias[unit]!)),
          W2,
        ),
        b2,
      );
    };
    const { train, dev } = lossesOf(session);
    const kept = session.network.batchNorms[0]!.runningVariance.values();
    // Within a relative 1e-5: dividing by the count instead of the count − 1 would be further off.
    for (const [unit, expected] of variance.entries()) expect(kept[unit]! / expected).toBeCloseTo(1, 5);
    expect(train).toBeCloseTo(meanLoss(dataset.train, logits), 5);
    expect(dev).toBeCloseTo(meanLoss(dataset.dev, logits), 5);
  });

  it.each([false, true])(
    'of the deep stack are those of its layers, batch norm by running statistics: %s',
    (batchNorm) => {
      const session = advanced(newSession({ program: 'deep-stack', hiddenSize: 6, depth: 2, batchNorm }, data), 10);
      const C = matrixOf(session, 'C');
      const buffers = session.network.buffers.map((buffer) => [...buffer.values()]);
      const names = new Set(session.network.nodes.map(({ name }) => name));
      const indices = [...names].flatMap((name) => /^layers\.(\d+)\.out$/.exec(name)?.[1] ?? []).map(Number);
      const logits = (context: readonly number[]) => {
        const statistics = [...buffers];
        let x = context.flatMap((token) => C[token]!);
        for (const index of indices) {
          const parameter = (name: string) => matrixOf(session, `layers.${index}.${name}`);
          if (names.has(`layers.${index}.weight`)) {
            x = times(x, parameter('weight'));
            if (names.has(`layers.${index}.bias`)) x = plus(x, parameter('bias')[0]!);
          } else if (names.has(`layers.${index}.gamma`)) {
            const [mean, variance] = statistics.splice(0, 2);
            const [gamma, beta] = [parameter('gamma')[0]!, parameter('beta')[0]!];
            x = x.map((value, i) => (gamma[i]! * (value - mean![i]!)) / Math.sqrt(variance![i]! + 1e-5) + beta[i]!);
          } else x = x.map(Math.tanh);
        }
        return x;
      };
      const { train, dev } = lossesOf(session);
      expect(train).toBeCloseTo(meanLoss(dataset.train, logits), 5);
      expect(dev).toBeCloseTo(meanLoss(dataset.dev, logits), 5);
    },
  );

  it('say how far they are, up to the last example', () => {
    const { progress } = lossesOf(newSession({ hiddenSize: 4 }, data));
    for (const { done, total } of progress) expect(done).toBeLessThanOrEqual(total);
    expect(progress.at(-1)).toEqual({ done: dataset.dev.count, total: dataset.dev.count });
  });

  it('begin anew where an earlier evaluation was abandoned half-way', () => {
    const session = newSession({ hiddenSize: 4 }, data);
    const { train, dev } = lossesOf(session);
    const abandoned = session.evaluator.losses();
    abandoned.next();
    abandoned.return({ train: 0, dev: 0 });
    expect(lossesOf(session)).toMatchObject({ train, dev });
  });
});

it('the learning rate drops at its step', () => {
  const settings = { ...defaultSettings('deep-stack'), learningRateDropStep: 10 };
  expect([0, 9, 10, 11].map((step) => learningRateAt(settings, step))).toEqual([0.1, 0.1, 0.01, 0.01]);
});
