import { beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../core/python/lab';
import { loadJson } from '../../fixtures/load';
import { builtInData } from '../names-dataset';
import { newSession } from '../sessions';
import { accused, isCalledRight, type Judgement, judge, type Mutant, tableOf } from './corpus/mutants';
import { solutions } from './corpus/solutions';
import { checkOf, newLab, nodesWith } from './new-lab';

const mutants = loadJson<readonly Mutant[]>('mutants/mutants.json');
/** `npm run bench -- --only lab` judges them all, at the notebook's sizes. */
const sample = mutants.filter((_, index) => index % 8 === 0);
const session = newSession({ batchSize: 12, hiddenSize: 16 }, builtInData());

let lab: Lab;
beforeAll(async () => {
  lab = await newLab();
}, 60_000);

describe('right solutions, no two written alike', () => {
  it.each(solutions)('$name: no row is called anything but right', ({ code }) => {
    const check = checkOf(lab, session, code);
    expect(check.error).toBeNull();
    expect(nodesWith(check, 'exact', 'rounding')).toHaveLength(26);
  });
});

describe('the fixture of mutants', () => {
  it('holds more than 500 that are wrong by their terms, of every kind and from every solution, none twice', () => {
    const wrong = mutants.filter(({ equivalent }) => !equivalent);
    expect(wrong.length).toBeGreaterThan(500);
    expect(new Set(wrong.map(({ kind }) => kind))).toEqual(
      new Set(['operator', 'factor', 'axis', 'sum', 'sign', 'index', 'name', 'transpose', 'branch', 'constant']),
    );
    expect(new Set(wrong.map(({ solution }) => solution))).toEqual(new Set(solutions.map(({ name }) => name)));
    const places = mutants.map(({ solution, line, text }) => `${solution}:${line}: ${text}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('one in eight of the mutants', () => {
  let judgements: readonly Judgement[];
  beforeAll(async () => {
    judgements = await judge((inputs, code) => lab.check(inputs, code, 'brief').check, session, sample);
    console.table(tableOf(judgements));
  }, 300_000);

  it('at least 98 % of those that are wrong by their terms are not called right', () => {
    const planted = judgements.filter(({ mutant }) => !mutant.equivalent);
    const passed = planted.filter(isCalledRight).map(({ mutant }) => mutant);
    expect(passed.length / planted.length, JSON.stringify(passed, null, 1)).toBeLessThanOrEqual(0.02);
  });

  it('those that change nothing are called neither wrong nor masked nor copied', () => {
    const alarms = judgements
      .filter((judgement) => judgement.mutant.equivalent && accused(judgement).length > 0)
      .map((judgement) => ({ ...judgement.mutant, accused: accused(judgement).map(({ node }) => node) }));
    expect(alarms).toEqual([]);
  });
});
