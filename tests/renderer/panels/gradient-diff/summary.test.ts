import { expect, test } from 'vitest';
import type { Check, Verdict } from '../../../../core/protocol/answers';
import { type SummaryPart, summarise } from '../../../../renderer/panels/gradient-diff/summary';

function checkOf(rows: Readonly<Record<string, Verdict>>): Check {
  return {
    backward: 'nodewise',
    mistake: null,
    statements: [],
    step: 0,
    rows: Object.entries(rows).map(([node, verdict]) => ({
      node,
      shape: [2],
      exact: verdict === 'exact',
      approximate: verdict === 'exact' || verdict === 'rounding',
      maxdiff: 0,
      maxUlp: 0,
      worstIndex: [0],
      verdict,
      reason: '',
      line: null,
    })),
  };
}

const textOf = (parts: readonly SummaryPart[]) =>
  parts.map((part) => (typeof part === 'string' ? part : `d${part.node}`)).join('');

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
    { h: 'missing', b1: 'shape', W1: 'vacuous' },
    false,
    '1 gradient is missing: dh; 1 gradient has another shape than the node: db1; 1 formula cannot be judged on this batch: dW1.',
  ],
])('%j', (rows, good, sentence) => {
  const summary = summarise(checkOf(rows));
  expect(summary.good).toBe(good);
  expect(textOf(summary.parts)).toBe(sentence);
});

test('names as nodes exactly those whose own formula needs a look', () => {
  const { parts } = summarise(checkOf({ probs: 'exact', h: 'wrong', W2: 'shape', b1: 'vacuous', C: 'inherited' }));
  expect(parts.filter((part) => typeof part !== 'string')).toEqual([{ node: 'h' }, { node: 'W2' }, { node: 'b1' }]);
});
