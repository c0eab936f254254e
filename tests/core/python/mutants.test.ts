import { beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../core/python/lab';
import { loadJson } from '../../fixtures/load';
import { builtInData } from '../names-dataset';
import { newSession } from '../sessions';
import { accused, isCalledRight, judge, type Judgement, type Mutant, tableOf } from './corpus/mutants';
import { solutions } from './corpus/solutions';
import { checkOf, newLab, nodesWith } from './new-lab';

const session = newSession({ batchSize: 32, hiddenSize: 64 }, builtInData());
const mutants = loadJson<readonly Mutant[]>('mutants/mutants.json');

let lab: Lab;
beforeAll(async () => {
  let now = 0; lab = await newLab(() => (now += 1000));
}, 60_000);

describe('right solutions, written differently', () => {
  it.each(solutions)('$name is right in every row', ({ code }) => {
    const check = checkOf(lab, session, code);
    expect(check.error).toBeNull();
    expect(nodesWith(check, 'wrong', 'masked', 'copied', 'inherited', 'missing', 'shape')).toEqual([]);
  });
});
describe('mutants', () => {
  it('x', () => {
    const t = performance.now();
    const js = judge(lab, session, mutants);
    console.log(performance.now() - t);
    console.table(tableOf(js));
    for (const j of js) if (!j.mutant.equivalent && isCalledRight(j)) console.log('MISS', JSON.stringify(j.mutant));
    for (const j of js) if (j.mutant.equivalent && !isCalledRight(j)) console.log('ALARM', JSON.stringify(j.mutant), j.error, JSON.stringify(j.rows.filter(r=>!['exact','rounding'].includes(r.verdict)).map(r=>[r.node,r.verdict])));
  }, 600_000);
});
