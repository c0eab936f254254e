import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Kernels, sequence } from '../../../../core/kernels/kernels';
import { referenceKernels } from '../../../../core/kernels/reference/reference';
import type { Arena } from '../../../../core/tensor/arena';
import { type IndexItem, type Selection, select, selectAlong } from '../../../../core/tensor/selection';
import type { Shape } from '../../../../core/tensor/shape';
import { Tensor } from '../../../../core/tensor/tensor';
import { narrow } from '../../../../core/tensor/views';
import { bitsOf } from '../../sessions';
import { numbers } from '../tensors';
import { builds, Comparison, pool, size } from './comparison';

/** Shapes that broadcast to [rows, columns]. */
const broadcast = (rows: number, columns: number) =>
  fc.constantFrom<Shape>([rows, columns], [1, columns], [rows, 1], [columns], [1, 1]);
const matrices = fc.tuple(size, size).chain(([rows, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    a: broadcast(rows, columns),
    b: broadcast(rows, columns),
    pool,
    transposed: fc.boolean(),
  }),
);

/** The item of an index that stands for its `tensor`th tensor. */
const positions = (tensor: number): IndexItem => ({ kind: 'tensor', tensor });
/** As `select`; negative positions count from the end where it `wraps`, and else are refused. */
function selecting(wraps: boolean, ...index: Parameters<typeof select>): Selection {
  const selection = select(...index);
  return { ...selection, places: selection.places.map((place) => ({ ...place, wraps })) };
}

