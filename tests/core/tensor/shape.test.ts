import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contiguousStrides,
  elementCount,
  formatShape,
  normalizeDim,
  ShapeError,
  unravelIndex,
} from '../../../core/tensor/shape';

const shape = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });

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
