import * as fc from 'fast-check';
import type { OpAttributes, OpName } from '../../../../core/ops/table';
import { type Domain, type Draft, nonzero, positive, reduction, scenarios, shape, signed, size } from '../scenarios';

/** Reductions over any dimensions, one of them written as a number now and then; of nothing, too, where that gives a number. */
function overDims<Name extends 'sum' | 'mean' | 'prod' | 'norm' | 'logSumExp' | 'all' | 'any' | 'amax' | 'amin'>(
  op: Name,
  domain: Domain = signed,
  hasEmpty = true,
) {
  const own = hasEmpty ? shape : fc.array(size, { maxLength: 4 });
  return scenarios(
    fc
      .tuple(own, fc.infiniteStream(fc.boolean()), fc.boolean(), fc.boolean())
      .map(([own, picks, keepdim, isAll]): Draft => {
        const dims = own.flatMap((_, dim) => (picks.next().value ? [picks.next().value ? dim : dim - own.length] : []));
        const dim = isAll ? null : dims.length === 1 && picks.next().value ? dims[0]! : dims;
        const attributes = { dim, keepdim } as OpAttributes[Name];
        return { shapes: [own], domain, record: (tape, [x]) => tape.apply(op, [x!], attributes) };
      }),
  );
}

/** Along one dimension, or of everything; of what has some element. */
const ofOneDim = (op: 'max' | 'min' | 'argmax' | 'argmin') =>
  reduction((t, x, dim, keepdim) => t.apply(op, [x], { dim, keepdim }));

/** Variances of at least two numbers, over one dimension, several or all. */
const spreadOf = (op: 'variance' | 'standardDeviation') =>
  scenarios(
    fc
      .tuple(
        fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.boolean()),
        fc.boolean(),
        fc.constantFrom(0, 1, 0.5),
      )
      .map(([own, picks, keepdim, correction]): Draft => {
        const dims = own.flatMap((_, dim) => (picks.next().value ? [dim - own.length] : []));
        const attributes = { dim: dims.length === 0 ? null : dims, keepdim, correction };
        return { shapes: [own], record: (tape, [x]) => tape.apply(op, [x!], attributes) };
      }),
  );

/** An op that goes along one dimension; a single number is treated as having one. */
const along = <Name extends OpName>(op: Name, attributesOf: (dim: number, isOther: boolean) => OpAttributes[Name]) =>
  scenarios(
    fc.tuple(shape, fc.nat(), fc.boolean()).map(([own, pick, isOther]): Draft => {
      const dim = (pick % Math.max(1, own.length)) - (isOther ? Math.max(1, own.length) : 0);
      return { shapes: [own], record: (tape, [x]) => tape.apply(op, [x!], attributesOf(dim, isOther)) };
    }),
  );

/** A way to use each op of the family. */
export const reduceCases = {
  sum: overDims('sum'),
  mean: overDims('mean', signed, false),
  variance: spreadOf('variance'),
  standardDeviation: spreadOf('standardDeviation'),
  prod: overDims('prod', nonzero),
  norm: overDims('norm', positive),
  logSumExp: overDims('logSumExp', signed, false),
  all: overDims('all'),
  any: overDims('any'),
  max: ofOneDim('max'),
  min: ofOneDim('min'),
  argmax: ofOneDim('argmax'),
  argmin: ofOneDim('argmin'),
  amax: overDims('amax', signed, false),
  amin: overDims('amin', signed, false),
  cumsum: along('cumsum', (dim) => ({ dim })),
  cumprod: along('cumprod', (dim) => ({ dim })),
  argsort: along('argsort', (dim, descending) => ({ dim, descending })),
  searchSorted: scenarios(
    fc.tuple(size, shape, fc.boolean()).map(
      ([edges, own, right]): Draft => ({
        shapes: [own],
        record: (tape, [x], constant) => {
          const sorted = constant(
            [edges],
            Array.from({ length: edges }, (_, i) => i - 1.5),
          );
          return tape.apply('searchSorted', [sorted, x!], { right });
        },
      }),
    ),
  ),
  isClose: scenarios(
    shape.map(
      (own): Draft => ({
        shapes: [own, own.slice(1)],
        record: (tape, [a, b]) => tape.apply('isClose', [a!, b!], { rtol: 0.3, atol: 0.1, equalNan: false }),
      }),
    ),
  ),
};
