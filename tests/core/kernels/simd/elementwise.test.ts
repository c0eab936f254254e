import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ulpDistance } from '../../../../core/gradients/ulp';
import { type Activation, type Kernels, sequence } from '../../../../core/kernels/kernels';
import { referenceKernels } from '../../../../core/kernels/reference/reference';
import type { Shape } from '../../../../core/tensor/shape';
import { Tensor } from '../../../../core/tensor/tensor';
import { builds, Comparison, pool, size } from './comparison';

/** Two shapes that broadcast to [rows, columns], and what fills the operands. */
const matrices = fc.tuple(size, size).chain(([rows, columns]) => {
  const shape = fc.constantFrom<Shape>([rows, columns], [1, columns], [rows, 1], [columns], [1, 1]);
  return fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    a: shape,
    b: shape,
    pool,
    transposed: fc.boolean(),
  });
});

/** With what its numbers are, and how far what it computes by exponentials may be off the reference's, beside 1 or relatively. */
const activations: readonly (readonly [Activation, number])[] = [
  [{ kind: 'relu' }, 0],
  [{ kind: 'leakyRelu', first: 0.01 }, 0],
  [{ kind: 'clamp', first: -1, second: 0.5 }, 0],
  [{ kind: 'clamp', first: Number.NEGATIVE_INFINITY, second: 0.5 }, 0],
  [{ kind: 'gelu' }, 5e-7],
  [{ kind: 'geluTanh' }, 1e-6],
  [{ kind: 'sigmoid' }, 3e-7],
  [{ kind: 'silu' }, 5e-7],
  [{ kind: 'softplus', first: 1.5, second: 3 }, 3e-7],
  [{ kind: 'elu', first: 0.7 }, 3e-7],
];

const comparisons = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const;

