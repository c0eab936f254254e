import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinaryKind } from '../../../../core/kernels/kernels';
import { referenceKernels as kernels } from '../../../../core/kernels/reference/reference';
import type { FloatType } from '../../../../core/tensor/arena';
import { broadcastShapes } from '../../../../core/tensor/broadcasting';
import { elementCount, unravelIndex } from '../../../../core/tensor/shape';
import { Tensor } from '../../../../core/tensor/tensor';
import { newArena } from '../../engine';
import { arena, at, dtype, numbers, roundingOf, tensor } from '../tensors';

/** The same for an index of a shape that `x` broadcasts to. */
const broadcastAt = (x: Tensor, index: readonly number[]) =>
  at(
    x,
    x.shape.map((size, dim) => (size === 1 ? 0 : index[index.length - x.shape.length + dim]!)),
  );

const binaryKinds = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
} satisfies Partial<Record<BinaryKind, (a: number, b: number) => number>>;

describe('elementwise', () => {
  const shapes = fc
    .tuple(
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
      fc.nat(4),
      fc.nat(4),
      fc.infiniteStream(fc.boolean()),
    )
    .map(([full, dropA, dropB, ones]) => {
      const shrink = (drop: number) => full.slice(drop).map((length) => (ones.next().value ? 1 : length));
      return [shrink(dropA), shrink(dropB)] as const;
    });

  it.each(Object.keys(binaryKinds) as (keyof typeof binaryKinds)[])(
    '%s broadcasts as a loop over all indices',
    (kind) => {
      fc.assert(
        fc.property(dtype, shapes, fc.boolean(), (type, [shapeA, shapeB], transposes) => {
          arena.reset();
          const isMatrix = transposes && shapeA.length === 2;
          const stored = tensor(type, isMatrix ? shapeA.toReversed() : shapeA, numbers(elementCount(shapeA), 1));
          const a = isMatrix ? stored.transpose() : stored;
          const b = tensor(type, shapeB, numbers(elementCount(shapeB), 2));
          const shape = broadcastShapes(kind, shapeA, shapeB);
          const out = tensor(type, shape);
          kernels.binary(kind, out, a, b)();
          for (let i = 0; i < out.elements; i++) {
            const index = unravelIndex(i, shape);
            const exact = binaryKinds[kind](broadcastAt(a, index), broadcastAt(b, index));
            expect(at(out, index)).toBe(roundingOf(type)(exact));
          }
        }),
      );
    },
  );

  it('may write over what it reads', () => {
    arena.reset();
    const a = tensor('float64', [3, 2], [1, 2, 3, 4, 5, 6]);
    kernels.binary('multiply', a, a, tensor('float64', [2], [10, 100]))();
    expect([...a.values()]).toEqual([10, 200, 30, 400, 50, 600]);
    kernels.unary('negate', a, a)();
    kernels.scalar('subtractFrom', a, a, 1)();
    expect([...a.values()]).toEqual([11, 201, 31, 401, 51, 601]);
  });

  it('rounds a scalar to the tensors’ type first', () => {
    arena.reset();
    const out = tensor('float32', [1]);
    kernels.scalar('add', out, tensor('float32', [1], [1e-9]), 0.1)();
    expect(out.item()).toBe(Math.fround(Math.fround(0.1) + Math.fround(1e-9)));
  });

  it('sees numbers that moved because the memory grew', () => {
    const own = newArena();
    const x = Tensor.zeros(own, 'float32', [4]);
    const kernel = kernels.scalar('add', x, x, 1);
    Tensor.zeros(own, 'float32', [100_000]);
    kernel();
    expect([...x.values()]).toEqual([1, 1, 1, 1]);
  });
});

describe('power', () => {
  const run = (type: FloatType, values: readonly number[], exponent: number) => {
    arena.reset();
    const out = tensor(type, [values.length]);
    kernels.scalar('power', out, tensor(type, [values.length], values), exponent)();
    return [...out.values()];
  };
  /** What PyTorch computes for these exponents, rounding after each operation. */
  const formulas: readonly (readonly [number, (x: number) => number])[] = [
    [2, (x) => x * x],
    [3, (x) => Math.fround(x * x) * x],
    [0.5, (x) => Math.sqrt(x)],
    [-0.5, (x) => 1 / Math.fround(Math.sqrt(x))],
    [-1, (x) => 1 / x],
    [-2, (x) => 1 / Math.fround(x * x)],
    [1, (x) => x],
    [0, () => 1],
  ];
  it.each(formulas)('%s is computed as PyTorch does', (exponent, formula) => {
    const values = [...numbers(300).map(Math.abs), 0, -0, -1, Infinity, -Infinity, NaN].map(Math.fround);
    expect(run('float32', values, exponent)).toEqual(values.map((x) => Math.fround(formula(x))));
  });

  it('keeps an exponent that float32 cannot hold', () => {
    const large = Math.fround(1e38);
    expect(run('float32', [large], 0.1)).toEqual([Math.fround(large ** 0.1)]);
    expect(Math.fround(large ** 0.1)).not.toBe(Math.fround(large ** Math.fround(0.1)));
  });
});
