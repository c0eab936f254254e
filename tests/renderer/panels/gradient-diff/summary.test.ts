import { expect, test } from 'vitest';
import type { Verdict } from '../../../../core/protocol/answers';
import { textOf } from '../../../../core/protocol/headline';
import { summarise } from '../../../../renderer/panels/gradient-diff/summary';
import { checkWith } from '../../../core/check-rows';

const checkOf = (rows: Readonly<Record<string, Verdict>>) =>
  checkWith(Object.entries(rows).map(([node, verdict]) => ({ node, verdict })));

test.each<[Readonly<Record<string, Verdict>>, boolean, string]>([
  [{ probs: 'exact', h: 'exact' }, true, 'All 2 gradients agree, bit for bit.'],
  [{ probs: 'exact', h: 'rounding' }, true, 'All 2 gradients agree, 1 of them differs by rounding only.'],
  [{ probs: 'rounding', h: 'rounding' }, true, 'All 2 gradients agree, 2 of them differ by rounding only.'],
  [{ probs: 'exact', bnvar: 'wrong' }, false, '1 formula is wrong: dbnvar.'],
  [
    { probs: 'exact', bnvar: 'wrong', bndiff: 'inherited', C: 'inherited' },
    false,
    '1 formula is wrong: dbnvar; 2 rows below only inherit it.',
  ],
  [
    { h: 'wrong', bnvar: 'wrong', C: 'inherited' },
    false,
    '2 formulas are wrong: dh, dbnvar; 1 row below only inherits them.',
  ],
  [
    { h: 'missing', b1: 'shape', W1: 'masked' },
    false,
    '1 gradient is missing: dh; 1 gradient has another shape than the node: db1; 1 is masked: dW1 (right on this loss only).',
  ],
  [
    { probs: 'exact', logits: 'masked', C: 'copied' },
    false,
    '1 of 3 gradients are right; 1 is masked: dlogits (right on this loss only); 1 is copied from autograd: dC.',
  ],
])('%j', (rows, good, sentence) => {
  const summary = summarise(checkOf(rows));
  expect(summary.good).toBe(good);
  expect(textOf(summary.parts)).toBe(sentence);
});

test('names as nodes exactly those whose own formula needs a look', () => {
  const { parts } = summarise(checkOf({ probs: 'exact', h: 'wrong', W2: 'shape', b1: 'masked', C: 'inherited' }));
  const named = parts.flatMap((part) => (typeof part === 'string' ? [] : part.node));
  expect(named).toEqual(['h', 'W2', 'b1']);
});

test('says of a step that cannot judge why, and which can', () => {
  const unjudged = { reason: 'The run has diverged: the loss is not a number.', step: 12 };
  const summary = summarise({ ...checkOf({ h: 'exact' }), step: 100, unjudged });
  expect(summary.good).toBe(false);
  expect(textOf(summary.parts)).toBe(
    'Step 100 cannot judge any gradient. The run has diverged: the loss is not a number. Step 12 is the last that can.',
  );
});
