import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, unfold, unravel } from '../../../renderer/charts/fold';

test('a cell of the fold names the element of the tensor', () => {
  expect(unfold({ row: 7, column: 4 }, [32, 3, 10])).toEqual([2, 1, 4]);
  expect(unfold({ row: 5, column: 2 }, [27, 10])).toEqual([5, 2]);
  expect(unfold({ row: 0, column: 12 }, [64])).toEqual([12]);
  expect(unfold({ row: 0, column: 0 }, [])).toEqual([]);
});

test('unravels in row-major order', () => {
  expect([0, 1, 2, 3, 4, 5].map((flat) => unravel(flat, [2, 3]))).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
});

test('folding an index and unfolding its cell gives the index back', () => {
  const element = fc
    .array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 })
    .chain((shape) => fc.tuple(fc.constant(shape), fc.tuple(...shape.map((size) => fc.nat(size - 1)))));
  fc.assert(
    fc.property(element, ([shape, index]) => {
      expect(unfold(fold(index, shape), shape)).toEqual(index);
    }),
  );
});
