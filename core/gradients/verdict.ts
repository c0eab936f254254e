import type { Verdict } from '../protocol/answers';
import { formatShape, type Shape, sameShape } from '../tensor/shape';
import { type Comparison, compare, largestMagnitude } from './compare';

/** A gradient by hand and autograd's, as flat numbers. */
export interface GradientPair {
  readonly manual: ArrayLike<number>;
  readonly autograd: ArrayLike<number>;
}

/** What decides one node's verdict. The float64 pairs are asked for only where float32 differs. */
export interface Evidence {
  readonly node: string;
  readonly shape: Shape;
  /** Shape of the manual gradient; null where there is none. */
  readonly manualShape: Shape | null;
  /** The pair in float32. */
  readonly single: () => GradientPair;
  /** The pair of the same step in float64. */
  readonly double: () => GradientPair;
  /** The same with every gradient it is computed from replaced by autograd's. */
  readonly corrected: () => GradientPair;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reason: string;
  /** Null where there is nothing to compare. */
  readonly comparison: Comparison | null;
}

/** A relative difference below this, in float64, is none. */
const vanishing = 1e-9;
/**
 * A gradient that shrinks by more than this from float32 to float64 is itself rounding about zero (b1 before batch norm,
 * logit_maxes): no relative error of it is small, so that the float32 noise is the measure. Float64's unit is 1.9e-9 of
 * float32's.
 */
const noise = 1e-6;

/** Decides the verdict on one node, as DESIGN defines the words. */
export function decide(evidence: Evidence): Decision {
  const { node, shape, manualShape } = evidence;
  if (manualShape === null) {
    return { verdict: 'missing', reason: `No line writes d${node}.`, comparison: null };
  }
  if (!sameShape(manualShape, shape)) {
    const advice = shapeAdvice(manualShape, shape);
    const reason = `d${node} has shape ${formatShape(manualShape)}; ${node} has ${formatShape(shape)}.${advice}`;
    return { verdict: 'shape', reason, comparison: null };
  }
  const { manual, autograd } = evidence.single();
  const comparison = compare(manual, autograd);
  if (comparison.exact) return { verdict: 'exact', reason: 'Bit for bit the same.', comparison };
  const double = evidence.double();
  if (vanishes(double, autograd)) {
    const reason = `${whyRounding(comparison, autograd, double.autograd)} Computed in float64 the difference vanishes.`;
    return { verdict: 'rounding', reason, comparison };
  }
  if (!Number.isFinite(largestMagnitude(double.autograd))) {
    const reason = "Autograd's gradient is not finite: the run has diverged. Restart with a smaller learning rate.";
    return { verdict: 'vacuous', reason, comparison };
  }
  if (vanishes(evidence.corrected(), autograd)) {
    const reason = 'The formula is right: given right gradients it gives the right one.';
    return { verdict: 'inherited', reason, comparison };
  }
  const reason = 'The formula is wrong: given right gradients, and in float64, it still gives another one.';
  return { verdict: 'wrong', reason, comparison };
}

/**
 * Whether the two gradients of this float64 pair are the same but for rounding; `single` is autograd's in float32, by
 * which a gradient that is itself rounding is measured.
 */
export function vanishes({ manual, autograd }: GradientPair, single: ArrayLike<number>): boolean {
  const tolerance = isRounding(autograd, single)
    ? noise * largestMagnitude(single)
    : vanishing * largestMagnitude(autograd);
  return compare(manual, autograd).maxdiff <= tolerance;
}

/** Whether a gradient is zero but for rounding: in float64 nothing is left of what it is in float32. */
export function isRounding(double: ArrayLike<number>, single: ArrayLike<number>): boolean {
  return largestMagnitude(double) <= noise * largestMagnitude(single);
}

/** A float32 number's distance to its neighbour, relative to it. */
const unit = 2 ** -23;
/** Differences of so many units of the largest element come of adding up in another order. */
const fewUnits = 64;

/** How far apart the two are, and why that was to be expected. */
function whyRounding({ maxdiff, maxUlp }: Comparison, single: ArrayLike<number>, double: ArrayLike<number>): string {
  const told = `Up to ${maxUlp} ulp in float32`;
  if (isRounding(double, single))
    return `${told}: the gradient is zero but for rounding, so that only noise is compared.`;
  if (maxUlp <= fewUnits) return `${told}: the same formula in another order rounds its last bits differently.`;
  if (maxdiff <= fewUnits * unit * largestMagnitude(single)) {
    return `${told}, where terms cancel and little is left; beside the largest element it is in the last bits.`;
  }
  return `${told}: large terms cancel, and what is left keeps their rounding.`;
}

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
