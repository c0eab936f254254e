import { beforeAll, describe, expect, it } from 'vitest';
import type { RootCause } from '../../../core/protocol/answers';
import type { Lab } from '../../../core/python/lab';
import { advanced, newSession } from '../sessions';
import { rewritten } from './corpus/correct';
import { type WrongSolution, wrongSolutions } from './corpus/wrong';
import { checkOf, newLab } from './new-lab';

const session = advanced(newSession({ batchSize: 32, hiddenSize: 64 }), 3);
let lab: Lab;
const found = new Map<string, readonly RootCause[]>();

beforeAll(async () => {
  lab = await newLab();
  for (const { name, code, earlier } of wrongSolutions) {
    // A lab's memory of earlier versions is part of it: nothing of one solution may help with the next.
    if (earlier !== undefined) checkOf(lab, session, earlier);
    found.set(name, checkOf(lab, session, code).rootCauses);
  }
  console.table(score());
}, 120_000);

const isLineFound = ({ name, node, line }: WrongSolution) => {
  const causes = found.get(name)!;
  return causes.length === 1 && causes[0]!.node === node && causes[0]!.line === line;
};
const isNamed = ({ name, mistake }: WrongSolution) => found.get(name)![0]?.mistake === mistake;

/** Mistake by mistake: how many were planted, at how many the one root cause is the planted line, how many are named. */
function score() {
  const kinds = [...new Set(wrongSolutions.map(({ mistake }) => mistake)), 'all'];
  return kinds.map((kind) => {
    const planted = wrongSolutions.filter(({ mistake }) => kind === 'all' || mistake === kind);
    const count = (is: (solution: WrongSolution) => boolean) => planted.filter(is).length;
    return { mistake: kind, planted: planted.length, 'line found': count(isLineFound), named: count(isNamed) };
  });
}

describe('the catalogue', () => {
  it('is called on for at least 40 wrong solutions', () => {
    expect(wrongSolutions.length).toBeGreaterThanOrEqual(40);
    expect(new Set(wrongSolutions.map(({ name }) => name)).size).toBe(wrongSolutions.length);
  });

  it.each(wrongSolutions)('finds the line: $name', ({ name, node, line }) => {
    expect(found.get(name)!.map((cause) => ({ node: cause.node, line: cause.line }))).toEqual([{ node, line }]);
  });

  it.each(wrongSolutions)('names the mistake: $name', ({ name, mistake, line }) => {
    const [cause] = found.get(name)!;
    expect(cause!.mistake).toBe(mistake);
    expect(cause!.explanation).toMatch(new RegExp(`^line ${line} .*\\.$`));
  });
});

describe('a mistake that is in no catalogue', () => {
  const unheardOf = rewritten({
    'dbndiff += (2*bndiff) * dbndiff2': 'dbndiff += (2*bndiff.abs()) * dbndiff2.abs()**0.7',
  });

  it('is not called by the name of one that does not explain it, and yet its line is found', () => {
    const { rootCauses } = checkOf(lab, session, unheardOf);
    expect(rootCauses).toMatchObject([{ node: 'bndiff', line: 23, mistake: null }]);
    expect(rootCauses[0]!.explanation).toMatch(/^line 23: given right inputs, dbndiff\[\d+, \d+\] is \S+ instead of /);
  });

  it('is told by its ratio where there is one', () => {
    const code = rewritten({ 'dh = dlogits @ W2.T': 'dh = (dlogits * (h.shape[1] + 3)) @ W2.T' });
    const [cause] = checkOf(lab, session, code).rootCauses;
    expect(cause).toMatchObject({ node: 'h', line: 12 });
  });
});

it('tells the line at once where there is no time to look for the mistake', async () => {
  let time = 0;
  const hurried = await newLab(() => (time += 1000));
  const code = rewritten({ 'dbnraw = bngain * dhpreact': 'dbnraw = dhpreact.clone()' });
  const brief = hurried.check(session.labInputs(code), code, 'brief');
  expect(brief.isComplete).toBe(false);
  expect(brief.check.rootCauses).toMatchObject([{ node: 'bnraw', line: 17, mistake: null }]);
});
