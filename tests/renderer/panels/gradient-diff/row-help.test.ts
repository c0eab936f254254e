import { describe, expect, test } from 'vitest';
import { exerciseNodes } from '../../../../core/protocol/exercises';
import { pytorchHelp, rowHelp } from '../../../../renderer/panels/gradient-diff/row-help';
import { rowWith } from '../../../core/check-rows';

describe('pytorchHelp', () => {
  test('is of the 15 rows that PyTorch’s tanh makes inexact, and of no other', () => {
    const helped = exerciseNodes[1].filter((node) => pytorchHelp(rowWith({ node })) !== null);
    // As PyTorch 1.13 on AVX2 and AVX-512 prints exact: False for the lecture's solution.
    const printedFalse = ['hpreact', 'bngain', 'bnbias', 'bnraw', 'bnvar_inv', 'bnvar', 'bndiff2', 'bndiff', 'bnmeani'];
    expect(helped).toEqual([...printedFalse, 'hprebn', 'embcat', 'W1', 'b1', 'emb', 'C']);
  });

  test('is of exact rows only', () => {
    expect(pytorchHelp(rowWith({ node: 'hpreact', exact: false, verdict: 'rounding' }))).toBeNull();
    expect(pytorchHelp(rowWith({ node: 'hpreact' }))).toMatch(/rounds 1 − h² once.*no mistake of yours.*True\.$/);
  });
});

test('a row’s help says what its verdict means, and its notes', () => {
  const row = rowWith({ node: 'b1', exact: false, verdict: 'masked', notes: ['Found as d_b1.'] });
  expect(rowHelp(row)).toBe('masked: the value is right on this loss, the formula is not\nFound as d_b1.');
});
