import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../../../core/kernels/reference/reference';
import { select, selectAlong } from '../../../../core/tensor/selection';
import type { Tensor } from '../../../../core/tensor/tensor';
import { arena, at, layout, size, strided, tensor } from '../tensors';

/** `x[indices]`: negative indices are refused, unless they are to count from the end. */
function rowsOf(x: Tensor, indices: Tensor, wraps = false) {
  const selection = select(x, [{ kind: 'tensor', tensor: 0 }], [indices]);
  return { ...selection, places: selection.places.map((place) => ({ ...place, wraps })) };
}

describe('rows by index', () => {
  const table = fc.record({
    rows: size,
    width: size,
    layout,
    indices: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  });

  it('gathers rows, and puts them back adding up in order or keeping the last', () => {
    fc.assert(
      fc.property(table, ({ rows, width, layout: how, indices: draws }) => {
        arena.reset();
        const indices = tensor(
          'int32',
          [draws.length],
          draws.map((draw) => draw % rows),
        );
        const source = strided('float32', [rows, width], how, 1);
        const gathered = tensor('float32', [draws.length, width]);
        kernels.gather(gathered, rowsOf(source, indices))();
        const added = tensor('float32', [rows, width]);
        const assigned = tensor('float32', [rows, width]);
        for (const zeros of [added, assigned]) kernels.fill(zeros, 0)();
        const x = strided('float32', [draws.length, width], how, 3);
        kernels.scatter(rowsOf(added, indices), x, true)();
        kernels.scatter(rowsOf(assigned, indices), x, false)();
        for (let column = 0; column < width; column++) {
          const sums = new Array<number>(rows).fill(0);
          const lasts = new Array<number>(rows).fill(0);
          for (const [i, row] of [...indices.values()].entries()) {
            if (at(gathered, [i, column]) !== at(source, [row, column])) expect.fail(`gathered [${i}, ${column}]`);
            sums[row] = Math.fround(sums[row]! + at(x, [i, column]));
            lasts[row] = at(x, [i, column]);
          }
          for (let row = 0; row < rows; row++) {
            expect(at(added, [row, column])).toBe(sums[row]);
            expect(at(assigned, [row, column])).toBe(lasts[row]);
          }
        }
      }),
    );
  });

  it('reads positions from any storage, whatever their strides, negative ones from the end', () => {
    arena.reset();
    const x = tensor('float32', [3, 2], [0, 1, 2, 3, 4, 5]);
    const indices = tensor('float64', [2, 2], [0, -1, 2, 1]).transpose();
    const gathered = tensor('float32', [2, 2, 2]);
    kernels.gather(gathered, rowsOf(x, indices, true))();
    expect([...gathered.values()]).toEqual([0, 1, 4, 5, 4, 5, 2, 3]);
    indices.storage.data[indices.offset] = Number.NaN;
    expect(kernels.gather(gathered, rowsOf(x, indices, true))).toThrow(/index NaN is out of bounds/);
  });

  it.each([-1, 3])('refuses index %i of 3 rows, and changes nothing outside its output', (wrong) => {
    arena.reset();
    const matrix = tensor('float32', [3, 3]);
    const neighbour = tensor('float32', [16], new Array(16).fill(5));
    const indices = tensor('int32', [3], [0, wrong, 1]);
    const rows = tensor('float32', [3, 3]);
    const column = tensor('float32', [3, 1]);
    const seenAsColumn = indices.view([3, 1]);
    const message = `index ${wrong} is out of bounds for dimension 0 with size 3.`;
    expect(kernels.gather(rows, rowsOf(matrix, indices))).toThrow(new RangeError(`gather: ${message}`));
    expect(kernels.scatter(rowsOf(matrix, indices), rows, true)).toThrow(new RangeError(`scatter: ${message}`));
    expect(kernels.gather(column, selectAlong(matrix, 1, seenAsColumn))).toThrow(
      new RangeError(`gather: index ${wrong} is out of bounds for dimension 1 with size 3.`),
    );
    expect([...neighbour.values()]).toEqual(new Array(16).fill(5));
  });
});
