import { describe, expect, it } from 'vitest';
import { report } from '../../../core/debugger/report';
import type { Session } from '../../../core/debugger/session';
import { tensorsFile } from '../../../core/debugger/tensors';
import { readSafetensors } from '../../../core/formats/safetensors';
import type { Report } from '../../../core/protocol/answers';
import { loadJson, loadTensors } from '../../fixtures/load';
import { advanced, bitsOf, everyBit, newSession } from '../sessions';
import { parameterRows } from './parameter-rows';

function finish(session: Session): Report {
  const work = report(session);
  for (;;) {
    const result = work.next();
    if (result.done) return result.value;
  }
}

const deepStack = () =>
  advanced(newSession({ program: 'deep-stack', hiddenSize: 8, depth: 2, batchSize: 6, batchNorm: true, gain: 1 }), 4);

/** Every key of a value, with those of the first element of each list. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [keysOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]));
}

describe('report', () => {
  it('has the keys of PyTorch’s reports, all the way down', () => {
    const { torch: _, ...expected } = loadJson<Report & { torch: string }>('deep-plain-gain1.67.json');
    expect(keysOf(finish(deepStack()))).toEqual(keysOf(expected));
  });

  it('counts the present step as done, update included, and rests at the next', () => {
    const session = deepStack();
    const plain = advanced(deepStack(), 1);
    const lossBefore = session.loss;
    const { steps, losses, update_to_data_log10_last: ratios } = finish(session);
    expect([steps, losses.length, losses.at(-1)]).toEqual([5, 5, lossBefore]);
    expect(session.step).toBe(5);
    expect(everyBit(session)).toEqual(everyBit(plain));
    expect(ratios).toEqual(plain.history.updatesAt(4));
  });

  it('compares each update with the data that it has changed, as the notebook does', () => {
    const session = newSession({ program: 'deep-stack', hiddenSize: 8, depth: 1, batchSize: 6 });
    const before = parameterRows(session);
    session.advance();
    const deviation = (values: readonly number[]) => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    };
    const after = parameterRows(session);
    for (const [index, ratio] of session.history.updatesAt(0).entries()) {
      const expected = Math.log10((0.1 * deviation(before[index]!.gradient)) / deviation(after[index]!.value));
      expect(ratio).toBeCloseTo(expected, 6);
    }
  });

  it('leaves the session at rest at the next step where it is abandoned', () => {
    const session = deepStack();
    const work = report(session);
    work.next();
    work.return({} as Report);
    expect(everyBit(session)).toEqual(everyBit(advanced(deepStack(), 1)));
    expect(() => finish(session)).not.toThrow();
  });

  it('changes nothing where it is abandoned before it began', () => {
    const session = deepStack();
    report(session).return({} as Report);
    expect(everyBit(session)).toEqual(everyBit(deepStack()));
  });
});

describe('tensors file', () => {
  it('has the tensors of PyTorch’s files, under the same names, in the same types and shapes', () => {
    const fixture = loadTensors('decomposed-ninja-h8-b4-s100.safetensors');
    const session = advanced(newSession({ hiddenSize: 8, batchSize: 4 }), 3);
    const { tensors, metadata } = readSafetensors(tensorsFile(session));
    expect([...tensors.keys()].toSorted()).toEqual([...fixture.keys()].toSorted());
    for (const name of ['ix', 'Xb', 'Yb']) expect(tensors.get(name)!.dtype).toBe('I64');
    for (const name of ['loss', 'hprebn', 'dhprebn', 'emb', 'counts_sum']) {
      expect(tensors.get(name)!.shape, name).toEqual(fixture.get(name)!.shape);
    }
    expect(metadata.get('step')).toBe('3');
    expect(metadata.get('hiddenSize')).toBe('8');
  });

  it('holds the very bits of the session', () => {
    const session = advanced(newSession({ hiddenSize: 8, batchSize: 4 }), 3);
    const { tensors } = readSafetensors(tensorsFile(session));
    for (const { name, kind, tensor } of session.network.nodes) {
      expect(bitsOf(tensors.get(name)!.data as Float32Array), name).toEqual(bitsOf(tensor.values()));
      if (kind === 'loss') continue;
      const gradient = session.network.tape.gradientOf(tensor).values();
      expect(bitsOf(tensors.get(`d${name}`)!.data as Float32Array), name).toEqual(bitsOf(gradient));
    }
    expect([...tensors.get('losses')!.data]).toEqual(session.history.losses());
    expect([...tensors.get('ix')!.data].map(Number)).toEqual([...session.batch]);
  });

  it('is written for the deep stack too', () => {
    const { tensors } = readSafetensors(tensorsFile(deepStack()));
    expect([...tensors.keys()]).toContain('dlayers.0.weight');
  });
});
