import { describe, expect, it } from 'vitest';
import { nodeDetail } from '../../../core/debugger/inspect';
import { ulpDistance } from '../../../core/gradients/ulp';
import { elementCount, type Shape } from '../../../core/tensor/shape';
import { Tensor } from '../../../core/tensor/tensor';
import { newArena } from '../engine';
import { advanced, newSession } from '../sessions';

const arena = newArena();

/** 0, 1, 2, … times `factor`, in this shape. */
function counting(shape: Shape, factor = 1): Tensor {
  const tensor = Tensor.zeros(arena, 'float32', shape);
  tensor.copyFrom(Array.from({ length: elementCount(shape) }, (_, i) => i * factor));
  return tensor;
}

function detailOf(shape: Shape, row: number, column: number, byHand: Tensor | null = null) {
  const manual = byHand && { shape: byHand.shape, values: byHand.values() };
  return nodeDetail({ node: 'x', step: 4, value: counting(shape), gradient: counting(shape, 2), manual }, row, column);
}

describe('nodeDetail', () => {
  it.each([
    { shape: [], rows: 1, columns: 1 },
    { shape: [5], rows: 1, columns: 5 },
    { shape: [2, 3], rows: 2, columns: 3 },
    { shape: [2, 3, 4], rows: 6, columns: 4 },
  ])('folds $shape to $rows × $columns', ({ shape, rows, columns }) => {
    const detail = detailOf(shape, 0, 0);
    expect(detail).toMatchObject({
      node: 'x',
      step: 4,
      shape,
      rows,
      columns,
      manual: null,
      difference: null,
      ulp: null,
    });
    expect(detail.window).toEqual({ row: 0, column: 0, rows, columns });
    const count = rows * columns;
    expect([...detail.value.cells]).toEqual(Array.from({ length: count }, (_, i) => i));
    expect([...detail.gradient.cells]).toEqual(Array.from({ length: count }, (_, i) => 2 * i));
    expect(detail.gradient.moments.maximum).toBe(2 * (count - 1));
  });

  it.each([
    { asked: [0, 0], given: [0, 0] },
    { asked: [10, 20], given: [10, 20] },
    { asked: [44, 144], given: [44, 144] },
    { asked: [45, 1e9], given: [44, 144] },
    { asked: [1e9, 5], given: [44, 5] },
  ])('cuts 256 × 256 cells of a larger tensor: asked at $asked, given at $given', ({ asked, given }) => {
    const [row, column] = given as [number, number];
    const { window, value, rows, columns } = detailOf([300, 400], asked[0]!, asked[1]!);
    expect([rows, columns]).toEqual([300, 400]);
    expect(window).toEqual({ row, column, rows: 256, columns: 256 });
    expect(value.cells).toHaveLength(256 * 256);
    expect(value.cells[0]).toBe(row * 400 + column);
    expect(value.cells[256]).toBe((row + 1) * 400 + column);
    expect(value.cells.at(-1)).toBe((row + 255) * 400 + column + 255);
    // Moments and histogram are those of the whole tensor.
    expect(value.moments).toMatchObject({ minimum: 0, maximum: 119_999 });
    expect(value.histogram.maximum).toBe(119_999);
  });

  it('cuts a long vector and a tall matrix alike', () => {
    expect(detailOf([1000], 7, 900).window).toEqual({ row: 0, column: 744, rows: 1, columns: 256 });
    expect(detailOf([1000, 2], 900, 1).window).toEqual({ row: 744, column: 0, rows: 256, columns: 2 });
  });

  it('subtracts autograd’s gradient from the one by hand and counts ulp, cell by cell', () => {
    const { gradient, manual, difference, ulp } = detailOf([2, 3], 0, 0, counting([2, 3], 2 + 2 ** -20));
    for (const [i, byHand] of manual!.cells.entries()) {
      expect(difference!.cells[i]).toBe(byHand - gradient.cells[i]!);
      expect(ulp![i]).toBe(ulpDistance(byHand, gradient.cells[i]!));
    }
    expect(ulp!.some((distance) => distance > 0)).toBe(true);
  });

  it('compares nothing where the gradient by hand has another shape, though it would broadcast', () => {
    expect(detailOf([2, 3], 0, 0, counting([1, 3]))).toMatchObject({ manual: null, difference: null, ulp: null });
    expect(detailOf([2, 3], 0, 0, counting([6]))).toMatchObject({ manual: null });
  });
});

describe('a session’s nodes', () => {
  it('can all be inspected, with copies that later steps leave alone', () => {
    const session = advanced(newSession({ hiddenSize: 8 }), 1);
    const details = session.network.nodes.map(({ name }) => session.inspect(name, 0, 0));
    const copies = structuredClone(details);
    session.advance();
    expect(details).toEqual(copies);
    for (const { node, manual } of details) expect(manual === null, node).toBe(node === 'loss');
  });

  it('show the planted mistake’s gradient', () => {
    const session = newSession({ hiddenSize: 8 });
    expect(Math.max(...session.inspect('bnraw', 0, 0).ulp!)).toBe(0);
    session.chooseBackward('nodewise', 'gain-forgotten');
    const { manual } = session.inspect('bnraw', 0, 0);
    expect([...manual!.cells]).toEqual([...session.inspect('hpreact', 0, 0).gradient.cells]);
    expect(session.inspect('W2', 0, 0).manual).not.toBeNull();
    session.chooseBackward('nodewise', 'dw2-not-transposed');
    expect(session.inspect('W2', 0, 0).manual).toBeNull();
  });
});
