import type { TapeEntry } from '../graph/tape';
import { roundingsOf } from '../ops/table';
import type { Tensor } from '../tensor/tensor';

/** Half a unit in the last place of 1, in float32 and float64. */
const unitRoundoff = { single: 2 ** -24, double: 2 ** -53 };

/** The largest differences that rounding can make, in float32 and in float64. */
export interface RoundingBounds {
  readonly single: number;
  readonly double: number;
}

/**
 * The largest difference that rounding can make between two computations of one gradient.
 *
 * A sum each of whose terms passes through at most k roundings is off by at most γ_k · Σ|terms|, in any order, with
 * γ_k = k·u / (1 − k·u) (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, lemma 3.1 and section 3.1).
 * Two computations may be off in opposite directions, and each may compute the forward values that it needs anew, which is
 * why it is twice the γ of twice the chain.
 * @param magnitude Σ|terms|, the largest element's.
 * @param chain k: the roundings on the longest way from the loss.
 */
export function roundingBound(magnitude: number, chain: number): RoundingBounds {
  const bound = (unit: number) => {
    const lost = 2 * chain * unit;
    return lost < 1 ? ((2 * lost) / (1 - lost)) * magnitude : Number.POSITIVE_INFINITY;
  };
  return { single: bound(unitRoundoff.single), double: bound(unitRoundoff.double) };
}

/** For each tensor, the roundings on the longest way back to it from the loss. */
export function longestChains(entries: readonly TapeEntry[], loss: Tensor): ReadonlyMap<Tensor, number> {
  const chains = new Map<Tensor, number>([[loss, 0]]);
  for (const entry of entries.toReversed()) {
    const chain = chains.get(entry.output);
    if (chain === undefined) continue;
    for (const [index, input] of entry.inputs.entries()) {
      const longer = chain + roundingsOf(entry, index);
      chains.set(input, Math.max(chains.get(input) ?? 0, longer));
    }
  }
  return chains;
}
