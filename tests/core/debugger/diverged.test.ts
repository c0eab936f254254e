import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../core/debugger/conditions/compile';
import { DivergedError, divergenceAt } from '../../../core/debugger/divergence';
import { FindingList } from '../../../core/debugger/findings/findings';
import { History } from '../../../core/debugger/history';
import { report } from '../../../core/debugger/report';
import type { Session } from '../../../core/debugger/session';
import { tensorsFile } from '../../../core/debugger/tensors';
import { readSafetensors } from '../../../core/formats/safetensors';
import { packFrame, unpackFrame } from '../../../core/protocol/frame';
import { compiledSpace, spaces } from '../engine';
import { builtInData, smallData } from '../names-dataset';
import { advanced, newSession } from '../sessions';

/** Makes every number of the embedding this one. */
function fillC({ network }: Session, value: number): void {
  network.node('C').tensor.values().fill(value);
}

function finish<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const result = work.next();
    if (result.done) return result.value;
  }
}

const withNaN = () => advanced(newSession({ learningRate: 10 }, builtInData(), compiledSpace('reproducible')), 100);
const deepWithNaN = (space = compiledSpace('reproducible')) =>
  advanced(
    newSession(
      { program: 'deep-stack', learningRate: 1e30, hiddenSize: 8, batchSize: 16, depth: 3 },
      smallData(),
      space,
    ),
    20,
  );
/** The loss is over a million, and no gradient comes below the last layer. */
const deepAndHuge = () =>
  advanced(
    newSession({ program: 'deep-stack', learningRate: 1e6, hiddenSize: 8, batchSize: 16, depth: 3 }, smallData()),
    100,
  );

const sessions = [
  { name: 'decomposed-mlp', session: withNaN() },
  { name: 'deep-stack', session: deepWithNaN() },
] as const;

describe.each(sessions)('a session of $name that has diverged', ({ session }) => {
  it('draws no names, and says why, since when and where to go', () => {
    const { reason, advice } = session.divergence!;
    const [, since] = reason.match(/^The run has diverged: the loss has not been a finite number since step (\d+)\.$/)!;
    expect(session.history.lossAt(Number(since))).not.toSatisfy(Number.isFinite);
    expect(session.history.lossAt(Number(since) - 1)).toSatisfy(Number.isFinite);
    expect(advice).toBe(`Go to step ${Number(since) - 1} or restart with a smaller learning rate.`);
    expect(() => session.sample(5, 1)).toThrow(new DivergedError(`${reason} ${advice}`));
    const earlier = newSession(session.settings, session.data, compiledSpace('reproducible'));
    advanced(earlier, Number(since) - 1);
    expect(earlier.divergence).toBeNull();
    expect(earlier.sample(2, 1).names).toHaveLength(2);
  });

  it('has frames whose figures are not numbers, and none of them is 0', () => {
    const frame = unpackFrame(packFrame(session.frame(0, false)));
    expect(frame.loss).toBeNaN();
    for (const { output, saturated, dead } of frame.layers) {
      expect([output.mean, output.std, output.minimum, output.maximum, saturated, dead]).toEqual(
        Array(6).fill(Number.NaN),
      );
    }
    for (const { dataStd, gradient, updateToData } of frame.parameters) {
      expect([dataStd, gradient.mean, gradient.minimum, updateToData]).toEqual(Array(4).fill(Number.NaN));
    }
  });

  it('is evaluated and reported as not a number, without samples', () => {
    const result = finish(report(session));
    expect(result).toMatchObject({ train_loss: Number.NaN, val_loss: Number.NaN, samples: [] });
    expect(result.losses[0]).toBeGreaterThan(0);
    expect(result.losses.at(-1)).toBeNaN();
    for (const { saturated_percent, mean, histogram } of result.tanh) {
      expect([saturated_percent, mean, histogram.density[0], histogram.edges[0]]).toEqual(Array(4).fill(Number.NaN));
    }
    expect(finish(session.evaluator.losses())).toEqual({ train: Number.NaN, dev: Number.NaN });
  });

  it('answers every other question, with NaN where there is no number', () => {
    const { network } = session;
    const { loss, layers } = session.whatIf({ gain: 1, initScale: 0.5, learningRate: 0.1 });
    expect(loss).toEqual({ live: Number.NaN, alternative: Number.NaN });
    for (const { saturated } of layers) expect(saturated).toEqual({ live: Number.NaN, alternative: Number.NaN });
    for (const { node, distance } of session.batchNorms()) expect(distance, node).toBeNaN();
    expect(session.flow().tensors.find(({ name }) => name === 'loss')?.value.mean).toBeNaN();
    for (const op of network.tape.entries.keys()) expect(session.opDetail(op).op).toBe(op);
    for (const { name, shape } of network.nodes) {
      const { value } = session.inspect(name, 0, 0);
      expect(value.moments.mean, name).toBeNaN();
      expect(
        session.blame(
          name,
          shape.map(() => 0),
        ).node,
      ).toBe(name);
    }
    expect(session.history.lossHistory(10).log10.at(-1)).toBeNaN();
    expect(session.history.updateHistory(10).ratios[0]!.at(-1)).toBeNaN();
    expect(readSafetensors(tensorsFile(session)).tensors.get('loss')!.data[0]).toBeNaN();
    expect(session.describe().settings.learningRate).toBe(session.settings.learningRate);
  });

  it('finds what is not finite, and says of nothing that it is saturated, vanished or exploded', () => {
    const facts = session.facts(() => session.check());
    const findings = new FindingList(session, facts);
    while (session.step % 100 !== 0) session.advance();
    facts.begin();
    findings.atStep();
    expect(findings.describe().findings.map(({ rule }) => rule)).toEqual(['nonFinite']);
  });

  it('holds no condition that compares with what is not a number', () => {
    const { network } = session;
    const names = {
      nodes: network.nodes.map(({ name }) => name),
      parameters: network.parameters.map(({ name }) => name),
      layers: network.layers,
    };
    const [layer] = network.layers;
    const facts = session.facts(() => session.check());
    const holds = (source: string) => {
      facts.begin();
      return compileCondition(source, names)(facts);
    };
    for (const source of [
      `saturated("${layer!.node}") <= 1`,
      `dead("${layer!.node}") >= 0`,
      'loss > 0',
      'updateRatio("C") < 100',
      'verdict("C") == exact',
      'verdict("C") == rounding',
    ])
      expect(holds(source), source).toBe(false);
    expect(holds('isNaN(any)')).toBe(true);
  });

  it('is stepped op by op, and says within the step as well that it has diverged', () => {
    session.stepOp();
    expect(session.divergence?.reason).toMatch(/since step \d+\.$/);
    expect(() => session.sample(1, 1)).toThrow(DivergedError);
    expect(() => session.unjudged()).toThrow('F10');
    session.finishStep();
    expect(session.divergence?.reason).toMatch(/since step \d+\.$/);
  });

  it('is saved and opened again as it is', () => {
    const copy = newSession(session.settings, session.data, compiledSpace('reproducible'));
    finish(copy.restoreBranches(session.saveBranches(Number.POSITIVE_INFINITY, null), session.step).travel);
    expect(copy.loss).toBeNaN();
    expect(copy.divergence).toEqual(session.divergence);
    expect(copy.unjudged()).toEqual(session.unjudged());
  });
});

