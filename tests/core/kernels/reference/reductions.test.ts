import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../../../core/kernels/reference/reference';
import { type Shape, unravelIndex } from '../../../../core/tensor/shape';
import { arena, at, tensor } from '../tensors';

/** The index of `out` to which an index of `x` reduces. */
const reducedIndex = (index: readonly number[], shape: Shape) =>
  shape.map((length, dim) => (length === 1 ? 0 : index[index.length - shape.length + dim]!));

describe('sum and variance', () => {
  const reductions = fc
    .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }), fc.nat(4), fc.infiniteStream(fc.boolean()))
    .map(([shape, drop, ones]) => ({
      shape,
      reduced: shape.slice(drop).map((length) => (ones.next().value ? 1 : length)),
    }));

  it('reduce any dimensions, kept as 1 or dropped at the front, as a loop over all indices', () => {
    fc.assert(
      fc.property(reductions, fc.boolean(), ({ shape, reduced }, transposes) => {
        arena.reset();
        const isMatrix = transposes && shape.length === 2;
        const stored = tensor('float64', isMatrix ? shape.toReversed() : shape);
        const x = isMatrix ? stored.transpose() : stored;
        const groups = new Map<string, number[]>();
        for (let i = 0; i < x.elements; i++) {
          const index = unravelIndex(i, shape);
          const key = String(reducedIndex(index, reduced));
          groups.set(key, [...(groups.get(key) ?? []), at(x, index)]);
        }
        const sum = tensor('float64', reduced);
        const variance = tensor('float64', reduced);
        kernels.sum(sum, x)();
        kernels.variance(variance, x, 1)();
        for (let i = 0; i < sum.elements; i++) {
          const index = unravelIndex(i, reduced);
          const group = groups.get(String(index))!;
          const total = group.reduce((a, b) => a + b, 0);
          const mean = total / group.length;
          expect(at(sum, index)).toBeCloseTo(total, 12);
          const squares = group.reduce((a, b) => a + (b - mean) ** 2, 0);
          if (group.length === 1) expect(at(variance, index)).toBeNaN();
          else expect(at(variance, index)).toBeCloseTo(squares / (group.length - 1), 12);
        }
      }),
    );
  });
});

describe('extreme', () => {
  const columnsOf = (rows: readonly (readonly number[])[]) => {
    arena.reset();
    const indices = tensor('int32', [rows.length], new Array(rows.length).fill(9));
    const out = indices.view([rows.length, 1]);
    kernels.extreme('max', null, out, tensor('float32', [rows.length, rows[0]!.length], rows.flat()))();
    return [...indices.values()];
  };

  it('takes the first of equals, and not-a-number before all', () => {
    expect(
      columnsOf([
        [1, 3, 3],
        [-0, 0, -0],
        [-Infinity, -Infinity, -Infinity],
      ]),
    ).toEqual([1, 0, 0]);
    expect(
      columnsOf([
        [1, NaN, Infinity],
        [NaN, 5, NaN],
        [5, 4, NaN],
      ]),
    ).toEqual([1, 0, 2]);
  });
});

describe('logSoftmax', () => {
  it('stays finite for large logits and sums to one', () => {
    arena.reset();
    const out = tensor('float64', [2, 3]);
    kernels.logSoftmax(out, tensor('float64', [2, 3], [1000, 1001, 999, -1000, -1000, -1000]))();
    const [a, b, c, ...even] = out.values();
    expect(Math.exp(a!) + Math.exp(b!) + Math.exp(c!)).toBeCloseTo(1, 12);
    for (const value of even) expect(value).toBeCloseTo(-Math.log(3), 12);
  });
});
