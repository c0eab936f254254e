import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinaryKind } from '../../../core/kernels/kernels';
import { referenceKernels as kernels } from '../../../core/kernels/reference/reference';
import { Arena, type DataType, type FloatType } from '../../../core/tensor/arena';
import { broadcastShapes, elementCount, type Shape, unravelIndex } from '../../../core/tensor/shape';
import { Tensor } from '../../../core/tensor/tensor';
import { createMemory } from '../engine';

const arena = new Arena(createMemory());
const same = (value: number) => value;
const roundingOf = (dtype: FloatType) => (dtype === 'float32' ? Math.fround : same);

/** Some numbers of either sign, different at each place and seldom exact in binary. */
const numbers = (count: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => Math.sin(seed * 12.9898 + i * 7.233) * 3);

function tensor(dtype: DataType, shape: Shape, values: ArrayLike<number> = numbers(elementCount(shape))): Tensor {
  const made = Tensor.zeros(arena, dtype, shape);
  made.copyFrom(values);
  return made;
}

/** A matrix whose numbers lie in any order a view can have: plain, transposed, or a window of a larger one. */
function strided(dtype: DataType, shape: readonly [number, number], layout: Layout, seed: number): Tensor {
  const [rows, columns] = shape;
  switch (layout) {
    case 'plain':
      return tensor(dtype, shape, numbers(rows * columns, seed));
    case 'transposed':
      return tensor(dtype, [columns, rows], numbers(rows * columns, seed)).transpose();
    case 'window': {
      const whole = tensor(dtype, [rows + 2, columns + 3], numbers((rows + 2) * (columns + 3), seed));
      return new Tensor(whole.storage, shape, whole.strides, columns + 3 + 2);
    }
  }
}
const layouts = ['plain', 'transposed', 'window'] as const;
type Layout = (typeof layouts)[number];

/** The element at a multi-dimensional index, straight from the storage. */
const at = (x: Tensor, index: readonly number[]) =>
  x.storage.data[x.offset + index.reduce((sum, i, dim) => sum + i * x.strides[dim]!, 0)]!;
/** The same for an index of a shape that `x` broadcasts to. */
const broadcastAt = (x: Tensor, index: readonly number[]) =>
  at(
    x,
    x.shape.map((size, dim) => (size === 1 ? 0 : index[index.length - x.shape.length + dim]!)),
  );

const dtype = fc.constantFrom<FloatType>('float32', 'float64');
const layout = fc.constantFrom(...layouts);
const size = fc.integer({ min: 1, max: 9 });

describe('matmul', () => {
  it('is the plain triple loop, to the bit, for every size and layout', () => {
    fc.assert(
      fc.property(dtype, size, size, size, layout, layout, (type, rows, inner, columns, layoutA, layoutB) => {
        arena.reset();
        const a = strided(type, [rows, inner], layoutA, 1);
        const b = strided(type, [inner, columns], layoutB, 2);
        const out = tensor(type, [rows, columns]);
        kernels.matmul(out, a, b)();
        const round = roundingOf(type);
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            let sum = 0;
            for (let k = 0; k < inner; k++) sum = round(sum + round(at(a, [row, k]) * at(b, [k, column])));
            expect(at(out, [row, column])).toBe(sum);
          }
        }
      }),
    );
  });
});

const binaryKinds: Readonly<Record<BinaryKind, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

