import { arithmeticOps } from './arithmetic';
import { functionOps } from './functions';
import { indexingOps } from './indexing';
import { linearOps } from './linear';
import { normaliseOps } from './normalise';
import type { Element, Op, Recorded } from './op';
import { elementsRead } from './reads';
import { reduceOps } from './reduce';
import { shapeOps } from './shape';

const families = {
  ...arithmeticOps,
  ...functionOps,
  ...reduceOps,
  ...normaliseOps,
  ...shapeOps,
  ...linearOps,
  ...indexingOps,
};

export type OpName = keyof typeof families;

/** What each op takes besides tensors. */
export type OpAttributes = {
  readonly [Name in OpName]: (typeof families)[Name] extends Op<infer Attributes> ? Attributes : never;
};

/**
 * The one table: op → shape, forward, what it saves, vjp, what it reads. A vjp computes PyTorch's formula for it
 * (derivatives.yaml, quoted beside each) with the same operations in the same order, so that a backward written by hand gives
 * the same bits.
 */
export const ops: { readonly [Name in OpName]: Op<OpAttributes[Name]> } = families;

/** A use of an op of the table. */
export interface Use<Name extends OpName = OpName> extends Recorded<OpAttributes[Name]> {
  readonly op: Name;
}

/** The elements of its inputs that one element of its output is computed from. */
export function readsOf<Name extends OpName>(use: Use<Name>, index: readonly number[]): readonly Element[] {
  return elementsRead<OpAttributes[Name]>(ops[use.op], use, index);
}
