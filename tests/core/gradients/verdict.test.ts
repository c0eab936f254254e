import { describe, expect, it } from 'vitest';
import { decide, type Evidence, type GradientPair } from '../../../core/gradients/verdict';
import type { Shape } from '../../../core/tensor/shape';

const pair = (manual: readonly number[], autograd: readonly number[]): GradientPair => ({ manual, autograd });
const right = pair([1, 2], [1, 2]);
const off = pair([1, 3], [1, 2]);
const nearly = pair([1, 2.0000002384185791], [1, 2]);

function verdictOf(evidence: Partial<Evidence>) {
  const shape: Shape = [2];
  const unasked = () => {
    throw new Error('This pair need not be computed.');
  };
  return decide({
    node: 'h',
    shape,
    manualShape: shape,
    single: unasked,
    double: unasked,
    corrected: unasked,
    ...evidence,
  });
}

describe('decide', () => {
  it('asks for no float64 where float32 is exact', () => {
    expect(verdictOf({ single: () => right })).toMatchObject({ verdict: 'exact', comparison: { exact: true } });
  });

  it('calls rounding what vanishes in float64', () => {
    const { verdict, reason } = verdictOf({ single: () => nearly, double: () => pair([1, 2 + 1e-12], [1, 2]) });
    expect(verdict).toBe('rounding');
    expect(reason).toMatch(/1 ulp/);
  });

  it('does not take a small error for rounding because it is small', () => {
    const evidence = { single: () => nearly, double: () => pair([1, 2 + 2e-7], [1, 2]) };
    expect(verdictOf({ ...evidence, corrected: () => off }).verdict).toBe('wrong');
    expect(verdictOf({ ...evidence, corrected: () => right }).verdict).toBe('inherited');
  });

  it('measures a gradient that is nothing but rounding by its float32 noise', () => {
    const evidence = { single: () => pair([3e-9, 0], [-2e-9, 1e-9]), double: () => pair([5e-18, 0], [-4e-18, 1e-18]) };
    expect(verdictOf(evidence).verdict).toBe('rounding');
  });

  it('can tell nothing where autograd’s own gradient is not finite, even in float64', () => {
    const lost = pair([1, Number.NaN], [Number.NaN, Number.NaN]);
    expect(verdictOf({ single: () => lost, double: () => lost })).toMatchObject({
      verdict: 'vacuous',
      reason: expect.stringMatching(/not finite/),
    });
    const byHandOnly = pair([1, Number.NaN], [1, 2]);
    expect(verdictOf({ single: () => byHandOnly, double: () => byHandOnly, corrected: () => byHandOnly }).verdict).toBe(
      'wrong',
    );
    // Where float32 alone overflowed, float64 still tells.
    expect(verdictOf({ single: () => lost, double: () => right }).verdict).toBe('rounding');
  });

  it('names what is missing, and both shapes where they differ though they would broadcast', () => {
    expect(verdictOf({ manualShape: null })).toEqual({
      verdict: 'missing',
      reason: 'No line writes dh.',
      comparison: null,
    });
    expect(verdictOf({ manualShape: [1, 2] })).toEqual({
      verdict: 'shape',
      reason: 'dh has shape (1, 2); h has (2,). The summed axis must go: no keepdim.',
      comparison: null,
    });
  });
});
