import { describe, expect, it } from 'vitest';
import { decide, type Evidence, hasWrongValue, missing, type ShapedValues } from '../../../core/gradients/verdict';
import type { Shape } from '../../../core/tensor/shape';

const of = (...values: number[]): ShapedValues => ({ shape: [values.length], values });
const shaped = (shape: Shape, values: number[]): ShapedValues => ({ shape, values });
/** Rounding can make a difference of so much, in float32 and in float64. */
const bounds = { single: 1e-6, double: 1e-15 };

function decisionOn(evidence: Partial<Evidence>) {
  const unasked = () => {
    throw new Error('This need not be computed.');
  };
  return decide({
    node: 'h',
    shape: [2],
    manual: of(1, 2),
    autograd: [1, 2],
    double: unasked,
    bounds: unasked,
    terms: () => 'right',
    readsWrong: () => false,
    ...evidence,
  });
}

/** A gradient that is [1, 2], and what somebody's code gave for it. */
const giving = (
  single: readonly number[],
  double: readonly number[],
  evidence: Partial<Evidence> = {},
): Partial<Evidence> => ({
  manual: of(...single),
  double: () => ({ manual: of(...double), autograd: [1, 2] }),
  bounds: () => bounds,
  ...evidence,
});
const nearly = 2.0000002384185791;

describe('a right value', () => {
  it('is exact where the bits are the same; no float64 is asked for', () => {
    expect(decisionOn({})).toMatchObject({ verdict: 'exact', comparison: { exact: true }, bound: null, notes: [] });
  });

  it('is rounding where float64 shows no difference and float32 no larger one than rounding makes', () => {
    const decision = decisionOn(giving([1, nearly], [1, 2 + 1e-12]));
    expect(decision).toMatchObject({ verdict: 'rounding', bound: 1e-6 });
    expect(decision.reason).toMatch(/1 ulp.*Computed in float64 the difference vanishes\.$/);
  });

  it.each(['wrong', 'unknown'] as const)('is masked where the formula is %s', (word) => {
    expect(decisionOn({ terms: () => word }).verdict).toBe('masked');
    expect(decisionOn(giving([1, nearly], [1, 2], { terms: () => word })).verdict).toBe('masked');
  });

  it('is copied where it changes with autograd’s answer, right or not', () => {
    for (const manual of [of(1, 2), of(5, 5)]) {
      expect(decisionOn({ manual, terms: () => 'copied', readsWrong: () => true }).verdict).toBe('copied');
    }
  });

  it('is measured, where it is nothing but rounding, by the magnitude of what cancels', () => {
    const noise = {
      manual: of(3e-9, 0),
      autograd: [-2e-9, 1e-9],
      double: () => ({ manual: of(5e-18, 0), autograd: [-4e-18, 1e-18] }),
      bounds: () => bounds,
    };
    expect(decisionOn(noise)).toMatchObject({
      verdict: 'rounding',
      reason: expect.stringMatching(/zero but for round/),
    });
    // Of terms that are much smaller it is no rounding.
    expect(decisionOn({ ...noise, bounds: () => ({ single: 1e-9, double: 1e-20 }) }).verdict).toBe('wrong');
  });
});

describe('a wrong value', () => {
  it('is a root cause where its formula is wrong, however small the difference', () => {
    const evidence = giving([1, nearly], [1, 2 + 2e-7], { terms: () => 'wrong' });
    expect(decisionOn(evidence).verdict).toBe('wrong');
    expect(decisionOn({ ...evidence, readsWrong: () => true }).verdict).toBe('wrong');
  });

  it('is inherited where its formula is right and it reads something that is not', () => {
    expect(decisionOn(giving([1, 3], [1, 3], { readsWrong: () => true })).verdict).toBe('inherited');
  });

  it('is wrong where nothing that it reads is, even if the formula is right at other points', () => {
    expect(decisionOn(giving([1, 3], [1, 3])).verdict).toBe('wrong');
  });

  it.each([
    ['1e30', 1e30],
    ['infinity', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
    ['more than rounding makes', 2.00001],
  ])('is no rounding where it is %s in float32 and right in float64', (_, value) => {
    const decision = decisionOn(giving([1, value], [1, 2]));
    expect(decision.verdict).toBe('wrong');
    expect(decision.reason).toMatch(/Right in float64, but not in float32.*overflows, or cancels/);
    // Below another's overflow it inherits.
    expect(decisionOn(giving([1, value], [1, 2], { readsWrong: () => true })).verdict).toBe('inherited');
  });

  it('is what there is no float64 answer to', () => {
    const evidence = { ...giving([1, 3], []), double: () => ({ manual: null, autograd: [1, 2] }) };
    expect(decisionOn({ ...evidence, terms: () => 'wrong' }).verdict).toBe('wrong');
  });
});

describe('a shape', () => {
  it('that broadcasts to the node’s is right, with a note that says what to do', () => {
    const decision = decisionOn({ shape: [1, 2] });
    expect(decision.verdict).toBe('exact');
    expect(decision.notes).toEqual([
      "dh has shape (2,), which broadcasts to h's (1, 2): let pass, as cmp and an update do. The summed axis must stay, as one: keepdim=True.",
    ]);
    expect(decisionOn({ shape: [1, 2], terms: () => 'wrong' }).verdict).toBe('masked');
  });

  it('that the node’s broadcasts to is not; the figures are those of both broadcast together', () => {
    const decision = decisionOn({ manual: shaped([1, 2], [1, 2.5]) });
    expect(decision).toMatchObject({
      verdict: 'shape',
      comparison: { exact: false, approximate: false, maxdiff: 0.5 },
      notes: [],
    });
    expect(decision.reason).toBe(
      'dh has shape (1, 2); h has (2,). The summed axis must go: no keepdim. The figures are of both broadcast together, as cmp prints them; an update would not fit.',
    );
    const enlarged = decisionOn({ manual: shaped([3, 2], [1, 2, 1, 2, 1, 2]), shape: [1, 2] });
    expect(enlarged).toMatchObject({ verdict: 'shape', comparison: { exact: true, maxdiff: 0 } });
    expect(enlarged.reason).toContain('It must be summed over axis 0 with keepdim=True.');
  });

  it('that does not broadcast with the node’s has no figures', () => {
    const decision = decisionOn({ manual: shaped([3], [1, 2, 3]), terms: () => 'wrong' });
    expect(decision).toMatchObject({ verdict: 'shape', comparison: null, bound: null });
    expect(decision.reason).toBe('dh has shape (3,); h has (2,).');
  });

  it('that comes of one upstream is inherited', () => {
    expect(decisionOn({ manual: shaped([1, 2], [1, 2]), readsWrong: () => true }).verdict).toBe('inherited');
  });
});

it('names what is missing', () => {
  expect(decisionOn({ manual: null })).toEqual(missing('No line writes dh.'));
});

it('is not to be relied on by what reads it where it is wrong, inherited, of no fitting shape or not there', () => {
  const verdicts = ['exact', 'rounding', 'masked', 'copied', 'wrong', 'inherited', 'missing', 'shape'] as const;
  const isUnreliable = verdicts.filter((verdict) => hasWrongValue({ ...missing(''), verdict }));
  expect(isUnreliable).toEqual(['wrong', 'inherited', 'missing', 'shape']);
});
