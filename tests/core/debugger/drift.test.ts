import { describe, expect, it } from 'vitest';
import type { Session } from '../../../core/debugger/session';
import { ManualGradientError } from '../../../core/debugger/updates';
import type { ManualGradient } from '../../../core/python/lab-service';
import { advanced, everyBit, newSession } from '../sessions';

const settings = { hiddenSize: 8, batchSize: 6 };

/** Autograd's gradients of the present step, times `factor`, as if somebody had written them by hand. */
function gradientsOf({ network }: Session, factor = 1): Map<string, ManualGradient> {
  return new Map(
    network.parameters.map(({ name, shape, tensor }) => [
      name,
      { shape, values: Float32Array.from(network.tape.gradientOf(tensor).values(), (value) => value * factor) },
    ]),
  );
}

function trainedByHand(session: Session, steps: number, factor = 1): Session {
  for (let step = 0; step < steps; step++) {
    session.prepareUpdate(gradientsOf(session, factor));
    session.advance();
  }
  return session;
}

describe('training with gradients by hand', () => {
  it('gives the bits of autograd’s where the gradients are autograd’s, and no drift', () => {
    const byAutograd = advanced(newSession(settings), 5);
    const byHand = advanced(newSession(settings), 2);
    byHand.beginDrift();
    trainedByHand(byHand, 3);
    expect(everyBit(byHand)).toEqual(everyBit(byAutograd));
    expect(byHand.history.updatesAt(4)).toEqual(byAutograd.history.updatesAt(4));
    expect(byHand.driftHistory(10)).toEqual({
      steps: Float64Array.of(2, 3, 4, 5),
      drift: Float64Array.of(0, 0, 0, 0),
    });
  });

  it('measures the drift against a run by autograd from the step where it began', () => {
    const reference = newSession(settings);
    const byHand = newSession(settings);
    byHand.beginDrift();
    const expected = [0];
    for (let step = 0; step < 4; step++) {
      reference.advance();
      trainedByHand(byHand, 1, 0.5);
      expected.push(Math.abs(reference.loss - byHand.loss));
    }
    expect([...byHand.driftHistory(10).drift]).toEqual(expected);
    expect(expected[4]).toBeGreaterThan(0);
    const { steps, drift } = byHand.driftHistory(2);
    expect([...steps]).toEqual([0, 3]);
    expect([...drift]).toEqual([Math.max(...expected.slice(0, 3)), Math.max(...expected.slice(3))]);
  });

  it('measures no further once it has ended, and anew when it begins again', () => {
    const session = newSession(settings);
    expect(session.driftHistory(10).steps).toHaveLength(0);
    session.beginDrift();
    trainedByHand(session, 2, 0);
    session.endDrift();
    const before = session.driftHistory(10);
    expect(before.steps).toHaveLength(3);
    session.advance();
    expect(session.driftHistory(10)).toEqual(before);
    session.beginDrift();
    expect(session.driftHistory(10)).toEqual({ steps: Float64Array.of(3), drift: Float64Array.of(0) });
  });

  it('uses them for one update only', () => {
    const session = newSession(settings);
    trainedByHand(session, 1, 0);
    const still = everyBit(newSession(settings));
    expect(everyBit(session).W1).toEqual(still.W1);
    session.advance();
    expect(everyBit(session).W1).not.toEqual(still.W1);
  });

  it('refuses gradients that are missing or misshapen, naming them, and then updates by autograd', () => {
    const session = newSession(settings);
    const missing = gradientsOf(session);
    missing.delete('b1');
    expect(() => session.prepareUpdate(missing)).toThrow(ManualGradientError);
    expect(() => session.prepareUpdate(missing)).toThrow(/db1/);
    const misshapen = gradientsOf(session);
    misshapen.set('b2', { shape: [1, 27], values: new Float32Array(27) });
    expect(() => session.prepareUpdate(misshapen)).toThrow(/db2 has shape .*27.*b2/);
    session.advance();
    expect(everyBit(session)).toEqual(everyBit(advanced(newSession(settings), 1)));
  });
});

describe('what a check of one’s own code is given', () => {
  it('holds both precisions of every node but the loss', () => {
    const session = advanced(newSession(settings), 2);
    const { step, n, nodes, comparedNodes, contexts, targets, vocabularySize } = session.labInputs('');
    expect({ step, n, vocabularySize }).toEqual({
      step: 2,
      n: 6,
      vocabularySize: session.describe().dataset.vocabulary.length,
    });
    expect(contexts).toHaveLength(18);
    expect([...targets]).toEqual([...session.network.targets.values()]);
    expect(nodes.map(({ name }) => name)).toEqual(
      session.network.nodes.filter(({ kind }) => kind !== 'loss').map(({ name }) => name),
    );
    for (const node of comparedNodes) expect(nodes.map(({ name }) => name)).toContain(node);
    for (const { name, value, gradient, doubleValue, doubleGradient } of nodes) {
      const { tensor } = session.network.node(name);
      expect([...value]).toEqual([...tensor.values()]);
      expect([...gradient]).toEqual([...session.network.tape.gradientOf(tensor).values()]);
      const scale = Math.max(1, ...doubleValue.map(Math.abs));
      for (const [index, double] of doubleValue.entries()) {
        expect(Math.abs(double - value[index]!)).toBeLessThan(1e-4 * scale);
      }
      expect(doubleGradient).toHaveLength(gradient.length);
    }
    const logits = nodes.find(({ name }) => name === 'logits')!;
    expect([...logits.doubleGradient]).not.toEqual([...logits.gradient]);
    expect(structuredClone(session.labInputs(''))).toEqual(session.labInputs(''));
  });

  it('does not exist where the program has no backward by hand', () => {
    expect(() => newSession({ program: 'deep-stack', hiddenSize: 8, depth: 1 }).labInputs('')).toThrow(
      /decomposed-mlp/,
    );
  });
});
