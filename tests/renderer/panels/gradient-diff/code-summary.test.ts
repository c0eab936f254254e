import { describe, expect, test } from 'vitest';
import type { CodeCheck } from '../../../../core/protocol/answers';
import { nodewiseSolution } from '../../../../renderer/panels/exercises/hints';
import { summariseCode } from '../../../../renderer/panels/gradient-diff/code-summary';
import { checkOfCode } from '../../fake/code-check';

const broken = (line: string) => nodewiseSolution.replace(line, `${line}  # WRONG`);

describe('summariseCode', () => {
  test('leads with the root cause, its line, and how much only inherits', () => {
    const code = broken('dbnvar = (-0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv');
    const summary = summariseCode(checkOfCode(code));
    expect(summary).toMatchObject({
      mood: 'bad',
      headline: '1 formula is wrong: dbnvar, line 20; 9 rows below only inherit it.',
      culprits: [{ node: 'bnvar', line: 20, explanation: 'line 20 divides by n; the forward pass divided by n−1' }],
    });
  });

  test('several root causes are all named', () => {
    const check = checkOfCode('dlogprobs = WRONG\ndprobs = WRONG\ndcounts = 1');
    expect(summariseCode(check).headline).toBe(
      '2 formulas are wrong: dlogprobs, line 1; dprobs, line 2; 1 row below only inherits them.',
    );
  });

  test('a row without a root cause is told by its own reason', () => {
    const check: CodeCheck = { ...checkOfCode('dprobs = WRONG'), rootCauses: [] };
    expect(summariseCode(check).culprits).toEqual([
      { node: 'probs', line: 1, explanation: 'Given right gradients, and in float64, it still gives another one.' },
    ]);
  });

  test('what is not written yet is no fault', () => {
    expect(summariseCode(checkOfCode(''))).toMatchObject({ mood: 'neutral', headline: 'No gradient is written yet.' });
    const check = checkOfCode('dlogprobs = 1');
    const missing = { node: 'probs', line: null, mistake: null, explanation: 'No line writes dprobs.' };
    expect(summariseCode({ ...check, rootCauses: [missing] })).toEqual({
      mood: 'neutral',
      headline: '1 of 26 gradients are right so far.',
      culprits: [],
      notes: ['25 gradients are not written yet.'],
    });
  });

  test('a whole solution is good, and what cannot fail is said to be so', () => {
    expect(summariseCode(checkOfCode(nodewiseSolution))).toEqual({
      mood: 'good',
      headline: 'All 26 gradients are right.',
      culprits: [],
      notes: ['1 row cannot fail on this batch: db1.'],
    });
  });

  test('an error is told with its line; below a root cause where there is one', () => {
    const error = "Line 2: NameError: name 'ERROR' is not defined. Did you mean: 'EOFError'?";
    expect(summariseCode(checkOfCode('dlogprobs = 1\nERROR'))).toMatchObject({ mood: 'bad', headline: error });
    expect(summariseCode(checkOfCode('dlogprobs = WRONG\nERROR')).notes[0]).toBe(error);
  });
});
