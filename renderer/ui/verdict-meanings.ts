import type { Verdict } from '../../core/protocol/answers';

/** What each verdict says of a gradient, in a few words. */
export const verdictMeanings: Readonly<Record<Verdict, string>> = {
  exact: 'bit for bit autograd’s, and the formula is right',
  rounding: 'differs only as float32 rounds; the formula is right',
  masked: 'the value is right on this loss, the formula is not',
  wrong: 'neither the value nor the formula is right',
  inherited: 'the formula is right; something it is computed from is not',
  copied: 'computed from autograd’s answer, not derived',
  missing: 'no line writes it',
  shape: 'has not the node’s shape',
};