describe('elementwise', () => {
  const shapes = fc
    .tuple(
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
      fc.nat(4),
      fc.nat(4),
      fc.infiniteStream(fc.boolean()),
    )
    .map(([full, dropA, dropB, ones]) => {
      const shrink = (drop: number) => full.slice(drop).map((length) => (ones.next().value ? 1 : length));
      return [shrink(dropA), shrink(dropB)] as const;
    });

  it.each(Object.keys(binaryKinds) as BinaryKind[])('%s broadcasts as a loop over all indices', (kind) => {
    fc.assert(
      fc.property(dtype, shapes, fc.boolean(), (type, [shapeA, shapeB], transposes) => {
        arena.reset();
        const isMatrix = transposes && shapeA.length === 2;
        const stored = tensor(type, isMatrix ? shapeA.toReversed() : shapeA, numbers(elementCount(shapeA), 1));
        const a = isMatrix ? stored.transpose() : stored;
        const b = tensor(type, shapeB, numbers(elementCount(shapeB), 2));
        const shape = broadcastShapes(kind, shapeA, shapeB);
        const out = tensor(type, shape);
        kernels.binary(kind, out, a, b)();
        for (let i = 0; i < out.elements; i++) {
          const index = unravelIndex(i, shape);
          const exact = binaryKinds[kind](broadcastAt(a, index), broadcastAt(b, index));
          expect(at(out, index)).toBe(roundingOf(type)(exact));
        }
      }),
    );
  });

  it('may write over what it reads', () => {
    arena.reset();
    const a = tensor('float64', [3, 2], [1, 2, 3, 4, 5, 6]);
    kernels.binary('multiply', a, a, tensor('float64', [2], [10, 100]))();
    expect([...a.values()]).toEqual([10, 200, 30, 400, 50, 600]);
    kernels.unary('negate', a, a)();
    kernels.scalar('subtractFrom', a, a, 1)();
    expect([...a.values()]).toEqual([11, 201, 31, 401, 51, 601]);
  });

  it('rounds a scalar to the tensors’ type first', () => {
    arena.reset();
    const out = tensor('float32', [1]);
    kernels.scalar('add', out, tensor('float32', [1], [1e-9]), 0.1)();
    expect(out.item()).toBe(Math.fround(Math.fround(0.1) + Math.fround(1e-9)));
  });

  it('sees numbers that moved because the memory grew', () => {
    const own = new Arena(createMemory());
    const x = Tensor.zeros(own, 'float32', [4]);
    const kernel = kernels.scalar('add', x, x, 1);
    Tensor.zeros(own, 'float32', [100_000]);
    kernel();
    expect([...x.values()]).toEqual([1, 1, 1, 1]);
  });
});

describe('power', () => {
  const run = (type: FloatType, values: readonly number[], exponent: number) => {
    arena.reset();
    const out = tensor(type, [values.length]);
    kernels.scalar('power', out, tensor(type, [values.length], values), exponent)();
    return [...out.values()];
  };
  /** What PyTorch computes for these exponents, rounding after each operation. */
  const formulas: readonly (readonly [number, (x: number) => number])[] = [
    [2, (x) => x * x],
    [3, (x) => Math.fround(x * x) * x],
    [0.5, (x) => Math.sqrt(x)],
    [-0.5, (x) => 1 / Math.fround(Math.sqrt(x))],
    [-1, (x) => 1 / x],
    [-2, (x) => 1 / Math.fround(x * x)],
    [1, (x) => x],
    [0, () => 1],
  ];
  it.each(formulas)('%s is computed as PyTorch does', (exponent, formula) => {
    const values = [...numbers(300).map(Math.abs), 0, -0, -1, Infinity, -Infinity, NaN].map(Math.fround);
    expect(run('float32', values, exponent)).toEqual(values.map((x) => Math.fround(formula(x))));
  });

  it('keeps an exponent that float32 cannot hold', () => {
    const large = Math.fround(1e38);
    expect(run('float32', [large], 0.1)).toEqual([Math.fround(large ** 0.1)]);
    expect(Math.fround(large ** 0.1)).not.toBe(Math.fround(large ** Math.fround(0.1)));
  });
});

/** The index of `out` to which an index of `x` reduces. */
const reducedIndex = (index: readonly number[], shape: Shape) =>
  shape.map((length, dim) => (length === 1 ? 0 : index[index.length - shape.length + dim]!));

