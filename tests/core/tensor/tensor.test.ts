import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementCount, type Shape, ShapeError, unravelIndex } from '../../../core/tensor/shape';
import { requireSameShape, Tensor } from '../../../core/tensor/tensor';
import { newArena } from '../engine';

/** 0, 1, 2, … in this shape. */
function counting(shape: Shape): Tensor {
  const tensor = Tensor.zeros(newArena(), 'float64', shape);
  tensor.copyFrom(Array.from({ length: elementCount(shape) }, (_, i) => i));
  return tensor;
}

/** The numbers in row-major order, read through the strides. */
const read = ({ shape, strides, offset, storage, elements }: Tensor) =>
  Array.from({ length: elements }, (_, position) => {
    const index = unravelIndex(position, shape);
    return storage.data[offset + index.reduce((sum, i, dim) => sum + i * strides[dim]!, 0)];
  });

const size = fc.integer({ min: 1, max: 5 });

describe('view', () => {
  it('keeps the order of the numbers and shares them', () => {
    const tensor = counting([2, 3, 2]);
    const view = tensor.view([4, 3]);
    expect(read(view)).toEqual(read(tensor));
    view.values()[5] = -1;
    expect(tensor.values()[5]).toBe(-1);
    expect(tensor.view([12]).view([2, 3, 2]).shape).toEqual([2, 3, 2]);
    expect(counting([]).view([1, 1]).item()).toBe(0);
  });

  it('sees what lies evenly without copying', () => {
    fc.assert(
      fc.property(size, size, size, fc.constantFrom([0, 1], [1, 2], [0, 2]), (a, b, c, [first, second]) => {
        const tensor = counting([a, b, c]).transpose(first, second);
        const apart = tensor.shape.flatMap((length) => [length, 1]);
        expect(read(tensor.view(apart))).toEqual(read(tensor));
        expect(read(tensor.view(apart).view(tensor.shape))).toEqual(read(tensor));
        for (const shape of [[tensor.shape[0]! * tensor.shape[1]!, tensor.shape[2]!], [tensor.elements]]) {
          const strides = tensor.stridesAs(shape);
          if (strides !== null) expect(read(tensor.view(shape))).toEqual(read(tensor));
        }
      }),
    );
    const rows = counting([2, 6]).view([2, 2, 3]).transpose(0, 1);
    expect(rows.stridesAs([2, 6])).toBeNull();
    expect(rows.transpose(0, 1).stridesAs([2, 6])).toEqual([6, 1]);
  });

  it('refuses another count, and what is not in order', () => {
    expect(() => counting([2, 3]).view([4])).toThrow(new ShapeError('view: (2, 3) cannot be seen as (4,).'));
    expect(() => counting([2, 3]).transpose().view([6])).toThrow(
      new ShapeError('view: (3, 2) with strides (1, 3) cannot be seen as (6,).'),
    );
    expect(() => counting([1, 3]).expand([2, 3]).view([6])).toThrow(ShapeError);
  });
});

describe('transpose', () => {
  it('swaps the indices without copying, and undoes itself', () => {
    fc.assert(
      fc.property(size, size, (rows, columns) => {
        const matrix = counting([rows, columns]);
        const transposed = matrix.transpose();
        const expected = Array.from({ length: rows * columns }, (_, i) => (i % rows) * columns + Math.floor(i / rows));
        expect(read(transposed)).toEqual(expected);
        expect(transposed.storage).toBe(matrix.storage);
        expect(read(transposed.transpose())).toEqual(read(matrix));
      }),
    );
  });

  it('swaps any two dimensions, by default the last two', () => {
    expect(counting([2, 3, 4]).transpose().shape).toEqual([2, 4, 3]);
    expect(counting([2, 3, 4]).transpose(0, -1)).toMatchObject({ shape: [4, 3, 2], strides: [1, 4, 12] });
  });

  it('refuses a dimension that there is not', () => {
    for (const shape of [[], [3]]) expect(() => counting(shape).transpose()).toThrow(ShapeError);
    expect(() => counting([2, 3]).transpose(0, 2)).toThrow(/^transpose: dim 2 is out of range/);
  });
});

describe('expand', () => {
  it('repeats dimensions of size 1 and adds new ones in front', () => {
    expect(read(counting([2, 1]).expand([2, 3]))).toEqual([0, 0, 0, 1, 1, 1]);
    expect(read(counting([2]).expand([3, 2]))).toEqual([0, 1, 0, 1, 0, 1]);
    expect(read(counting([]).expand([2, 2]))).toEqual([0, 0, 0, 0]);
    expect(read(counting([2, 3]).transpose().expand([2, 3, 2]))).toEqual([0, 3, 1, 4, 2, 5, 0, 3, 1, 4, 2, 5]);
  });

  it.each([
    [[2], [3]],
    [[2, 3], [3]],
    [[3], [3, 1]],
  ])('refuses to make %j into %j', (from, to) => {
    expect(() => counting(from).expand(to)).toThrow(ShapeError);
  });
});

describe('reading and writing', () => {
  it('tells a contiguous tensor from others, whatever the strides of dimensions of size 1', () => {
    expect(counting([2, 3]).isContiguous).toBe(true);
    expect(counting([1, 3]).transpose().isContiguous).toBe(true);
    expect(counting([2, 3]).transpose().isContiguous).toBe(false);
    expect(() => counting([2, 3]).transpose().values()).toThrow(/not contiguous/);
  });

  it('gives the one number of a tensor of one element, and refuses more', () => {
    const tensor = counting([2, 2]);
    expect(new Tensor(tensor.storage, [1, 1], [2, 1], 3).item()).toBe(3);
    expect(() => tensor.item()).toThrow(new ShapeError('item: a tensor of shape (2, 2) holds 4 numbers, not one.'));
  });

  it('refuses numbers that do not fill the shape', () => {
    expect(() => counting([2, 2]).copyFrom([1, 2, 3])).toThrow('copyFrom: 3 numbers do not fill the shape (2, 2).');
  });

  it('names the op where shapes differ', () => {
    expect(() => requireSameShape('matmul', [2], [3])).toThrow('matmul: expected shape (3,), got (2,).');
    expect(() => requireSameShape('matmul', [2, 3], [2, 3])).not.toThrow();
  });
});
