import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequence, type Window } from '../../../../core/kernels/kernels';
import { referenceKernels } from '../../../../core/kernels/reference/reference';
import { Tensor } from '../../../../core/tensor/tensor';
import { newArena } from '../../engine';
import { builds, Comparison, pool } from './comparison';

/** One dimension: the image's length, and the window in it. Some places see nothing. */
const dimension = fc
  .record({
    size: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    padding: fc.nat(4),
    dilation: fc.integer({ min: 1, max: 3 }),
    more: fc.oneof(fc.nat(12), fc.constantFrom(23, 31)),
  })
  .map(({ more, ...window }) => {
    const span = window.dilation * (window.size - 1) + 1;
    const length = Math.max(0, span - 2 * window.padding) + more;
    return { ...window, length, places: Math.floor((length + 2 * window.padding - span) / window.stride) + 1 };
  });
const windows = fc.record({ planes: fc.nat(3), rows: dimension, columns: dimension, pool });

function windowOf({ rows, columns }: { rows: Window1D; columns: Window1D }): Window {
  return {
    size: [rows.size, columns.size],
    stride: [rows.stride, columns.stride],
    padding: [rows.padding, columns.padding],
    dilation: [rows.dilation, columns.dilation],
  };
}
type Window1D = typeof dimension extends fc.Arbitrary<infer Each> ? Each : never;

describe.each(builds)('$build kernels, like the reference', (space) => {
  it('unfold and fold, to the bit', () => {
    fc.assert(
      fc.property(windows, ({ planes, rows, columns, pool }) => {
        const comparison = new Comparison(space, pool);
        const window = windowOf({ rows, columns });
        const columnsOf = [planes, rows.size, columns.size, rows.places, columns.places];
        const [unfolded, given] = [comparison.operand(columnsOf), comparison.operand(columnsOf)];
        const [x, folded] = [0, 1].map(() => comparison.operand([planes, rows.length, columns.length]));
        comparison.expectSame((kernels, i) =>
          sequence(kernels.unfold(unfolded[i], x![i]!, window), kernels.fold(folded![i]!, given[i], window)),
        );
      }),
    );
  });

  it('pools of the largest and their gradients, to the bit', () => {
    fc.assert(
      fc.property(windows, ({ planes, rows, columns, pool }) => {
        const comparison = new Comparison(space, pool);
        const window = windowOf({ rows, columns });
        const [x, passed] = [0, 1].map(() => comparison.operand([planes, rows.length, columns.length]));
        const places = [planes, rows.places, columns.places];
        const [out, gradient] = [comparison.operand(places), comparison.operand(places)];
        const indices = comparison.operand(places, undefined, 'int32');
        comparison.expectSame((kernels, i) =>
          sequence(
            kernels.maxPool(out[i], indices[i], x![i]!, window),
            kernels.maxPoolGradient(passed![i]!, gradient[i], indices[i]),
          ),
        );
      }),
    );
  });

  it('pools of the mean and their gradients, to the bit', () => {
    fc.assert(
      fc.property(windows, fc.boolean(), ({ planes, rows, columns, pool }, countsPadding) => {
        const comparison = new Comparison(space, pool);
        const window: Window = { ...windowOf({ rows, columns }), dilation: [1, 1] };
        // Without dilation the window is smaller than the image was made for.
        const placesOf = ({ length, size, stride, padding }: Window1D) =>
          Math.floor((length + 2 * padding - size) / stride) + 1;
        const places = [planes, placesOf(rows), placesOf(columns)];
        const [x, passed] = [0, 1].map(() => comparison.operand([planes, rows.length, columns.length]));
        const [out, gradient] = [comparison.operand(places), comparison.operand(places)];
        comparison.expectSame((kernels, i) =>
          sequence(
            kernels.avgPool(out[i], x![i]!, window, countsPadding),
            kernels.avgPoolGradient(passed![i]!, gradient[i], window, countsPadding),
          ),
        );
      }),
    );
  });
});

describe('the reference', () => {
  const arena = newArena();
  const tensor = (shape: number[], values: readonly number[]) => {
    const made = Tensor.zeros(arena, 'float64', shape);
    made.copyFrom(values);
    return made;
  };
  const window: Window = { size: [2, 2], stride: [1, 1], padding: [0, 0], dilation: [1, 1] };
  const image = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  it('unfolds each element of the window to a row', () => {
    const out = Tensor.zeros(arena, 'float64', [1, 2, 2, 2, 2]);
    referenceKernels.unfold(out, tensor([1, 3, 3], image), window)();
    expect([...out.values()]).toEqual([1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9]);
  });

  it('folds back what every place gives to a number', () => {
    const out = Tensor.zeros(arena, 'float64', [1, 3, 3]);
    referenceKernels.fold(out, tensor([1, 2, 2, 2, 2], new Array(16).fill(1)), window)();
    expect([...out.values()]).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1]);
  });

  it('finds nothing where the window sees nothing, and passes nothing back', () => {
    const [out, x] = [Tensor.zeros(arena, 'float64', [1, 1, 1]), tensor([1, 1, 1], [3])];
    const indices = Tensor.zeros(arena, 'int32', [1, 1, 1]);
    const wide: Window = { size: [1, 2], stride: [1, 1], padding: [0, 1], dilation: [1, 2] };
    referenceKernels.maxPool(out, indices, x, wide)();
    expect([out.item(), indices.item()]).toEqual([Number.NEGATIVE_INFINITY, -1]);
    referenceKernels.maxPoolGradient(x, tensor([1, 1, 1], [5]), indices)();
    expect(x.item()).toBe(0);
  });
});
