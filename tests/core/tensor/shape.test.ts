import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broadcastShapes,
  contiguousStrides,
  elementCount,
  formatShape,
  normalizeDim,
  type Shape,
  ShapeError,
  unravelIndex,
} from '../../../core/tensor/shape';

const shape = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });
/** Shapes that broadcast together: one shape, each with leading dimensions dropped and sizes made 1. */
const compatible = fc
  .tuple(shape, fc.infiniteStream(fc.boolean()), fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }))
  .map(([full, ones, drops]) => drops.map((drop) => full.slice(drop).map((size) => (ones.next().value ? 1 : size))));
const broadcast = (a: Shape, b: Shape) => broadcastShapes('test', a, b);

describe('broadcastShapes', () => {
  it('is commutative, associative and idempotent, with the scalar as its one', () => {
    fc.assert(
      fc.property(compatible, ([a, b, c]) => {
        expect(broadcast(a!, b!)).toEqual(broadcast(b!, a!));
        expect(broadcast(broadcast(a!, b!), c!)).toEqual(broadcast(a!, broadcast(b!, c!)));
        expect(broadcast(a!, a!)).toEqual(a);
        expect(broadcast(a!, [])).toEqual(a);
      }),
    );
  });

  it('aligns at the last dimension', () => {
    expect(broadcast([3, 1, 5], [4, 1])).toEqual([3, 4, 5]);
    expect(() => broadcast([3, 4], [3])).toThrow(ShapeError);
  });

  it('names the op, both shapes and the dimension that differs', () => {
    expect(() => broadcastShapes('add', [2, 3], [4, 3])).toThrow(
      'add: shapes (2, 3) and (4, 3) do not broadcast: dimension 0 is 2 in one and 4 in the other.',
    );
  });
});

describe('unravelIndex', () => {
  it('is undone by the strides of a row-major tensor', () => {
    fc.assert(
      fc.property(shape, fc.nat(), (sizes, number) => {
        const position = number % elementCount(sizes);
        const index = unravelIndex(position, sizes);
        expect(index.every((i, dim) => i >= 0 && i < sizes[dim]!)).toBe(true);
        const strides = contiguousStrides(sizes);
        expect(index.reduce((sum, i, dim) => sum + i * strides[dim]!, 0)).toBe(position);
      }),
    );
  });
});

describe('normalizeDim', () => {
  it('counts from the end where negative', () => {
    expect([-3, -1, 0, 2].map((dim) => normalizeDim('sum', dim, 3))).toEqual([0, 2, 0, 2]);
  });

  it.each([3, -4, 0.5, Number.NaN])('refuses %s of 3 dimensions, naming the range', (dim) => {
    expect(() => normalizeDim('sum', dim, 3)).toThrow(
      new ShapeError(`sum: dim ${dim} is out of range for a tensor of 3 dimensions (-3 to 2).`),
    );
  });
});

it('prints shapes as Python does', () => {
  expect([[], [5], [2, 3], [1, 2, 3]].map(formatShape)).toEqual(['()', '(5,)', '(2, 3)', '(1, 2, 3)']);
  expect(elementCount([])).toBe(1);
});
