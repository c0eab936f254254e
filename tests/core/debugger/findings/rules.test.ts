import { describe, expect, it } from 'vitest';
import { FindingList, ThresholdError } from '../../../../core/debugger/findings/findings';
import type { Session } from '../../../../core/debugger/session';
import type { NamedDataset } from '../../../../core/debugger/session-parts';
import type { Settings } from '../../../../core/programs/settings';
import { findingRules, type RuleName, ruleNames } from '../../../../core/protocol/findings';
import { compiledSpace } from '../../engine';
import { builtInData, smallData } from '../../names-dataset';
import { newSession } from '../../sessions';

/** A run and, before the step's rules are asked, what is done to it. */
interface Run {
  readonly settings: Partial<Settings>;
  readonly steps: number;
  /** The built-in names where it is left out. */
  readonly data?: NamedDataset;
  readonly thresholds?: Partial<Record<RuleName, number>>;
  readonly tamper?: (session: Session, step: number) => void;
}

function run({ settings, steps, tamper, data = builtInData(), thresholds = {} }: Run) {
  const session = newSession(settings, data, compiledSpace('reproducible'));
  const facts = session.facts(() => session.check());
  const list = new FindingList(session, facts);
  for (const [rule, value] of Object.entries(thresholds)) list.setThreshold(rule as RuleName, value);
  const ask = () => {
    tamper?.(session, session.step);
    facts.begin();
    list.atStep();
  };
  ask();
  for (let step = 0; step < steps; step++) {
    session.advance();
    ask();
  }
  return { session, list, findings: list.describe().findings };
}

const batchNormed = { program: 'deep-stack', batchNorm: true } as const;
const plain = { program: 'deep-stack', batchNorm: false } as const;
const valuesOf = (session: Session, name: string) => session.network.node(name).tensor.values();

/** Computes the step anew from numbers that were put in, as if it had been drawn so. */
function recompute({ network }: Session): void {
  network.tape.forward();
  network.tape.backward();
}

/** For each rule a program that it is true of. */
const ill: Readonly<Record<RuleName, Run>> = {
  nonFinite: {
    settings: batchNormed,
    steps: 40,
    tamper: (session, step) => {
      if (step === 30) valuesOf(session, 'layers.3.weight')[7] = Number.POSITIVE_INFINITY;
    },
  },
  vanishingGradient: { settings: { ...plain, gain: 0.3 }, steps: 120 },
  explodingGradient: { settings: { ...plain, gain: 2, depth: 20 }, steps: 20 },
  saturatedLayer: { settings: { ...plain, gain: 3 }, steps: 120 },
  deadUnit: {
    settings: batchNormed,
    steps: 1000,
    tamper: (session, step) => {
      if (step > 0) return;
      valuesOf(session, 'layers.1.beta')[5] = 8;
      recompute(session);
    },
  },
  updateRatio: { settings: { ...batchNormed, learningRate: 0.001 }, steps: 1000 },
  // No setting makes the first logits sure enough; the lecture's hockey stick is asked for by a sharper threshold.
  initialLoss: { settings: { program: 'decomposed-mlp' }, steps: 0, thresholds: { initialLoss: 0.05 } },
  frozenStatistics: {
    settings: batchNormed,
    steps: 100,
    tamper: (session) => {
      for (const { runningMean, runningVariance } of session.network.batchNorms) {
        runningMean.values().fill(0);
        runningVariance.values().fill(1);
      }
    },
  },
  driftingStatistics: {
    settings: batchNormed,
    steps: 100,
    tamper: (session, step) => {
      if (step === 100) session.network.batchNorms[1]!.runningMean.values().fill(3);
    },
  },
  neverUpdated: { settings: { program: 'decomposed-mlp' }, steps: 120 },
  degenerateBatchNorm: { settings: { ...batchNormed, batchSize: 3 }, steps: 50 },
  rateNotDropped: {
    settings: { ...batchNormed, depth: 1, hiddenSize: 30 },
    data: smallData(),
    steps: 50_000,
  },
  lossSpike: {
    settings: batchNormed,
    steps: 160,
    tamper: (session, step) => {
      if (step === 150) valuesOf(session, 'layers.16.beta')[0] = 9;
    },
  },
};

describe('each rule has a program that fires it and nothing else', () => {
  it.each(ruleNames)('%s', { timeout: 120_000 }, (name) => {
    const { findings } = run(ill[name]);
    expect(findings.map(({ rule }) => rule)).toContain(name);
    expect([...new Set(findings.map(({ rule }) => rule))]).toEqual([name]);
    for (const { reason, measured, threshold } of findings) {
      expect(reason).toMatch(/^[A-Z0-9].*\.$/);
      expect(threshold).toBe(ill[name].thresholds?.[name] ?? findingRules[name].threshold?.value ?? null);
      expect(typeof measured).toBe('number');
    }
  });
});

describe('a healthy run', () => {
  it('of 10,000 steps of the batch-norm stack has no finding', { timeout: 120_000 }, () => {
    expect(run({ settings: batchNormed, steps: 10_000 }).findings).toEqual([]);
  });
});

describe('what a rule says', () => {
  it('names the first node that is not finite, and the update that made it so', () => {
    const [finding] = run(ill.nonFinite).findings;
    expect(finding).toMatchObject({ node: 'layers.3.weight', step: 31 });
    expect(finding!.reason).toContain('by the update of step 30');
  });

  it('names the notebook’s b1, and why nothing moves it', () => {
    const { findings } = run(ill.neverUpdated);
    expect(findings).toMatchObject([{ node: 'b1', step: 100 }]);
    expect(findings[0]!.reason).toContain('batch norm');
  });

  it('names the layers that are saturated, with the part of them', () => {
    const { findings } = run(ill.saturatedLayer);
    expect(findings.map(({ node }) => node)).toContain('layers.1.out');
    for (const { measured, threshold } of findings) expect(measured).toBeGreaterThan(threshold!);
  });

  it('names the examples of the batch that a loss spike comes from', () => {
    const { session, findings } = run(ill.lossSpike);
    const [finding] = findings;
    expect(finding!.step).toBeGreaterThan(150);
    expect(finding!.reason.match(/\S{3} → \S \([\d.]+\)/g)).toHaveLength(3);
    expect(session.history.lossAt(finding!.step)).toBeGreaterThan(session.history.lossAt(149) + 1);
  });
});

describe('findings', () => {
  it('are told once a node, where they were first seen', () => {
    const { list, findings } = run({ ...ill.saturatedLayer, steps: 400 });
    expect(findings.every(({ step }) => step === 0)).toBe(true);
    expect(list.atStep()).toBe(false);
  });

  it('follow a changed threshold at once, and refuse one that means nothing', () => {
    const { list } = run(ill.saturatedLayer);
    const count = list.describe().findings.length;
    list.setThreshold('saturatedLayer', 0.99);
    expect(list.describe()).toEqual({ findings: [], thresholds: { saturatedLayer: 0.99 } });
    expect(() => list.setThreshold('saturatedLayer', 2)).toThrow(ThresholdError);
    expect(() => list.setThreshold('nonFinite', 2)).toThrow('no threshold');
    expect(list.describe().thresholds).toEqual({ saturatedLayer: 0.99 });
    list.setThreshold('saturatedLayer', null);
    expect(list.describe().findings.length).toBe(count);
    expect(list.describe().thresholds).toEqual({});
  });
});
