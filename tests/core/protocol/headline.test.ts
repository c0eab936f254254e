import { describe, expect, it } from 'vitest';
import { verdicts } from '../../../core/protocol/answers';
import { faultsOf, headlineOf, isFault, textOf, type Wording } from '../../../core/protocol/headline';
import { checkWith, codeCheckWith } from '../check-rows';

const right = (count: number) => Array.from({ length: count }, (_, index) => ({ node: `right${index}` }));
const headline = (check: Parameters<typeof headlineOf>[0], wording?: Wording) => textOf(headlineOf(check, wording));

const masked = { node: 'logits', verdict: 'masked', line: 11, reason: 'Leaves out logit_maxes.' } as const;
const copied = { node: 'hpreact', verdict: 'copied', line: 16, reason: 'Taken from .grad.' } as const;

describe('headlineOf', () => {
  it('says that all are right only of rows that are right', () => {
    expect(headline(codeCheckWith([...right(2), { node: 'C', verdict: 'rounding' }]))).toBe(
      'All 3 gradients are right.',
    );
    expect(headline(codeCheckWith([{ node: 'logits' }]))).toBe('dlogits is right.');
    for (const verdict of verdicts.filter((word) => word !== 'exact' && word !== 'rounding')) {
      expect(headline(codeCheckWith([...right(2), { node: 'C', verdict }]))).not.toContain('All');
    }
  });

  it('counts the right ones beside masked and copied ones, with their lines', () => {
    expect(headline(codeCheckWith([...right(24), masked, copied]))).toBe(
      '24 of 26 gradients are right; 1 is masked: dlogits, line 11 (right on this loss only); 1 is copied from autograd: dhpreact, line 16.',
    );
    expect(headline(codeCheckWith([...right(1), masked, { ...masked, node: 'b1', line: 28 }]))).toBe(
      '1 of 3 gradients are right; 2 are masked: dlogits, line 11; db1, line 28 (right on this loss only).',
    );
  });

  it('leads with what is wrong, and says right behind it what only follows', () => {
    const rows = [
      ...right(3),
      { node: 'bnvar', verdict: 'wrong', line: 20 },
      { node: 'C', verdict: 'inherited' },
      masked,
    ] as const;
    expect(headline(codeCheckWith(rows))).toBe(
      '1 formula is wrong: dbnvar, line 20; 1 row below only inherits it; 1 is masked: dlogits, line 11 (right on this loss only).',
    );
  });

  it('tells what inherits from a copied gradient', () => {
    expect(headline(codeCheckWith([...right(1), copied, { node: 'C', verdict: 'inherited' }]))).toBe(
      '1 of 3 gradients are right; 1 is copied from autograd: dhpreact, line 16; 1 row below only inherits it.',
    );
  });

  it('counts a root cause that stands in what was not asked for', () => {
    const rootCauses = [{ node: 'hpreact', line: 3, mistake: null, explanation: 'line 3 gives another one' }];
    const check = codeCheckWith([{ node: 'hprebn', verdict: 'inherited' }], { rootCauses });
    expect(headline(check)).toBe('1 formula is wrong: dhpreact, line 3; 1 row below only inherits it.');
  });

  it('tells what is missing as a fault, or while it is being written not at all', () => {
    const check = codeCheckWith([...right(1), { node: 'C', verdict: 'missing' }]);
    expect(headline(check)).toBe('1 gradient is missing: dC.');
    expect(headline(check, { isInProgress: true })).toBe('1 of 2 gradients are right so far.');
    const empty = codeCheckWith([{ verdict: 'missing' }, { node: 'C', verdict: 'missing' }]);
    expect(headline(empty, { isInProgress: true })).toBe('No gradient is written yet.');
    expect(headline(empty)).toBe('2 gradients are missing: dh, dC.');
  });

  it('calls nothing right while formulas are being judged', () => {
    const judging = { isJudgedByTerms: false };
    expect(headline(codeCheckWith(right(26), judging))).toBe(
      '26 gradients agree with autograd’s; their formulas are still being judged…',
    );
    expect(headline(codeCheckWith([{ node: 'logits' }], judging))).toBe(
      'dlogits agrees with autograd’s; its formula is still being judged…',
    );
    const partly = codeCheckWith([...right(2), { node: 'C', verdict: 'missing' }], judging);
    expect(headline(partly, { isInProgress: true })).toBe(
      '2 of 3 gradients agree with autograd’s so far; their formulas are still being judged…',
    );
  });

  it('says why a step cannot judge, and which can', () => {
    const reason = 'The run has diverged: the loss is not a number.';
    expect(headline(checkWith(right(2), { step: 100, unjudged: { reason, step: 12 } }))).toBe(
      `Step 100 cannot judge any gradient. ${reason} Step 12 is the last that can.`,
    );
    expect(headline(checkWith(right(2), { step: 1, unjudged: { reason, step: null } }))).toBe(
      `Step 1 cannot judge any gradient. ${reason}`,
    );
  });

  it('names nodes apart from the words, so that they can be chosen', () => {
    const parts = headlineOf(checkWith([{ verdict: 'wrong' }, { node: 'C', verdict: 'shape' }]), {
      place: ({ node }) => `d${node}`,
    });
    expect(parts.filter((part) => typeof part !== 'string')).toEqual([
      { node: 'h', text: 'dh' },
      { node: 'C', text: 'dC' },
    ]);
  });
});

describe('faultsOf', () => {
  it('lists root causes first, then what has no cause, by its own reason', () => {
    const rootCauses = [{ node: 'bnvar', line: 17, mistake: 'count', explanation: 'line 17 divides by n' }];
    const check = codeCheckWith(
      [masked, { node: 'bnvar', verdict: 'wrong', line: 18 }, { node: 'C', verdict: 'inherited' }, copied],
      { rootCauses },
    );
    expect(faultsOf(check)).toEqual([
      { node: 'bnvar', verdict: 'wrong', line: 17, explanation: 'line 17 divides by n' },
      { node: 'logits', verdict: 'masked', line: 11, explanation: 'Leaves out logit_maxes.' },
      { node: 'hpreact', verdict: 'copied', line: 16, explanation: 'Taken from .grad.' },
    ]);
  });

  it('takes for a fault all that is neither right nor inherited', () => {
    expect(verdicts.filter(isFault)).toEqual(['masked', 'wrong', 'copied', 'missing', 'shape']);
  });
});
