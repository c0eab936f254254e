import { largestMagnitude } from '../gradients/compare';
import type { Point } from '../gradients/point';
import type { LabInputs } from './lab-inputs';
import { nodeOf } from './trial';

/** A gradient this much smaller than the largest of all is zero but for rounding, in float64. */
const zero = 1e-12;

export interface Masked {
  readonly node: string;
  /** Nodes whose gradients its formula reads. */
  readonly reads: ReadonlySet<string>;
  /** What is wrong with the formula, as a sentence that begins with "line"; null where that is not known. */
  readonly lacks: string | null;
  /** Whether it gives the right value on another batch with other parameters, too, where everything that it reads is right. */
  readonly isRightElsewhere: boolean;
}

/**
 * Why a wrong formula gives the right value: what it lacks, and what hides that.
 * @param point another point than the step.
 */
export function maskedReason(masked: Masked, inputs: LabInputs, point: Point): string {
  const { lacks } = masked;
  const told =
    lacks === null
      ? 'With other gradients in place of those that it reads, it does not give the derivative'
      : `${lacks.charAt(0).toUpperCase()}${lacks.slice(1).replace(/\.$/, '')}`;
  return `The value is right, the formula is not. ${told}; ${whatHides(masked, inputs, point)}.`;
}

function whatHides({ node, reads, isRightElsewhere }: Masked, inputs: LabInputs, point: Point): string {
  const near = [...reads, ...consumersOf(node, inputs)];
  if (!isRightElsewhere) {
    const zero = [node, ...near].find((name) => isZeroHere(name, inputs) && !isZeroAt(name, inputs, point));
    if (zero !== undefined) return `d${zero} is zero on this batch, which hides it: on another it would be wrong`;
    const ones = inputs.nodes.find(({ doubleValue }) => doubleValue.every((value) => value === 1));
    if (ones !== undefined) {
      return `${ones.name} is one everywhere at this step, which hides it: take a step, or begin with other gains (initialisation ninja)`;
    }
    if (inputs.n === 2) return 'with 2 examples n − 1 is one, which hides it: use a batch of 3 or more';
    return 'this batch hides it: on another it would be wrong';
  }
  if (isZeroAt(node, inputs, point)) {
    return `d${node} is zero on every batch, since what follows takes ${node} away again: with another network this would be wrong`;
  }
  const always = near.find((name) => isZeroHere(name, inputs) && isZeroAt(name, inputs, point));
  if (always !== undefined) {
    return `d${always} is zero for every loss that goes through ${passedThrough(always)}: with another loss this would be wrong`;
  }
  return 'the zeros in what it reads hide it on every batch with this loss: with another loss this would be wrong';
}

function isZeroHere(name: string, inputs: LabInputs): boolean {
  if (!inputs.comparedNodes.includes(name)) return false;
  const largest = Math.max(...inputs.nodes.map(({ doubleGradient }) => largestMagnitude(doubleGradient)));
  return largestMagnitude(nodeOf(inputs, name).doubleGradient) <= zero * largest;
}

function isZeroAt(name: string, inputs: LabInputs, point: Point): boolean {
  const largest = Math.max(...inputs.comparedNodes.map((other) => largestMagnitude(point.gradient(other))));
  return largestMagnitude(point.gradient(name)) <= zero * largest;
}

/** The nodes whose forward line reads this one. */
function consumersOf(node: string, { nodes }: LabInputs): readonly string[] {
  const reads = new RegExp(`\\b${node}\\b`);
  return nodes.filter(({ formula }) => reads.test(formula.slice(formula.indexOf('=') + 1))).map(({ name }) => name);
}

/** What a loss goes through for which a node's gradient is always zero. */
function passedThrough(node: string): string {
  return node.includes('max') ? 'softmax' : `what follows ${node}`;
}
