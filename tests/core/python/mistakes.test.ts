import { beforeAll, describe, expect, it } from 'vitest';
import type { RootCause } from '../../../core/protocol/answers';
import type { Lab } from '../../../core/python/lab';
import { advanced, newSession } from '../sessions';
import { rewritten } from './corpus/correct';
import { type WrongSolution, wrongSolutions } from './corpus/wrong';
import { maskedFormulas } from './corpus/wrong-formulas';
import { checkOf, newLab, rowOf } from './new-lab';

const session = advanced(newSession({ batchSize: 16, hiddenSize: 24 }), 3);
/** A mistake that people make is named within so many edits. */
const mostTried = 250;
let lab: Lab;
const found = new Map<string, readonly RootCause[]>();
/** How many edits were tried of each. */
const tried = new Map<string, number>();

beforeAll(async () => {
  let count = 0;
  lab = await newLab(undefined, (name) => {
    if (name === 'edits') count = 0;
    if (name === 'edited') count++;
  });
  for (const { name, code, earlier } of wrongSolutions) {
    // A lab's memory of earlier versions is part of it: nothing of one solution may help with the next.
    if (earlier !== undefined) checkOf(lab, session, earlier);
    found.set(name, checkOf(lab, session, code).rootCauses);
    tried.set(name, count);
  }
  console.table(score());
}, 300_000);

const isLineFound = ({ name, node, line }: WrongSolution) => {
  const causes = found.get(name)!;
  return causes.length === 1 && causes[0]!.node === node && causes[0]!.line === line;
};
const isNamed = ({ name, mistake }: WrongSolution) => found.get(name)![0]?.mistake === mistake;

/**
 * Mistake by mistake: how many were planted, at how many the one root cause is the planted line, how many are named, and after
 * how many edits at most.
 */
function score() {
  const kinds = [...new Set(wrongSolutions.map(({ mistake }) => mistake)), 'all'];
  return kinds.map((kind) => {
    const planted = wrongSolutions.filter(({ mistake }) => kind === 'all' || mistake === kind);
    const count = (is: (solution: WrongSolution) => boolean) => planted.filter(is).length;
    const most = Math.max(...planted.map(({ name }) => tried.get(name)!));
    return {
      mistake: kind,
      planted: planted.length,
      'line found': count(isLineFound),
      named: count(isNamed),
      'most edits tried': most,
    };
  });
}

describe('the catalogue', () => {
  it('is called on for at least 150 wrong solutions', () => {
    expect(wrongSolutions.length).toBeGreaterThanOrEqual(150);
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

it('has tried the edit that names a mistake among the first', () => {
  const late = wrongSolutions.filter(({ name }) => tried.get(name)! > mostTried).map(({ name }) => name);
  expect(late).toEqual([]);
});

it.each(maskedFormulas)('says what is wrong with a formula that the loss hides: $to', ({ node, from, to, says }) => {
  const check = checkOf(lab, session, rewritten({ [from]: to }));
  expect(check.rootCauses).toEqual([]);
  const row = rowOf(check, node);
  expect(row.verdict).toBe('masked');
  expect(row.reason).toContain(says);
});

it('says nothing that is only by chance as good as what is right', () => {
  const told = [
    rewritten({ 'dlogprobs[range(n), Yb] = -1.0/n': 'dlogprobs[range(n), Yb] = -1.0 / logprobs.numel()' }),
    rewritten({ 'dhpreact = (1.0 - h**2) * dh': 'dhpreact = h * (1 - h) * dh' }),
    rewritten({
      'dlogprobs[range(n), Yb] = -1.0/n':
        'dlogprobs[range(n), Yb] = -1.0 / n / probs[range(n), Yb]\ndlogprobs = dlogprobs / probs',
    }),
    // The gradient is zero on every batch, as is what one name for another makes of the formula.
    rewritten({
      'dlogit_maxes = (-dnorm_logits).sum(1, keepdim=True)': 'dlogit_maxes = -dnorm_logits.max(1, keepdim=True).values',
    }),
  ].map((code) => checkOf(lab, session, code).rootCauses[0]!);
  const explanations = told.map(({ explanation }) => explanation).join('\n');
  expect(explanations).not.toContain('uses logprobs where logit_maxes belongs');
  expect(explanations).not.toContain('lacks the factor `1.0 / h` in `1`');
  expect(explanations).not.toContain('it should be probs ** (-1)');
  expect(told.map(({ mistake }) => mistake)).toEqual([
    'elements-for-examples',
    'other-activation',
    'divided-twice',
    null,
  ]);
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
