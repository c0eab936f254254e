import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IndexItem, SelectionError, select, trueElements } from '../../../core/tensor/selection';
import { elementCount, type Shape } from '../../../core/tensor/shape';
import { Tensor } from '../../../core/tensor/tensor';
import { newArena } from '../engine';

const filled = (shape: Shape, values: readonly number[]) => {
  const tensor = Tensor.zeros(newArena(), 'float64', shape);
  tensor.copyFrom(values);
  return tensor;
};
const counting = (shape: Shape) =>
  filled(
    shape,
    Array.from({ length: elementCount(shape) }, (_, i) => i),
  );
const all: IndexItem = { kind: 'slice', start: null, stop: null, step: null };
const size = fc.integer({ min: 1, max: 4 });

/** The positions that a selection by positions alone comes to, in order. */
function positionsOf(x: Tensor, items: readonly IndexItem[], tensors: readonly Tensor[]): number[] {
  const { base, places } = select(x, items, tensors);
  expect(base.shape).toHaveLength(1);
  return Array.from({ length: base.elements }, (_, i) =>
    places.reduce(
      (at, { positions, stride }) =>
        at + positions.storage.data[positions.offset + i * positions.strides[0]!]! * stride,
      base.offset + i * base.strides[0]!,
    ),
  );
}

it('finds the elements where truth values are true, in order, whatever their strides', () => {
  fc.assert(
    fc.property(size, size, fc.infiniteStream(fc.boolean()), (rows, columns, draws) => {
      const mask = filled(
        [columns, rows],
        Array.from({ length: rows * columns }, () => Number(draws.next().value)),
      ).transpose();
      const expected = [...counting([rows, columns]).values()].filter((at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        return mask.storage.data[row * mask.strides[0]! + column * mask.strides[1]!] !== 0;
      });
      expect([...trueElements(mask)]).toEqual(expected);
    }),
  );
});

describe('positions', () => {
  it('are a view where no tensor and no range picks', () => {
    const x = counting([2, 3, 4]);
    const { base, isView } = select(x, [{ kind: 'position', position: -1 }, { kind: 'new' }, { kind: 'rest' }], []);
    expect([isView, base.shape, base.offset, base.storage === x.storage]).toEqual([true, [1, 3, 4], 12, true]);
    expect(select(x, [{ kind: 'range', start: 0, stop: 2, step: 1 }], []).isView).toBe(false);
  });

  it('of a range are a stride, unless they leap from one end to the other', () => {
    const x = counting([5]);
    const backwards = select(x, [{ kind: 'range', start: -1, stop: -6, step: -2 }], []);
    expect([backwards.base.offset, backwards.base.strides, backwards.places]).toEqual([4, [-2], []]);
    expect(positionsOf(x, [{ kind: 'range', start: -2, stop: 2, step: 1 }], [])).toEqual([-2, -1, 0, 1]);
  });

  it.each<[string, Shape, readonly IndexItem[], string]>([
    ['outside', [3], [{ kind: 'position', position: 3 }], 'index 3 is out of bounds for dimension 0 with size 3'],
    ['of a range outside', [2, 3], [all, { kind: 'range', start: 0, stop: 4, step: 1 }], 'index 3 is out of bounds'],
    ['of too many', [3], [all, all], 'too many indices for tensor of dimension 1'],
    ['of a scalar', [], [all], 'invalid index of a 0-dim tensor'],
    ['with two ellipses', [3], [{ kind: 'rest' }, { kind: 'rest' }], 'can only have a single ellipsis'],
    ['by no step', [3], [{ kind: 'slice', start: null, stop: null, step: 0 }], 'step must be greater than zero'],
  ])('%s are refused', (_, shape, items, message) => {
    expect(() => select(counting(shape), items, [])).toThrow(SelectionError);
    expect(() => select(counting(shape), items, [])).toThrow(message);
  });
});