describe.each(spaces)('statistics of what is not a number, $build kernels', ({ space }) => {
  it('are not numbers, saturation included', () => {
    const settings = { program: 'deep-stack', hiddenSize: 8, batchSize: 16, depth: 3 } as const;
    const session = newSession(settings, smallData(), space());
    fillC(session, Number.NaN);
    session.advance();
    for (const { output, gradient, saturated, outputDensity } of session.frame(0, false).layers) {
      expect([output.minimum, output.maximum, gradient.std, saturated]).toEqual(Array(4).fill(Number.NaN));
      expect(outputDensity.every((density) => density === 0)).toBe(true);
    }
  });
});

describe('a run whose loss is huge but a number', () => {
  it('is no diverged one: it is sampled, evaluated and reported', () => {
    const session = deepAndHuge();
    expect(session.loss).toBeGreaterThan(1e5);
    expect(session.divergence).toBeNull();
    expect(session.sample(3, 1).names).toHaveLength(3);
    const { tanh, train_loss, samples } = finish(report(session));
    expect(train_loss).toBeGreaterThan(1e5);
    expect(samples).toHaveLength(20);
    for (const { saturated_percent } of tanh) expect(saturated_percent).toBeGreaterThan(90);
  });

  it('has gradients that vanish, and none that explode, where none comes down', () => {
    const session = deepAndHuge();
    const facts = session.facts(() => null);
    const findings = new FindingList(session, facts);
    facts.begin();
    findings.atStep();
    const rules = findings.describe().findings.map(({ rule }) => rule);
    expect(rules).toContain('vanishingGradient');
    expect(rules).not.toContain('explodingGradient');
  });
});

describe('a run that begins without numbers', () => {
  it('says so of step 0, and sends nobody back', () => {
    const history = new History(1);
    history.append(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY), new Float32Array(1));
    expect(divergenceAt(history, 1)).toEqual({
      reason: 'The run has diverged: the loss has not been a finite number since step 0.',
      advice: 'Restart with other settings.',
    });
  });

  it('counts from the last finite loss on, and says nothing of a step that has one', () => {
    const history = new History(1);
    history.append(Float32Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY, Number.NaN, 3), new Float32Array(5));
    const since = [0, 1, 2, 3, 4, 5].map((step) => divergenceAt(history, step)?.reason.match(/\d+/)?.[0] ?? null);
    expect(since).toEqual([null, '1', null, '3', '3', null]);
  });

  it('is told by its probabilities where the loss is still one of the step before', () => {
    const session = newSession({ program: 'deep-stack', hiddenSize: 8, batchSize: 4, depth: 1 });
    fillC(session, Number.NaN);
    expect(() => session.sample(1, 1)).toThrow(
      'The run has diverged: at step 0 the network’s probabilities are not numbers. Go to an earlier step or restart with a smaller learning rate.',
    );
  });
});
