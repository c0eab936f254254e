import type { ComparisonKind, LogicKind, PredicateKind } from '../kernels/kernels';
import { broadcastShapes } from '../tensor/broadcasting';
import { type None, noAttributes } from './attributes';
import { defineOp, type Op, type ResultType } from './op';

/** An op on two tensors through which no gradient passes. */
function discrete(kind: ComparisonKind | LogicKind, result: ResultType): Op<None> {
  return defineOp(noAttributes, {
    shape: ([a, b]) => broadcastShapes(kind, a, b),
    result,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary(kind, output, a, b),
    vjps: [null, null],
  });
}

/** Whether each element is so. */
function predicate(kind: PredicateKind): Op<None> {
  return defineOp(noAttributes, {
    shape: ([x]) => x,
    result: 'bool',
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary(kind, output, x),
    vjps: [null],
  });
}

/** What gives truth values, 0 and 1, and what is made of them. Bits are of whole numbers of 32 bits, or of truth values. */
export const comparisonOps = {
  equal: discrete('equal', 'bool'),
  notEqual: discrete('notEqual', 'bool'),
  less: discrete('less', 'bool'),
  lessEqual: discrete('lessEqual', 'bool'),
  greater: discrete('greater', 'bool'),
  greaterEqual: discrete('greaterEqual', 'bool'),
  isnan: predicate('isnan'),
  isinf: predicate('isinf'),
  isfinite: predicate('isfinite'),
  logicalNot: predicate('logicalNot'),
  logicalAnd: discrete('logicalAnd', 'bool'),
  logicalOr: discrete('logicalOr', 'bool'),
  logicalXor: discrete('logicalXor', 'bool'),
  bitwiseAnd: discrete('bitwiseAnd', 'int64'),
  bitwiseOr: discrete('bitwiseOr', 'int64'),
  bitwiseXor: discrete('bitwiseXor', 'int64'),
};
