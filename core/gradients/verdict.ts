import type { Verdict } from '../protocol/answers';
import { broadcast, broadcastsTo, broadcastTogether } from '../tensor/broadcasting';
import { formatShape, type Shape, sameShape } from '../tensor/shape';
import { type Comparison, compare, largestMagnitude } from './compare';
import type { RoundingBounds } from './rounding';

/** A gradient by hand and autograd's, as flat numbers. */
export interface GradientPair {
  readonly manual: ArrayLike<number>;
  readonly autograd: ArrayLike<number>;
}

/** A gradient by hand: numbers and their shape. */
export interface ShapedValues {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** What judging a formula by its terms came to; `unknown` where it could not be judged so. */
export type TermsWord = 'right' | 'wrong' | 'copied' | 'unknown';

/** What decides one node's verdict. What costs time is asked for only where it is needed. */
export interface Evidence {
  readonly node: string;
  readonly shape: Shape;
  /** As the code stands, in float32; null where there is none. */
  readonly manual: ShapedValues | null;
  /** Autograd's, in float32. */
  readonly autograd: ArrayLike<number>;
  /** The same step in float64; the manual one null where there is none. */
  readonly double: () => { readonly manual: ShapedValues | null; readonly autograd: ArrayLike<number> };
  readonly bounds: () => RoundingBounds;
  /** Null where it is still to be judged. */
  readonly terms: () => TermsWord | null;
  /** Whether something that the formula reads is not right. */
  readonly readsWrong: () => boolean;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reason: string;
  /** Null where there is nothing to compare. */
  readonly comparison: Comparison | null;
  /** Null where nothing differs. */
  readonly bound: number | null;
  readonly notes: readonly string[];
}

/** A relative difference below this, in float64, is none. */
const vanishing = 1e-9;

/** Of a node that no answer is given for. */
export function missing(reason: string): Decision {
  return { verdict: 'missing', reason, comparison: null, bound: null, notes: [] };
}

/** Whether what reads a gradient of this verdict cannot be right either, however right its own formula is. */
export function hasWrongValue(decision: Decision | undefined): boolean {
  return decision === undefined || ['wrong', 'inherited', 'shape', 'missing'].includes(decision.verdict);
}

/** Decides the verdict on one node: by its value on this batch, and by its formula's terms. */
export function decide(evidence: Evidence): Decision {
  const { node, shape, manual } = evidence;
  if (manual === null) return missing(`No line writes d${node}.`);
  if (!broadcastsTo(manual.shape, shape)) return misshapen(evidence, manual);
  const notes = sameShape(manual.shape, shape) ? [] : [shapeNote(node, manual.shape, shape)];
  const comparison = compare(broadcast(manual.values, manual.shape, shape), evidence.autograd);
  if (evidence.terms() === 'copied') {
    const reason = `It is computed from autograd's answer (.grad), and changes with it: nothing is derived here.`;
    return { verdict: 'copied', reason, comparison, bound: null, notes };
  }
  if (comparison.exact)
    return { ...byTerms(evidence, 'exact', 'Bit for bit the same.'), comparison, bound: null, notes };
  const bounds = evidence.bounds();
  const bound = bounds.single;
  const double = evidence.double();
  const isRightInDouble =
    double.manual !== null &&
    broadcastsTo(double.manual.shape, shape) &&
    vanishes(
      { manual: broadcast(double.manual.values, double.manual.shape, shape), autograd: double.autograd },
      bounds,
    );
  if (isRightInDouble && comparison.maxdiff <= bound) {
    const reason = `${whyRounding(comparison, bounds, evidence.autograd, double.autograd)} Computed in float64 the difference vanishes.`;
    return { ...byTerms(evidence, 'rounding', reason), comparison, bound, notes };
  }
  return { ...notRight(evidence, comparison, bound, isRightInDouble), comparison, bound, notes };
}

/** The word on a right value: right only if the formula is. */
function byTerms(evidence: Evidence, verdict: Verdict, reason: string): Pick<Decision, 'verdict' | 'reason'> {
  const terms = evidence.terms();
  if (terms === 'wrong') return { verdict: 'masked', reason: 'The value is right, the formula is not.' };
  if (terms === 'unknown') {
    const why = 'the code goes another way, or fails, where the numbers are others';
    return { verdict: 'masked', reason: `The value is right on this batch; the formula could not be judged: ${why}.` };
  }
  return { verdict, reason };
}

function notRight(
  evidence: Evidence,
  { maxdiff }: Comparison,
  bound: number,
  isRightInDouble: boolean,
): Pick<Decision, 'verdict' | 'reason'> {
  const terms = evidence.terms();
  if (isRightInDouble && !evidence.readsWrong()) {
    const reason = `Right in float64, but not in float32: the difference is ${formatNumber(maxdiff)}, and rounding explains ${formatNumber(bound)} at most. Something in it overflows, or cancels.`;
    return { verdict: 'wrong', reason };
  }
  if (terms === 'wrong') {
    const reason = 'The formula is wrong: given right gradients, and in float64, it still gives another one.';
    return { verdict: 'wrong', reason };
  }
  if (evidence.readsWrong() || terms !== 'right') {
    const reason =
      terms === 'right'
        ? 'The formula is right: given right gradients it gives the right one.'
        : 'Not judged by itself: given right gradients the code does not come to it.';
    return { verdict: 'inherited', reason };
  }
  return { verdict: 'wrong', reason: 'The formula is right at other points, but not on this batch.' };
}

/** A shape that does not fit; the figures are those that `cmp` prints, where the two broadcast together. */
function misshapen(evidence: Evidence, manual: ShapedValues): Decision {
  const { node, shape, autograd } = evidence;
  const together = broadcastTogether(manual.shape, shape);
  const comparison =
    together === null
      ? null
      : compare(broadcast(manual.values, manual.shape, together), broadcast(autograd, shape, together));
  const printed =
    comparison === null
      ? ''
      : ' The figures are of both broadcast together, as cmp prints them; an update would not fit.';
  const told = `d${node} has shape ${formatShape(manual.shape)}; ${node} has ${formatShape(shape)}.`;
  if (evidence.terms() === 'right' && evidence.readsWrong()) {
    const reason = `${told} The formula is right: given right gradients it gives the right one, in this shape.`;
    return { verdict: 'inherited', reason, comparison, bound: null, notes: [] };
  }
  const reason = `${told}${shapeAdvice(manual.shape, shape)}${printed}`;
  return { verdict: 'shape', reason, comparison, bound: null, notes: [] };
}

function shapeNote(node: string, given: Shape, expected: Shape): string {
  return `d${node} has shape ${formatShape(given)}, which broadcasts to ${node}'s ${formatShape(expected)}: let pass, as cmp and an update do.${shapeAdvice(given, expected)}`;
}

/** Whether the two gradients of this float64 pair are the same but for rounding. */
export function vanishes({ manual, autograd }: GradientPair, { double }: RoundingBounds): boolean {
  return compare(manual, autograd).maxdiff <= Math.max(vanishing * largestMagnitude(autograd), double);
}

/** Whether a float64 gradient is zero but for rounding. */
function isZero(autograd: ArrayLike<number>, { double }: RoundingBounds): boolean {
  return largestMagnitude(autograd) <= double;
}

/** A float32 number's distance to its neighbour, relative to it. */
const unit = 2 ** -23;
/** Differences of so many units of the largest element come of adding up in another order. */
const fewUnits = 64;

/** How far apart the two are, and why that was to be expected. */
function whyRounding(
  { maxdiff, maxUlp }: Comparison,
  bounds: RoundingBounds,
  single: ArrayLike<number>,
  double: ArrayLike<number>,
): string {
  const told = `Up to ${maxUlp} ulp in float32`;
  if (isZero(double, bounds)) return `${told}: the gradient is zero but for rounding, so that only noise is compared.`;
  if (maxUlp <= fewUnits) return `${told}: the same formula in another order rounds its last bits differently.`;
  if (maxdiff <= fewUnits * unit * largestMagnitude(single)) {
    return `${told}, where terms cancel and little is left; beside the largest element it is in the last bits.`;
  }
  return `${told}: large terms cancel, and what is left keeps their rounding.`;
}

const formatNumber = (value: number) => String(Number(value.toPrecision(3)));

/** What to do about a shape that is not the node's; empty where nothing is plain. */
function shapeAdvice(given: Shape, expected: Shape): string {
  const withoutOnes = (shape: Shape) => shape.filter((size) => size !== 1);
  if (sameShape(given, withoutOnes(expected))) return ' The summed axis must stay, as one: keepdim=True.';
  if (sameShape(withoutOnes(given), expected)) return ' The summed axis must go: no keepdim.';
  const axes = summedAxes(given, expected);
  if (axes !== null) {
    const keepdim = given.length === expected.length ? ' with keepdim=True' : '';
    return ` It must be summed over ${axes.length === 1 ? 'axis' : 'axes'} ${axes.join(', ')}${keepdim}.`;
  }
  if (sameShape(given.toReversed(), expected)) return ' It is transposed.';
  const wider = summedAxes(expected, given);
  if (wider !== null) return ` It must be spread over axis ${wider.join(', ')}: multiply by torch.ones_like.`;
  return '';
}

/** The axes over which a sum makes `expected` of `given`; null where none does. */
function summedAxes(given: Shape, expected: Shape): readonly number[] | null {
  const lead = given.length - expected.length;
  if (lead < 0) return null;
  const axes = given.flatMap((size, axis) => (axis < lead || size !== expected[axis - lead] ? [axis] : []));
  const fits = axes.every((axis) => axis < lead || expected[axis - lead] === 1);
  return fits && axes.length > 0 ? axes : null;
}
