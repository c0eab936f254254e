import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../core/tensor/tensor';
import { compiledSpace } from '../../engine';
import { numbers } from '../tensors';
import { builds, Comparison } from './comparison';

const length = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(16, 27));
/** The dimensions of a stack, and which of them each factor repeats. */
const stack = fc.array(fc.record({ length: fc.integer({ min: 1, max: 3 }), left: fc.boolean(), right: fc.boolean() }), {
  maxLength: 4,
});
/** Of a bias: a number a column, a row, a result, or the same for all; in a run or every other number. */
const biases = fc.constantFrom('none', 'column', 'row', 'all', 'one', 'strided');

describe.each(builds)('$build kernels, like the reference', (space) => {
  const tolerance = space.build === 'plain' ? 0 : 2e-5;

  it(`matmul of stacks that broadcast, of any layout, with any bias${tolerance === 0 ? ', to the bit' : ''}`, () => {
    fc.assert(
      fc.property(
        stack,
        fc.tuple(length, length, length),
        fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
        biases,
        (dims, [rows, inner, columns], [transposesA, transposesB, isReversed], bias) => {
          const comparison = new Comparison(space, numbers(17));
          const sizes = dims.map((dim) => dim.length);
          /** Stacks whose dimensions lie the other way round, and matrices transposed. */
          const factor = (shape: number[], isTransposed: boolean) => {
            const order = shape.map((_, dim) => dim);
            const lead = isReversed ? order.slice(0, -2).toReversed() : order.slice(0, -2);
            const stored = [...lead, ...(isTransposed ? order.slice(-2).toReversed() : order.slice(-2))];
            return comparison.operand(
              stored.map((dim) => shape[dim]!),
              (x) =>
                new Tensor(
                  x.storage,
                  shape,
                  order.map((dim) => x.strides[stored.indexOf(dim)]!),
                  x.offset,
                ),
            );
          };
          const a = factor([...dims.map((dim) => (dim.left ? 1 : dim.length)), rows, inner], transposesA);
          const b = factor([...dims.map((dim) => (dim.right ? 1 : dim.length)), inner, columns], transposesB);
          const out = comparison.operand([...sizes, rows, columns]);
          const added = {
            none: undefined,
            column: comparison.operand([columns]),
            row: comparison.operand([rows, 1]),
            all: comparison.operand([...sizes, rows, columns]),
            one: comparison.operand([1]),
            strided: comparison.operand([columns, 2], (x) => new Tensor(x.storage, [columns], [2], x.offset + 1)),
          }[bias];
          comparison.expectSame((kernels, i) => kernels.matmul(out[i], a[i], b[i], added?.[i]), tolerance);
        },
      ),
    );
  });

  it('matmul whose bias is the first of all tensors', () => {
    const fresh = compiledSpace(space.build === 'plain' ? 'reproducible' : 'fast');
    const bias = Tensor.zeros(fresh.newArena(), 'float32', [9]);
    expect(bias.storage.byteOffset).toBe(0);
    bias.copyFrom(numbers(9));
    const comparison = new Comparison(fresh, numbers(17));
    const [a, b, out] = [
      [5, 3],
      [3, 9],
      [5, 9],
    ].map((shape) => comparison.operand(shape));
    comparison.expectSame((kernels, i) => kernels.matmul(out![i]!, a![i]!, b![i]!, bias), tolerance);
  });

  it('matmul of rows that share a place in the cache', () => {
    const comparison = new Comparison(space, numbers(17));
    const [a, b, out] = [
      [17, 20],
      [20, 1024],
      [17, 1024],
    ].map((shape) => comparison.operand(shape));
    comparison.expectSame((kernels, i) => kernels.matmul(out![i]!, a![i]!, b![i]!), tolerance);
  });
});
