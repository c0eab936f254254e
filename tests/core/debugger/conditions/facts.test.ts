import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../../core/debugger/conditions/compile';
import type { Session } from '../../../../core/debugger/session';
import { moments } from '../../../../core/kernels/reference/moments';
import { numbersOf, spaces } from '../../engine';
import { smallData } from '../../names-dataset';
import { advanced, newSession } from '../../sessions';

const factsOf = (session: Session) => session.facts(() => session.check());

describe.each(spaces)('what a condition asks of a step, $build kernels', ({ space }) => {
  it('is what the tensors hold, at this step and the next', () => {
    const session = newSession({ program: 'deep-stack', hiddenSize: 7, depth: 2 }, smallData(), space());
    const facts = factsOf(session);
    for (let step = 0; step < 3; step++, session.advance()) {
      facts.begin();
      expect(facts).toMatchObject({ step, loss: session.loss, learningRate: session.learningRate });
      for (const { name } of session.network.nodes.filter(({ tensor }) => tensor.elements > 1)) {
        for (const [got, all] of [
          [facts.value(name), moments(numbersOf(session.network, name))],
          [facts.gradient(name), moments(numbersOf(session.network, `d${name}`))],
        ] as const) {
          expect(got.mean).toBeCloseTo(all.mean, 6);
          expect(got.std).toBeCloseTo(all.std, 6);
          expect([got.minimum, got.maximum]).toEqual([all.minimum, all.maximum]);
        }
      }
      const frame = session.frame(0, false);
      for (const [index, { node }] of session.network.layers.entries()) {
        const { saturated, dead } = frame.layers[index]!;
        expect(facts.saturation(node)).toEqual({ saturated, dead });
      }
      for (const [index, { name }] of session.network.parameters.entries()) {
        const names = { nodes: [], parameters: [name], layers: [] };
        const ratio = frame.parameters[index]!.updateToData;
        const condition = Number.isFinite(ratio)
          ? `abs(updateRatio("${name}") - ${ratio}) < 0.001`
          : `updateRatio("${name}") > 1e300`;
        expect(compileCondition(condition, names)(facts)).toBe(true);
      }
    }
  });
});

describe('a step that is not a number', () => {
  const nanAfter = (node: string, tamper: (session: Session, values: { [index: number]: number }) => void) => {
    const session = advanced(newSession({ hiddenSize: 4, batchSize: 4 }), 1);
    const facts = factsOf(session);
    expect(facts.isNaN(null)).toBe(false);
    tamper(session, session.network.node(node).tensor.values());
    facts.begin();
    return { session, facts };
  };

  it('is seen in a node, a value or a gradient alike', () => {
    const { facts, session } = nanAfter('b1', (_, values) => {
      values[2] = Number.NaN;
    });
    expect(facts.isNaN('b1')).toBe(true);
    expect(facts.isNaN('W2')).toBe(false);
    session.network.tape.gradientOf(session.network.node('W2').tensor).values()[0] = Number.NaN;
    facts.begin();
    expect(facts.isNaN('W2')).toBe(true);
  });

  it.each(['W1', 'b2', 'bngain'])('is seen anywhere once a step has been made with it: %s', (node) => {
    const { facts, session } = nanAfter(node, (_, values) => {
      values[0] = Number.NaN;
    });
    session.advance();
    facts.begin();
    expect(facts.isNaN(null)).toBe(true);
  });

  it('is seen in a row of the embedding that no batch has read', () => {
    const session = newSession({ hiddenSize: 4, batchSize: 2 });
    const facts = factsOf(session);
    const unread = session.network.node('C').tensor.values().length - 1;
    session.network.tape.gradientOf(session.network.node('C').tensor).values()[unread] = Number.NaN;
    session.advance();
    facts.begin();
    expect(facts.isNaN(null)).toBe(true);
  });
});

describe('a verdict', () => {
  it('is the check’s, asked for once a step and not within one', () => {
    const session = newSession();
    session.chooseBackward('nodewise', 'variance-over-n');
    let checks = 0;
    const facts = session.facts(() => {
      checks++;
      return session.check();
    });
    const wrong = session.check()!.rows.find(({ verdict }) => verdict === 'wrong')!.node;
    facts.begin();
    expect(facts.verdict(wrong)).toBe('wrong');
    expect(facts.verdict('logprobs')).toBe('exact');
    expect(facts.verdict('nothing')).toBeNull();
    expect(checks).toBe(1);
    session.stepOp();
    facts.begin();
    expect(facts.verdict(wrong)).toBeNull();
    expect(checks).toBe(1);
  });
});
