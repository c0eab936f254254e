import { activationOps } from './activations';
import { arithmeticOps } from './arithmetic';
import type { None } from './attributes';
import { batchNormOps } from './batch-norm';
import { choiceOps } from './choice';
import { comparisonOps } from './comparison';
import { convolutionOps } from './convolution';
import { crossEntropyOps } from './cross-entropy';
import { diagonalOps } from './diagonal';
import { extremeOps } from './extremes';
import { functionOps } from './functions';
import { functionOfTwoOps } from './functions-of-two';
import { indexingOps } from './indexing';
import { joinOps } from './join';
import { layerNormOps } from './layer-norm';
import { linearOps } from './linear';
import { lossOps } from './losses';
import { nllOps } from './nll';
import { type Element, type Op, type Recorded, summing } from './op';
import { orderOps } from './order';
import { poolingOps } from './pooling';
import { randomOps } from './random';
import { elementsRead } from './reads';
import { reduceOps } from './reduce';
import { roundingOps } from './rounding';
import { scatterOps } from './scatter';
import { shapeOps } from './shape';
import { softmaxOps } from './softmax';
import { trigonometryOps } from './trigonometry';
import { viewOps } from './views';

const families = {
  ...arithmeticOps,
  ...functionOps,
  ...trigonometryOps,
  ...roundingOps,
  ...functionOfTwoOps,
  ...activationOps,
  ...choiceOps,
  ...comparisonOps,
  ...reduceOps,
  ...extremeOps,
  ...orderOps,
  ...softmaxOps,
  ...batchNormOps,
  ...layerNormOps,
  ...lossOps,
  ...nllOps,
  ...crossEntropyOps,
  ...randomOps,
  ...shapeOps,
  ...viewOps,
  ...joinOps,
  ...linearOps,
  ...diagonalOps,
  ...convolutionOps,
  ...poolingOps,
  ...indexingOps,
  ...scatterOps,
};

export type OpName = keyof typeof families;

/** What each op takes besides tensors. */
export type OpAttributes = {
  readonly [Name in OpName]: (typeof families)[Name] extends Op<infer Attributes> ? Attributes : never;
};

/** The ops that take nothing besides tensors. */
export type PlainOpName = { [Name in OpName]: None extends OpAttributes[Name] ? Name : never }[OpName];

/**
 * The one table: op → attributes, shape, forward, what it saves, vjp, its roundings, what it reads. A vjp computes PyTorch's formula for it
 * (derivatives.yaml, quoted beside each) with the same operations in the same order, so that a backward written by hand gives
 * the same bits.
 */
export const ops: { readonly [Name in OpName]: Op<OpAttributes[Name]> } = families;

/** A use of an op of the table. */
export interface Use<Name extends OpName = OpName> extends Recorded<OpAttributes[Name]> {
  readonly op: Name;
}

/** The roundings of one element of what the op passes back to an input. */
export function roundingsOf<Name extends OpName>(use: Use<Name>, input: number): number {
  const op: Op<OpAttributes[Name]> = ops[use.op];
  return op.roundings?.(use, input) ?? summing(use.output.elements / Math.max(1, use.inputs[input].elements));
}

/** The elements of its inputs that one element of its output is computed from. */
export function readsOf<Name extends OpName>(use: Use<Name>, index: readonly number[]): readonly Element[] {
  return elementsRead<OpAttributes[Name]>(ops[use.op], use, index);
}
