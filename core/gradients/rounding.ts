import type { TapeEntry } from '../graph/tape';
import { timesSelected } from '../ops/selected';
import { isUseOf } from '../ops/table';
import { elementCount } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** Half a unit in the last place of 1, in float32 and float64. */
const unitRoundoff = { single: 2 ** -24, double: 2 ** -53 };

/** Roundings of one element of a vjp that sums nothing: the longest formulas of the table of ops have four operations. */
const elementwiseRoundings = 4;

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

/** Roundings of one element of what an op passes back to an input: its own, and those of what is summed into it. */
function roundingsOf(entry: TapeEntry, index: number): number {
  const { op, inputs, output, saved, attributes } = entry;
  const input = inputs[index];
  if (isUseOf('index', entry)) return elementwiseRoundings + timesSelected(entry);
  switch (op) {
    case 'matmul':
    case 'linear': {
      // Each product of two numbers is passed back once to either; the bias gets one a row.
      const products = output.elements * (index === 2 ? 1 : inputs[0].shape[inputs[0].shape.length - 1]);
      return products / Math.max(1, input.elements);
    }
    case 'conv1d':
    case 'conv2d': {
      const [, { shape, elements }] = inputs;
      return index === 0 ? elements / Math.max(1, shape[1]) : output.elements / shape[0];
    }
    case 'maxPool1d':
    case 'maxPool2d':
    case 'avgPool1d':
    case 'avgPool2d':
      return elementwiseRoundings + ('kernelSize' in attributes ? elementCount(attributes.kernelSize) : 0);
    case 'embedding':
    case 'gather':
      return elementwiseRoundings + inputs[1].elements;
    case 'softmax':
    case 'logSoftmax':
    case 'crossEntropy':
    case 'batchNormUnbiased':
      return elementwiseRoundings + Math.max(...inputs[0].shape);
    case 'layerNorm':
    case 'groupNorm':
    case 'batchNormTraining': {
      // Of the input all that is normalised together is summed; saved[1] has a number for each such row.
      const sums = index === 0 ? saved[1] : input;
      return elementwiseRoundings + Math.max(1, output.elements / Math.max(1, sums.elements));
    }
    default:
      return elementwiseRoundings + Math.max(1, output.elements / Math.max(1, input.elements));
  }
}
