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
    const reason = `d${node} has shape ${formatShape(manualShape)}; ${node} has ${formatShape(shape)}.`;
    return { verdict: 'shape', reason, comparison: null };
  }
  const { manual, autograd } = evidence.single();
  const comparison = compare(manual, autograd);
  if (comparison.exact) return { verdict: 'exact', reason: 'Bit for bit the same.', comparison };
  const double = evidence.double();
  if (vanishes(double, autograd)) {
    const reason = `Up to ${comparison.maxUlp} ulp in float32; computed in float64 the difference vanishes.`;
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

/** Whether the two gradients of this float64 pair are the same but for rounding; `single` is autograd's in float32. */
function vanishes({ manual, autograd }: GradientPair, single: ArrayLike<number>): boolean {
  const magnitude = largestMagnitude(autograd);
  const singleMagnitude = largestMagnitude(single);
  const tolerance = magnitude <= noise * singleMagnitude ? noise * singleMagnitude : vanishing * magnitude;
  return compare(manual, autograd).maxdiff <= tolerance;
}
