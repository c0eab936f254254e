import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequence } from '../../../../core/kernels/kernels';
import { referenceKernels } from '../../../../core/kernels/reference/reference';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { Tensor } from '../../../../core/tensor/tensor';
import { builds, Comparison, pool } from './comparison';

const size = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constantFrom(0, 13, 32));
/** In order, its dimensions the other way round, a window of a larger tensor, or every other number of one. */
const layouts = ['contiguous', 'reversed', 'window', 'strided'] as const;

/** A tensor of up to four dimensions, and which of them are reduced. */
const reductions = fc
  .array(fc.record({ size, isReduced: fc.boolean() }), { maxLength: 4 })
  .filter((dims) => elementCount(dims.map((dim) => dim.size)) <= 5000)
  .chain((dims) =>
    fc.record({
      shape: fc.constant(dims.map((dim) => dim.size)),
      kept: fc.constant(dims.map((dim) => (dim.isReduced ? 1 : dim.size))),
      layout: fc.constantFrom(...layouts),
      pool,
    }),
  );

/** An operand that lies so. */
function laidOut(comparison: Comparison, shape: Shape, layout: (typeof layouts)[number]): [Tensor, Tensor] {
  const seen = ({ storage }: Tensor, strides: readonly number[], offset = 0) =>
    new Tensor(storage, shape, strides, offset);
  switch (layout) {
    case 'contiguous':
      return comparison.operand(shape);
    case 'reversed':
      return comparison.operand(shape.toReversed(), (stored) => seen(stored, stored.strides.toReversed()));
    case 'window':
      return comparison.operand([...shape.slice(0, -1), (shape.at(-1) ?? 1) + 3], (stored) =>
        seen(stored, shape.length === 0 ? [] : stored.strides, 2),
      );
    case 'strided':
      return comparison.operand([...shape, 2], (stored) => seen(stored, stored.strides.slice(0, -1), 1));
  }
}

describe.each(builds)('$build kernels, like the reference to the bit, over any dimensions of any layout', (space) => {
  it('sum', () => {
    fc.assert(
      fc.property(reductions, ({ shape, kept, layout, pool }) => {
        const comparison = new Comparison(space, pool);
        const x = laidOut(comparison, shape, layout);
        const out = comparison.operand(kept);
        comparison.expectSame((kernels, i) => kernels.sum(out[i], x[i]));
      }),
      { numRuns: 300 },
    );
  });

  it('sumOfProducts, of what broadcasts too', () => {
    fc.assert(
      fc.property(reductions, fc.infiniteStream(fc.boolean()), ({ shape, kept, layout, pool }, ones) => {
        const comparison = new Comparison(space, pool);
        const a = laidOut(comparison, shape, layout);
        const b = comparison.operand(shape.map((length) => (ones.next().value ? 1 : length)));
        const out = comparison.operand(kept);
        const temporary = comparison.operand(shape);
        comparison.expectSame((kernels, i) =>
          // What the temporary holds is nobody's business.
          sequence(kernels.sumOfProducts(out[i], a[i], b[i], temporary[i]), kernels.fill(temporary[i], 0)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('sumOfProducts of a row and a column', () => {
    const comparison = new Comparison(space, [1, 2, 3, 4, 5]);
    const [a, b] = [comparison.operand([1, 4]), comparison.operand([4, 1])];
    const [out, temporary] = [comparison.operand([1, 4]), comparison.operand([4, 4])];
    comparison.expectSame((kernels, i) => kernels.sumOfProducts(out[i], a[i], b[i], temporary[i]));
  });

  it('variance', () => {
    fc.assert(
      fc.property(reductions, fc.constantFrom(0, 1, 2), ({ shape, kept, layout, pool }, correction) => {
        const comparison = new Comparison(space, pool);
        const x = laidOut(comparison, shape, layout);
        const out = comparison.operand(kept);
        comparison.expectSame((kernels, i) => kernels.variance(out[i], x[i], correction));
      }),
      { numRuns: 300 },
    );
  });

  it.each(['max', 'min'] as const)('%s, values and positions or one of them, among ties and NaN', (kind) => {
    const some = reductions.filter(({ shape, kept }) => shape.every((length, dim) => length > 0 || kept[dim] === 0));
    fc.assert(
      fc.property(some, fc.constantFrom('values', 'positions', 'both'), ({ shape, kept, layout, pool }, wanted) => {
        const comparison = new Comparison(
          space,
          pool.map((value) => Math.round(value)),
        );
        const x = laidOut(comparison, shape, layout);
        const values = wanted === 'positions' ? [null, null] : comparison.operand(kept);
        const positions = wanted === 'values' ? [null, null] : comparison.operand(kept, undefined, 'int32');
        comparison.expectSame((kernels, i) => kernels.extreme(kind, values[i]!, positions[i]!, x[i]));
      }),
      { numRuns: 300 },
    );
  });

  it('putAlong', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        pool,
        (shape, pick, pool) => {
          const dim = pick % shape.length;
          const kept = shape.map((length, other) => (other === dim ? 1 : length));
          const comparison = new Comparison(space, pool);
          const values = comparison.operand(kept);
          const draws = Array.from({ length: elementCount(kept) }, (_, i) => (i * 7 + pick) % shape[dim]!);
          const positions = comparison.operand(kept, undefined, 'int32', draws);
          const out = comparison.operand(shape);
          comparison.expectSame((kernels, i) => kernels.putAlong(out[i], values[i], positions[i], dim));
        },
      ),
    );
  });

  it('sums and compares whole numbers and truth values of any storage', () => {
    for (const dtype of ['int32', 'float64'] as const) {
      const comparison = new Comparison(space, [0, 1, 1, 3, 2]);
      const x = comparison.operand([5, 4], undefined, dtype);
      const [sums, largest] = [comparison.operand([1, 4]), comparison.operand([5, 1])];
      const positions = comparison.operand([5, 1], undefined, 'float64');
      comparison.expectSame((kernels, i) =>
        sequence(kernels.sum(sums[i], x[i]), kernels.extreme('max', largest[i], positions[i], x[i])),
      );
    }
  });
});

describe.each([{ build: 'reference', kernels: referenceKernels }, ...builds])('$build kernels, of nothing', (space) => {
  const newArena = 'newArena' in space ? space.newArena : builds[0]!.newArena;
  it('sum to 0, and have no variance', () => {
    const arena = newArena();
    const out = Tensor.zeros(arena, 'float32', [1, 3]);
    const x = Tensor.zeros(arena, 'float32', [0, 3]);
    out.copyFrom([7, 7, 7]);
    space.kernels.sum(out, x)();
    expect([...out.values()]).toEqual([0, 0, 0]);
    out.copyFrom([7, 7, 7]);
    space.kernels.sumOfProducts(out, x, x, x)();
    expect([...out.values()]).toEqual([0, 0, 0]);
    for (const correction of [0, 1]) {
      space.kernels.variance(out, x, correction)();
      expect([...out.values()]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    }
  });
});
