import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BroadcastError, broadcastShapes } from '../../../core/tensor/broadcasting';
import type { Shape } from '../../../core/tensor/shape';

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
    expect(() => broadcast([3, 4], [3])).toThrow(BroadcastError);
  });

  it('names the op, both shapes and the dimension that differs', () => {
    expect(() => broadcastShapes('add', [2, 3], [4, 3])).toThrow(
      'add: shapes (2, 3) and (4, 3) do not broadcast: dimension 0 is 2 in one and 4 in the other.',
    );
  });

  it('says the last dimension that does not fit, as PyTorch does', () => {
    const error = new BroadcastError('add', [2, 5, 3], [4, 6, 1]);
    expect([error.dim, error.sizes]).toEqual([1, [5, 6]]);
  });
});