describe.each(builds)('$build kernels, like the reference', (space) => {
  it.each(['add', 'subtract', 'multiply', 'divide'] as const)('%s, broadcasting, to the bit', (kind) => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, a, b, pool }) => {
        const comparison = new Comparison(space, pool);
        const x = comparison.operand(a);
        const y = comparison.operand(b);
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels.binary(kind, out[i], x[i], y[i]));
      }),
    );
  });

  it.each(['copy', 'negate', 'sqrt'] as const)('%s, of views too, to the bit', (kind) => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, a, transposed, pool }) => {
        const comparison = new Comparison(space, pool);
        const x = transposed ? comparison.operand([columns, rows], (t) => t.transpose()) : comparison.operand(a);
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels.unary(kind, out[i], x[i]));
      }),
    );
  });

  it.each(['exp', 'log', 'tanh'] as const)('%s, of views too, to 2 in the last place', (kind) => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, a, transposed, pool }) => {
        const comparison = new Comparison(space, pool);
        const x = transposed ? comparison.operand([columns, rows], (t) => t.transpose()) : comparison.operand(a);
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels.unary(kind, out[i], x[i]), 3e-7);
      }),
    );
  });

  const exponents = [2, 3, 0.5, -2, -0.5, 1, 0] as const;
  it.each([
    ...(['add', 'multiply', 'divide', 'subtractFrom'] as const).map((kind) => ({ kind, by: 0.3 })),
    ...exponents.map((by) => ({ kind: 'power' as const, by })),
  ])('$kind by $by, to the bit', ({ kind, by }) => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, a, pool }) => {
        const comparison = new Comparison(space, pool);
        const x = comparison.operand(a);
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels.scalar(kind, out[i], x[i], by));
      }),
    );
  });

  it.each([-1, -1.5, -3, 1.5, 4, -7.5])('power by %d, of positive numbers, to 1 in the last place', (by) => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, a, pool }) => {
        const comparison = new Comparison(
          space,
          pool.map((value) => (Number.isFinite(value) ? Math.abs(value) + 0.1 : 2)),
        );
        const x = comparison.operand(a);
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels.scalar('power', out[i], x[i], by), 1.2e-7);
      }),
    );
  });

  it('tanhGradient, divisorGradient and fill, to the bit', () => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, b, pool }) => {
        const comparison = new Comparison(space, pool);
        const gradient = comparison.operand([rows, columns]);
        const x = comparison.operand([rows, columns]);
        const divisor = comparison.operand(b);
        const outs = [0, 1, 2].map(() => comparison.operand([rows, columns]));
        comparison.expectSame((kernels, i) => {
          const parts = [
            kernels.tanhGradient(outs[0]![i], gradient[i], x[i]),
            kernels.divisorGradient(outs[1]![i], gradient[i], x[i], divisor[i]),
            kernels.fill(outs[2]![i], 0.1),
          ];
          return () => {
            for (const part of parts) part();
          };
        });
      }),
    );
  });

  it('batch norm and its gradient, to the bit', () => {
    fc.assert(
      fc.property(size, size, pool, fc.boolean(), (rows, columns, values, isTransposed) => {
        const comparison = new Comparison(space, values);
        const x = isTransposed
          ? comparison.operand([columns, rows], (t) => t.transpose())
          : comparison.operand([rows, columns]);
        const [mean, variance] = [comparison.operand([1, columns]), comparison.operand([1, columns])];
        const [gamma, beta] = [comparison.operand([columns]), comparison.operand([columns])];
        const [normalised, inverse] = [comparison.operand([rows, columns]), comparison.operand([1, columns])];
        const [out, gradient, given, back] = [0, 1, 2, 3].map(() => comparison.operand([rows, columns]));
        comparison.expectSame((kernels, i) => {
          const statistics = { mean: mean[i], variance: variance[i], epsilon: 1e-5 };
          const saved = { normalised: normalised[i], inverse: inverse[i] };
          return sequence(
            kernels.batchNorm(out![i], saved, x[i], statistics, gamma[i], beta[i]),
            kernels.batchNormGradient(back![i], gradient![i], { ...saved, normalised: given![i] }, gamma[i]),
          );
        });
      }),
    );
  });

  it('batch norm and its gradient give what their formulas in elementary operations give, to the bit', () => {
    fc.assert(
      fc.property(size, size, pool, (rows, columns, values) => {
        const comparison = new Comparison(space, values);
        const [x, gradient, given] = [0, 1, 2].map(() => comparison.operand([rows, columns]));
        const [mean, variance, factor] = [0, 1, 2].map(() => comparison.operand([1, columns]));
        const [gamma, beta] = [comparison.operand([1, columns]), comparison.operand([columns])];
        const [out, normalised, back] = [0, 1, 2].map(() => comparison.operand([rows, columns]));
        const inverse = comparison.operand([1, columns]);
        const arena = space.newArena();
        const row = () => Tensor.zeros(arena, 'float32', [1, columns]);
        const matrix = () => Tensor.zeros(arena, 'float32', [rows, columns]);
        comparison.expectSame((kernels, i) => {
          if (i === 0) {
            const statistics = { mean: mean![0], variance: variance![0], epsilon: 1e-5 };
            const saved = { normalised: normalised![0], inverse: inverse[0] };
            return sequence(
              kernels.batchNorm(out![0], saved, x![0], statistics, gamma[0], beta[0]),
              kernels.batchNormGradient(
                back![0],
                gradient![0],
                { normalised: given![0], inverse: factor![0] },
                gamma[0],
              ),
            );
          }
          const [deviation, sum, products, share, product, other] = [row(), row(), row(), row(), matrix(), matrix()];
          const to = back![1];
          return sequence(
            kernels.scalar('add', deviation, variance![1], 1e-5),
            kernels.unary('sqrt', deviation, deviation),
            kernels.fill(inverse[1], 1),
            kernels.binary('divide', inverse[1], inverse[1], deviation),
            kernels.binary('subtract', normalised![1], x![1], mean![1]),
            kernels.binary('divide', normalised![1], normalised![1], deviation),
            kernels.binary('multiply', out![1], gamma[1], normalised![1]),
            kernels.binary('add', out![1], out![1], beta[1]),
            // gamma*inverse/n * (n*gradient - gradient.sum(0) - n/(n-1)*normalised*(gradient*normalised).sum(0))
            kernels.sum(sum, gradient![1]),
            kernels.binary('multiply', product, gradient![1], given![1]),
            kernels.sum(products, product),
            kernels.binary('multiply', share, gamma[1], factor![1]),
            kernels.scalar('divide', share, share, rows),
            kernels.scalar('multiply', to, gradient![1], rows),
            kernels.binary('subtract', to, to, sum),
            kernels.scalar('multiply', other, given![1], rows / (rows - 1)),
            kernels.binary('multiply', other, other, products),
            kernels.binary('subtract', to, to, other),
            kernels.binary('multiply', to, share, to),
          );
        });
      }),
    );
  });

  const tolerance = space.build === 'plain' ? 0 : 2e-5;
  it(`matmul, of any layout, with and without bias${tolerance === 0 ? ', to the bit' : ''}`, () => {
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (rows, inner, columns, ta, tb, biased) => {
          const comparison = new Comparison(space, numbers(17));
          const a = ta ? comparison.operand([inner, rows], (t) => t.transpose()) : comparison.operand([rows, inner]);
          const b = tb
            ? comparison.operand([columns, inner], (t) => t.transpose())
            : comparison.operand([inner, columns]);
          const bias = comparison.operand([columns]);
          const out = comparison.operand([rows, columns]);
          comparison.expectSame(
            (kernels, i) => kernels.matmul(out[i], a[i], b[i], biased ? bias[i] : undefined),
            tolerance,
          );
        },
      ),
    );
  });

  it.each([
    ['a row that is repeated', 5, 16],
    ['a single row', 1, 16],
  ])('matmul by %s, whose rows are no bytes apart', (_, inner, columns) => {
    const comparison = new Comparison(space, numbers(17));
    const a = comparison.operand([8, 1], (t) => t.expand([8, inner]));
    const b = comparison.operand([1, columns], (t) => t.expand([inner, columns]));
    const out = comparison.operand([8, columns]);
    comparison.expectSame((kernels, i) => kernels.matmul(out[i], a[i], b[i]), tolerance);
  });

  it('matmul of sizes that are packed first', () => {
    for (const [ta, tb] of [
      [false, false],
      [false, true],
      [true, false],
    ] as const) {
      const comparison = new Comparison(space, numbers(17));
      const a = ta ? comparison.operand([210, 131], (t) => t.transpose()) : comparison.operand([131, 210]);
      const b = tb ? comparison.operand([155, 210], (t) => t.transpose()) : comparison.operand([210, 155]);
      const out = comparison.operand([131, 155]);
      comparison.expectSame((kernels, i) => kernels.matmul(out[i], a[i], b[i]), tolerance);
    }
  });

  it('logSoftmax to 2 in the last place', () => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, pool }) => {
        const finite = pool.map((value) => (Math.abs(value) < 100 ? value : 1));
        const comparison = new Comparison(space, finite);
        const x = comparison.operand([rows, columns]);
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels.logSoftmax(out[i], x[i]), 5e-7);
      }),
    );
  });

  it('gathers and scatters rows, and an element of each row, to the bit', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.array(fc.nat(), { minLength: 32, maxLength: 32 }),
        fc.boolean(),
        fc.boolean(),
        (sizes, draws, adds, wraps) => {
          const { rows, columns, pool } = sizes;
          const comparison = new Comparison(space, pool);
          const table = comparison.operand([rows, columns]);
          const indicesBelow = (bound: number, isWrapping: boolean) =>
            comparison.operand(
              [32],
              undefined,
              'int32',
              draws.map((draw) => (draw % bound) - (isWrapping && draw % 3 === 0 ? bound : 0)),
            );
          const row = indicesBelow(rows, wraps);
          const column = indicesBelow(columns, wraps);
          const own = indicesBelow(columns, false);
          const wide = comparison.operand([32, columns]);
          const part = comparison.operand([rows, columns + 3], (t) => narrow(t, 1, 1, columns));
          const [gathered, fromPart] = [comparison.operand([32, columns]), comparison.operand([32, columns])];
          const put = comparison.operand([rows, columns]);
          const [picked, pickedToo] = [comparison.operand([32]), comparison.operand([32, 1])];
          const [scattered, scatteredToo] = [comparison.operand([32, columns]), comparison.operand([32, columns])];
          const rowsOf = (x: Tensor, i: 0 | 1) => selecting(wraps, x, [positions(0)], [row[i]]);
          const elementsOf = (x: Tensor, i: 0 | 1) =>
            selecting(wraps, x, [{ kind: 'range', start: 0, stop: 32, step: 1 }, positions(0)], [column[i]]);
          comparison.expectSame((kernels, i) =>
            sequence(
              kernels.gather(gathered[i], rowsOf(table[i], i)),
              kernels.gather(fromPart[i], rowsOf(part[i], i)),
              kernels.scatter(rowsOf(put[i], i), wide[i], adds),
              kernels.scatter(rowsOf(part[i], i), wide[i], adds),
              kernels.gather(picked[i], elementsOf(wide[i], i)),
              kernels.scatter(elementsOf(scattered[i], i), picked[i], adds),
              kernels.gather(pickedToo[i], selectAlong(wide[i], 1, own[i].view([32, 1]))),
              kernels.scatter(selectAlong(scatteredToo[i], 1, own[i].view([32, 1])), pickedToo[i], adds),
            ),
          );
        },
      ),
    );
  });

  it('gathers and scatters by several tensors, along any dimension, and from transposed tensors, to the bit', () => {
    fc.assert(
      fc.property(size, size, pool, fc.boolean(), (rows, columns, values, adds) => {
        const comparison = new Comparison(space, values);
        const x = comparison.operand([columns, rows], (t) => t.transpose());
        const target = comparison.operand([rows, columns]);
        const below = (bound: number, step: number) =>
          comparison.operand(
            [rows, columns],
            undefined,
            'int32',
            Array.from({ length: rows * columns }, (_, i) => (i * step) % bound),
          );
        const [row, column] = [below(rows, 3), below(columns, 7)];
        const [picked, along] = [comparison.operand([rows, columns]), comparison.operand([rows, columns])];
        comparison.expectSame((kernels, i) => {
          const tensors = [row[i], column[i]];
          return sequence(
            kernels.gather(picked[i], select(x[i], [positions(0), positions(1)], tensors)),
            kernels.gather(along[i], selectAlong(x[i], 1, column[i])),
            kernels.scatter(select(target[i], [positions(0), positions(1)], tensors), picked[i], adds),
            kernels.scatter(selectAlong(target[i], 0, row[i]), along[i], adds),
          );
        });
      }),
    );
  });

  it('refuses an index out of range, naming it', () => {
    const arena = space.newArena();
    const table = Tensor.zeros(arena, 'float32', [5, 3]);
    const indices = Tensor.zeros(arena, 'int32', [4]);
    const out = Tensor.zeros(arena, 'float32', [4, 3]);
    for (const [wraps, wrong] of [
      [false, 5],
      [false, -1],
      [true, 5],
      [true, -6],
    ] as const) {
      indices.copyFrom([0, 1, wrong, 2]);
      const rows = selecting(wraps, table, [positions(0)], [indices]);
      const message = `index ${wrong} is out of bounds for dimension 0 with size 5.`;
      expect(space.kernels.gather(out, rows)).toThrow(new RangeError(`gather: ${message}`));
      expect(space.kernels.scatter(rows, out, true)).toThrow(new RangeError(`scatter: ${message}`));
      const elements = selectAlong(Tensor.zeros(arena, 'float32', [4, 5]), 1, indices.view([4, 1]));
      expect(space.kernels.scatter(elements, narrow(out, 1, 0, 1), true)).toThrow(/ is out of bounds for dimension 1 /);
    }
  });

  it('updates to the bit, and measures deviations to 2e-6 of themselves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: -3, max: 3 }), (count, offset) => {
        const run = (kernels: Kernels, newArena: () => Arena) => {
          const arena = newArena();
          const make = (seed: number) => {
            const x = Tensor.zeros(arena, 'float32', [count]);
            x.copyFrom(numbers(count, seed).map((value) => value + offset * 50));
            return x;
          };
          const [parameter, gradient] = [make(1), make(2)];
          const deviations = Tensor.zeros(arena, 'float64', [2]);
          kernels.update(parameter, gradient, () => 0.1, deviations)();
          const result = { parameter: bitsOf(parameter.values()), deviations: [...deviations.values()] };
          arena.reset();
          return result;
        };
        const actual = run(space.kernels, space.newArena);
        const expected = run(referenceKernels, space.newArena);
        expect(actual.parameter).toEqual(expected.parameter);
        for (const [i, deviation] of expected.deviations.entries()) {
          if (count === 1) expect(actual.deviations[i]).toBeNaN();
          else expect(Math.abs(actual.deviations[i]! / deviation - 1)).toBeLessThan(2e-6);
        }
      }),
    );
  });

  it('histogram to the bit, whatever the range, moments to 2e-6, saturation to the bit', () => {
    const scales = fc.record({ scale: fc.constantFrom(1, 1e-6, 1e20), offset: fc.constantFrom(0, 1, 1000) });
    fc.assert(
      fc.property(matrices, scales, fc.boolean(), ({ rows, columns, pool }, { scale, offset }, isSmooth) => {
        const values = isSmooth ? numbers(rows * columns) : pool;
        const comparison = new Comparison(
          space,
          values.map((value) => Math.fround(value * scale + offset)),
        );
        const x = comparison.operand([rows, columns]);
        // Rounded otherwise than the reference's; below, of numbers for which that is little.
        const unread = Tensor.zeros(space.newArena(), 'float64', [4]);
        const range = comparison.operand([2], undefined, 'float64');
        const density = comparison.operand([100]);
        const map = comparison.operand([Math.ceil((rows * columns) / 32)], undefined, 'int32');
        const totals = comparison.operand([2], undefined, 'int32');
        comparison.expectSame((kernels, i) => {
          const parts = [
            kernels.distribution(unread, range[i], density[i], x[i]),
            kernels.saturation(map[i], totals[i], x[i], 0.97),
          ];
          return () => {
            for (const part of parts) part();
          };
        });
        const near = new Comparison(
          space,
          values.map((value) => Math.fround(value + offset)),
        );
        const y = near.operand([rows, columns]);
        const moments = near.operand([4], undefined, 'float64');
        const momentsToo = near.operand([4], undefined, 'float64');
        const nearRange = near.operand([2], undefined, 'float64');
        const nearDensity = near.operand([100]);
        if (values.every((value) => Math.abs(value) < 1e3))
          near.expectSame((kernels, i) => {
            const parts = [
              kernels.moments(moments[i], y[i]),
              kernels.distribution(momentsToo[i], nearRange[i], nearDensity[i], y[i]),
            ];
            return () => {
              for (const part of parts) part();
            };
          }, 2e-6);
      }),
    );
  });

  it('moments of what is not a number are not a number', () => {
    const arena = space.newArena();
    const x = Tensor.zeros(arena, 'float32', [9]);
    const out = Tensor.zeros(arena, 'float64', [4]);
    for (let at = 0; at < 9; at++) {
      x.copyFrom(numbers(9).map((value, i) => (i === at ? Number.NaN : value)));
      space.kernels.moments(out, x)();
      expect([...out.values()]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    }
  });
});
