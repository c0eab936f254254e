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
      culprits: [
        {
          node: 'bnvar',
          line: 20,
          verdict: 'wrong',
          explanation: 'line 20 divides by n; the forward pass divided by n−1',
        },
      ],
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
      {
        node: 'probs',
        line: 1,
        verdict: 'wrong',
        explanation: 'Given right gradients, and in float64, it still gives another one.',
      },
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

  test('a whole solution is good', () => {
    expect(summariseCode(checkOfCode(nodewiseSolution))).toEqual({
      mood: 'good',
      headline: 'All 26 gradients are right.',
      culprits: [],
      notes: [],
    });
  });

  test('masked and copied ones are not right, and tell why', () => {
    const code = nodewiseSolution
      .replace('dlogit_maxes = ', 'dlogit_maxes = MASKED + ')
      .replace('dhpreact = ', 'dhpreact = COPIED + ');
    const { mood, headline, culprits } = summariseCode(checkOfCode(code));
    expect(mood).toBe('bad');
    expect(headline).toBe(
      '24 of 26 gradients are right; 1 is masked: dlogit_maxes, line 9 (right on this loss only); 1 is copied from autograd: dhpreact, line 15.',
    );
    expect(culprits).toEqual([
      { node: 'logit_maxes', verdict: 'masked', line: 9, explanation: expect.stringContaining('zero for every loss') },
      { node: 'hpreact', verdict: 'copied', line: 15, explanation: 'Changes with the numbers in .grad.' },
    ]);
  });

  test('nothing is right while formulas are being judged', () => {
    expect(summariseCode(checkOfCode(`${nodewiseSolution}# JUDGING`))).toMatchObject({
      mood: 'neutral',
      headline: '26 gradients agree with autograd’s; their formulas are still being judged…',
    });
    const withCause = summariseCode(checkOfCode('dlogprobs = 1\ndprobs = WRONG\n# JUDGING'));
    expect(withCause.headline).toBe('1 formula is wrong: dprobs, line 2.');
    expect(withCause.notes).toContain('The other formulas are still being judged…');
  });

  test('a step that cannot judge blames nobody', () => {
    const reason = 'The run has diverged: the loss is not a number.';
    const check = { ...checkOfCode('dprobs = WRONG'), unjudged: { reason, step: 12 } };
    expect(summariseCode(check)).toEqual({
      mood: 'neutral',
      headline: `Step 0 cannot judge any gradient. ${reason} Step 12 is the last that can.`,
      culprits: [],
      notes: [],
    });
  });

  test('what was done to the code is said once, and that the search was cut', () => {
    const check: CodeCheck = {
      ...checkOfCode('dprobs = WRONG'),
      search: 'cut',
      notes: ['dhpreact is autograd’s: line 1 reads it and no line writes it.'],
    };
    expect(summariseCode(check).notes.slice(-2)).toEqual([
      'Only a part of the known mistakes was tried on what is wrong: too much of it is.',
      'dhpreact is autograd’s: line 1 reads it and no line writes it.',
    ]);
  });

  test('an error is told with its line; below a root cause where there is one', () => {
    const error = "Line 2: NameError: name 'ERROR' is not defined. Did you mean: 'EOFError'?";
    expect(summariseCode(checkOfCode('dlogprobs = 1\nERROR'))).toMatchObject({ mood: 'bad', headline: error });
    expect(summariseCode(checkOfCode('dlogprobs = 1\nERROR')).notes[0]).toBe('1 of 26 gradients are right so far.');
    expect(summariseCode(checkOfCode('dlogprobs = WRONG\nERROR')).notes[0]).toBe(error);
  });
});