describe.each(builds)('$build kernels, like the reference', (space) => {
  it.each(['maximum', 'minimum'] as const)('%s, broadcasting, to the bit', (kind) => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, a, b, pool }) => {
        const comparison = new Comparison(space, pool);
        const [x, y] = [comparison.operand(a), comparison.operand(b)];
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels.binary(kind, out[i], x[i], y[i]));
      }),
    );
  });

  it.each(comparisons)('%s, broadcasting, into truth values', (kind) => {
    fc.assert(
      fc.property(matrices, fc.constantFrom('int32', 'float32', 'float64'), ({ rows, columns, a, b, pool }, type) => {
        const comparison = new Comparison(space, pool);
        const [x, y] = [comparison.operand(a), comparison.operand(b)];
        const out = comparison.operand([rows, columns], undefined, type);
        comparison.expectSame((kernels, i) => kernels.binary(kind, out[i], x[i], y[i]));
        const whole = pool.map((value) => (Number.isFinite(value) ? Math.sign(value) : 0));
        const ofNumbers = new Comparison(space, whole);
        const [p, q] = [ofNumbers.operand(a, undefined, 'int32'), ofNumbers.operand(b, undefined, 'float64')];
        const found = ofNumbers.operand([rows, columns], undefined, type);
        ofNumbers.expectSame((kernels, i) => kernels.binary(kind, found[i], p[i], q[i]));
      }),
    );
  });

  it.each(['abs', 'sign', 'reciprocal', 'floor', 'ceil', 'trunc', 'round'] as const)(
    '%s, of views too, to the bit',
    (kind) => {
      fc.assert(
        fc.property(matrices, ({ rows, columns, a, transposed, pool }) => {
          const comparison = new Comparison(
            space,
            // Halves, too, which are rounded to the even.
            pool.map((value, i) => (i % 3 === 0 && Math.abs(value) < 1e6 ? Math.round(value) + 0.5 : value)),
          );
          const x = transposed ? comparison.operand([columns, rows], (t) => t.transpose()) : comparison.operand(a);
          const out = comparison.operand([rows, columns]);
          comparison.expectSame((kernels, i) => kernels.unary(kind, out[i], x[i]));
        }),
      );
    },
  );

  it.each(activations)('$kind, of views too, and its gradient', (activation, tolerance) => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, a, transposed, pool }) => {
        const comparison = new Comparison(space, pool);
        const x = transposed ? comparison.operand([columns, rows], (t) => t.transpose()) : comparison.operand(a);
        const saved = transposed
          ? comparison.operand([columns, rows], (t) => t.transpose())
          : comparison.operand([rows, columns]);
        const gradient = comparison.operand([rows, columns]);
        const [out, back] = [comparison.operand([rows, columns]), comparison.operand([rows, columns])];
        comparison.expectSame(
          (kernels, i) =>
            sequence(
              kernels.activation(activation, out[i], x[i]),
              kernels.activationGradient(activation, back[i], gradient[i], saved[i]),
            ),
          tolerance,
        );
      }),
    );
  });

  it('where, by conditions of any type and broadcasting, and the gradient of maximum, to the bit', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.constantFrom('int32', 'float32', 'float64'),
        fc.boolean(),
        ({ rows, columns, a, b, pool }, type, isOfFirst) => {
          const comparison = new Comparison(space, pool);
          const [x, y] = [comparison.operand(a), comparison.operand(b)];
          const gradient = comparison.operand([rows, columns]);
          const test = isOfFirst ? a : [rows, columns];
          const count = test.reduce((product, size) => product * size, 1);
          const condition = comparison.operand(
            test,
            undefined,
            type,
            Array.from({ length: count }, (_, i) => (pool[i % pool.length]! > 0 ? (i % 3) - 1 : 0)),
          );
          const [out, back] = [comparison.operand([rows, columns]), comparison.operand([rows, columns])];
          comparison.expectSame((kernels, i) =>
            sequence(
              kernels.where(out[i], condition[i], x[i], y[i]),
              kernels.maximumGradient(back[i], gradient[i], x[i], y[i]),
            ),
          );
        },
      ),
    );
  });

  it('where may write over what it chooses from', () => {
    const comparison = new Comparison(space, [1, -2, 3, -4, 5, -6, 7]);
    const condition = comparison.operand([7], undefined, 'int32', [0, 1, 0, 1, 1, 0, 0]);
    const out = comparison.operand([7]);
    const other = comparison.operand([]);
    comparison.expectSame((kernels, i) => kernels.where(out[i], condition[i], out[i], other[i]));
  });

  /** The distance at the worst of half a million inputs of every exponent and either sign. */
  function worstDistance(plan: (kernels: Kernels, out: Tensor, x: Tensor) => () => void): number {
    const arena = space.newArena();
    const count = 1 << 19;
    const [x, actual, expected] = [0, 1, 2].map(() => Tensor.zeros(arena, 'float32', [count]));
    const bits = Uint32Array.from({ length: count }, (_, i) => i * 8191);
    x!.copyFrom(new Float32Array(bits.buffer));
    plan(space.kernels, actual!, x!)();
    plan(referenceKernels, expected!, x!)();
    const [own, others] = [actual!.values(), expected!.values()];
    let worst = 0;
    for (let i = 0; i < count; i++) worst = Math.max(worst, ulpDistance(own[i]!, others[i]!));
    return worst;
  }

  it('erf is at most 2 ulp off the reference', () => {
    expect(worstDistance((kernels, out, x) => kernels.unary('erf', out, x))).toBeLessThanOrEqual(2);
  });

  // silu divides by a sum with an exponential: 2 ulp of the one may be 4 of the quotient.
  it.each([
    [{ kind: 'sigmoid' }, 2],
    [{ kind: 'silu' }, 4],
    [{ kind: 'softplus', first: 1, second: 20 }, 2],
  ] as const)('$kind is as near to the reference over every exponent', (activation, allowed) => {
    expect(worstDistance((kernels, out, x) => kernels.activation(activation, out, x))).toBeLessThanOrEqual(allowed);
  });
});
