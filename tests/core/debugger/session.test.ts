import { describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { moments } from '../../../core/kernels/reference/moments';
import { NotFoundError } from '../../../core/programs/network';
import type { Settings } from '../../../core/programs/settings';
import { updateToData } from '../../../core/stats/diagnostics';
import { advanced, bitsOf, everyBit, newSession } from '../sessions';
import { parameterRows } from './parameter-rows';

const programs: readonly Partial<Settings>[] = [
  { program: 'decomposed-mlp', hiddenSize: 8, batchSize: 6 },
  { program: 'deep-stack', hiddenSize: 8, depth: 2, batchSize: 6 },
  { program: 'deep-stack', hiddenSize: 8, depth: 2, batchSize: 6, batchNorm: true },
];
const named = programs.map((settings) => ({
  name: `${settings.program}${settings.batchNorm === true ? ' with batch norm' : ''}`,
  settings,
}));

describe.each(named)('$name', ({ settings }) => {
  it('rests with the update not yet applied; the next step applies exactly −lr · gradient', () => {
    const session = newSession(settings);
    expect(session.step).toBe(0);
    for (let step = 0; step < 3; step++) {
      const before = parameterRows(session);
      session.advance();
      const after = parameterRows(session);
      for (const [index, { value, gradient }] of before.entries()) {
        const expected = value.map((data, i) => Math.fround(data + Math.fround(Math.fround(-0.1) * gradient[i]!)));
        expect(bitsOf(after[index]!.value)).toEqual(bitsOf(expected));
        expect(gradient.some((change) => change !== 0)).toBe(true);
      }
      expect(session.step).toBe(step + 1);
    }
  });

  it('has the loss and the gradients of what it holds: doing them again changes nothing', () => {
    const session = advanced(newSession(settings), 2);
    const { network } = session;
    const buffers = network.buffers.map((buffer) => [...buffer.values()]);
    const bits = everyBit(session);
    network.tape.forward();
    network.tape.backward();
    expect(everyBit(session)).toEqual(bits);
    expect(network.buffers.map((buffer) => [...buffer.values()])).toEqual(buffers);
  });

  it('gives the same bits for the same seed, whatever is asked in between, and others for another', () => {
    const plain = advanced(newSession(settings), 6);
    const asked = newSession(settings);
    for (let step = 0; step < 6; step++) {
      askEverything(asked);
      asked.advance();
    }
    expect(everyBit(asked)).toEqual(everyBit(plain));
    expect(asked.history.losses()).toEqual(plain.history.losses());
    expect(newSession({ ...settings, seed: 5 }).loss).not.toBe(newSession(settings).loss);
  });

  it('describes every node with its group, and a formula for all but the parameters', () => {
    const session = newSession(settings);
    const { nodes, parameters, parameterCount, layers, dataset } = session.describe();
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
    for (const { name, kind, formula, group } of nodes) {
      expect(group).not.toBe('');
      if (kind === 'parameter') expect(formula).toBe('');
      else expect(formula.startsWith(`${name} = `)).toBe(true);
    }
    expect(nodes.at(-1)).toMatchObject({ name: 'loss', kind: 'loss', shape: [] });
    expect(parameters.map(({ name }) => name)).toEqual(session.network.parameters.map(({ name }) => name));
    expect(parameterCount).toBe(parameterRows(session).reduce((sum, { value }) => sum + value.length, 0));
    for (const { node } of layers) expect(nodes.map(({ name }) => name)).toContain(node);
    expect(dataset).toMatchObject({ name: 'small', builtIn: false, words: 144 });
    expect(structuredClone(session.describe())).toEqual(session.describe());
  });

  it('makes a frame of the step where it stands', () => {
    const session = advanced(newSession(settings), 3);
    const frame = session.frame(123, true);
    expect(frame).toMatchObject({ step: 3, loss: session.loss, stepsPerSecond: 123, running: true });
    expect(frame.layers).toHaveLength(session.network.layers.length);
    for (const layer of frame.layers) expect([layer.rows, layer.columns]).toEqual([6, 8]);
    for (const [index, parameter] of frame.parameters.entries()) {
      const { tensor } = session.network.parameters[index]!;
      const gradient = moments(session.network.tape.gradientOf(tensor).values());
      const ratio = updateToData(session.learningRate, gradient.std, moments(tensor.values()).std);
      expect(parameter.updateToData).toBe(ratio);
    }
  });
});

/** Asks all that can be asked without stepping. */
function askEverything(session: Session): void {
  session.frame(0, false);
  session.sample(2, session.step);
  for (const { name } of session.network.nodes) session.inspect(name, 0, 0);
  session.history.lossHistory(10);
  for (const _ of session.evaluator.losses());
  if (session.check() === null) return;
  session.chooseBackward('fused', session.step % 2 === 0 ? 'loss-sign' : null);
}

describe('learning rate', () => {
  it('drops at the step it is set to drop at, and not before', () => {
    const session = newSession({ hiddenSize: 8, learningRateDropStep: 2, droppedLearningRate: 0 });
    const rates: number[] = [];
    const moved: boolean[] = [];
    for (let step = 0; step < 4; step++) {
      rates.push(session.learningRate);
      const before = parameterRows(session);
      session.advance();
      moved.push(parameterRows(session).some(({ value }, i) => String(value) !== String(before[i]!.value)));
    }
    expect(rates).toEqual([0.1, 0.1, 0, 0]);
    expect(moved).toEqual([true, true, false, false]);
  });

  it('drops at once where the drop is at step 0', () => {
    expect(newSession({ hiddenSize: 8, learningRateDropStep: 0, droppedLearningRate: 0.5 }).learningRate).toBe(0.5);
  });
});

describe('running statistics of batch norm', () => {
  it('move a tenth of the way to the batch’s at every step, the first included', () => {
    const session = newSession({ program: 'deep-stack', hiddenSize: 8, depth: 1, batchSize: 5, batchNorm: true });
    const mean = new Array<number>(8).fill(0);
    const variance = new Array<number>(8).fill(1);
    const round = Math.fround;
    for (let step = 0; step < 4; step++) {
      const x = session.network.node('layers.0.out').tensor.values();
      for (let unit = 0; unit < 8; unit++) {
        const column = Array.from({ length: 5 }, (_, example) => x[example * 8 + unit]!);
        const average = column.reduce((a, b) => a + b) / 5;
        const squares = column.reduce((sum, value) => sum + (value - average) ** 2, 0);
        mean[unit] = round(round(0.9) * mean[unit]!) + round(round(0.1) * average);
        variance[unit] = round(round(0.9) * variance[unit]!) + round(round(0.1) * (squares / 4));
      }
      const [runningMean, runningVariance] = session.network.buffers;
      for (let unit = 0; unit < 8; unit++) {
        expect(runningMean!.values()[unit]).toBeCloseTo(mean[unit]!, 5);
        expect(runningVariance!.values()[unit]).toBeCloseTo(variance[unit]!, 5);
      }
      session.advance();
    }
  });
});

describe('sampling', () => {
  it('draws the same names for the same seed, and others for another', () => {
    const session = advanced(newSession({ hiddenSize: 8 }), 20);
    const { names } = session.sample(10, 7);
    expect(names).toHaveLength(10);
    expect(session.sample(10, 7)).toMatchObject({ step: 20, seed: 7, names });
    expect(session.sample(4, 7).names).toEqual(names.slice(0, 4));
    expect(session.sample(10, 8).names).not.toEqual(names);
    const { vocabulary } = session.describe().dataset;
    for (const name of names) for (const letter of name.replace(/…$/, '')) expect(vocabulary).toContain(letter);
  });
});

it('refuses a node it does not have, naming it', () => {
  expect(() => newSession({ hiddenSize: 8 }).inspect('W9', 0, 0)).toThrow(NotFoundError);
  expect(() => newSession({ hiddenSize: 8 }).inspect('W9', 0, 0)).toThrow(/'W9'/);
});