describe('sum and variance', () => {
  const reductions = fc
    .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }), fc.nat(4), fc.infiniteStream(fc.boolean()))
    .map(([shape, drop, ones]) => ({
      shape,
      reduced: shape.slice(drop).map((length) => (ones.next().value ? 1 : length)),
    }));

  it('reduce any dimensions, kept as 1 or dropped at the front, as a loop over all indices', () => {
    fc.assert(
      fc.property(reductions, fc.boolean(), ({ shape, reduced }, transposes) => {
        arena.reset();
        const isMatrix = transposes && shape.length === 2;
        const stored = tensor('float64', isMatrix ? shape.toReversed() : shape);
        const x = isMatrix ? stored.transpose() : stored;
        const groups = new Map<string, number[]>();
        for (let i = 0; i < x.elements; i++) {
          const index = unravelIndex(i, shape);
          const key = String(reducedIndex(index, reduced));
          groups.set(key, [...(groups.get(key) ?? []), at(x, index)]);
        }
        const sum = tensor('float64', reduced);
        const variance = tensor('float64', reduced);
        kernels.sum(sum, x)();
        kernels.variance(variance, x, 1)();
        for (let i = 0; i < sum.elements; i++) {
          const index = unravelIndex(i, reduced);
          const group = groups.get(String(index))!;
          const total = group.reduce((a, b) => a + b, 0);
          const mean = total / group.length;
          expect(at(sum, index)).toBeCloseTo(total, 12);
          const squares = group.reduce((a, b) => a + (b - mean) ** 2, 0);
          if (group.length === 1) expect(at(variance, index)).toBeNaN();
          else expect(at(variance, index)).toBeCloseTo(squares / (group.length - 1), 12);
        }
      }),
    );
  });
});

describe('rowArgmax', () => {
  const columnsOf = (rows: readonly (readonly number[])[]) => {
    arena.reset();
    const indices = tensor('int32', [rows.length], new Array(rows.length).fill(9));
    kernels.rowArgmax(indices, tensor('float32', [rows.length, rows[0]!.length], rows.flat()))();
    return [...indices.values()];
  };

  it('takes the first of equals, and not-a-number before all', () => {
    expect(
      columnsOf([
        [1, 3, 3],
        [-0, 0, -0],
        [-Infinity, -Infinity, -Infinity],
      ]),
    ).toEqual([1, 0, 0]);
    expect(
      columnsOf([
        [1, NaN, Infinity],
        [NaN, 5, NaN],
        [5, 4, NaN],
      ]),
    ).toEqual([1, 0, 2]);
  });
});

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
        kernels.gatherRows(gathered, source, indices)();
        const added = tensor('float32', [rows, width]);
        const assigned = tensor('float32', [rows, width]);
        const x = strided('float32', [draws.length, width], how, 3);
        kernels.putRows(added, x, indices, true)();
        kernels.putRows(assigned, x, indices, false)();
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

  it.each([-1, 3])('refuses index %i of 3 rows, and changes nothing outside its output', (wrong) => {
    arena.reset();
    const matrix = tensor('float32', [3, 3]);
    const neighbour = tensor('float32', [16], new Array(16).fill(5));
    const indices = tensor('int32', [3], [0, wrong, 1]);
    const rows = tensor('float32', [3, 3]);
    const column = tensor('float32', [3]);
    expect(kernels.gatherRows(rows, matrix, indices)).toThrow(RangeError);
    expect(kernels.pick(column, matrix, indices)).toThrow(
      new RangeError(`pick: index ${wrong} is out of range for 3 entries.`),
    );
    expect(kernels.putRows(matrix, rows, indices, true)).toThrow(RangeError);
    expect(kernels.scatterPick(matrix, column, indices)).toThrow(RangeError);
    expect([...neighbour.values()]).toEqual(new Array(16).fill(5));
  });
});

describe('logSoftmax', () => {
  it('stays finite for large logits and sums to one', () => {
    arena.reset();
    const out = tensor('float64', [2, 3]);
    kernels.logSoftmax(out, tensor('float64', [2, 3], [1000, 1001, 999, -1000, -1000, -1000]))();
    const [a, b, c, ...even] = out.values();
    expect(Math.exp(a!) + Math.exp(b!) + Math.exp(c!)).toBeCloseTo(1, 12);
    for (const value of even) expect(value).toBeCloseTo(-Math.log(3), 12);
  });
});

describe('sgd', () => {
  it('rounds the product before it adds, and reads the learning rate when it runs', () => {
    arena.reset();
    const parameter = tensor('float32', [50], numbers(50, 1));
    const gradient = tensor('float32', [50], numbers(50, 2));
    let learningRate = 0;
    const update = kernels.sgd(parameter, gradient, () => learningRate);
    const before = [...parameter.values()];
    learningRate = 0.1;
    update();
    const expected = before.map((value, i) =>
      Math.fround(value + Math.fround(Math.fround(-0.1) * gradient.values()[i]!)),
    );
    expect([...parameter.values()]).toEqual(expected);
  });
});
