import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { sequence } from '../../../../core/kernels/kernels';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { Tensor } from '../../../../core/tensor/tensor';
import { builds, Comparison, pool, size } from './comparison';

/** How the numbers of a matrix lie: in rows, the other way round, or in rows that are farther apart than they are long. */
const layout = fc.constantFrom('rows', 'columns', 'apart');
type Layout = 'rows' | 'columns' | 'apart';

function laidOut(comparison: Comparison, [rows, columns]: readonly [number, number], how: Layout) {
  if (how === 'columns') return comparison.operand([columns, rows], (x) => x.transpose());
  if (how === 'rows') return comparison.operand([rows, columns]);
  const stride = columns + 3;
  return comparison.operand([rows, stride], ({ storage }) => new Tensor(storage, [rows, columns], [stride, 1]));
}

/** As `operand`, holding positive numbers: what 1 / √(variance + ε) may be. */
const positive = (comparison: Comparison, shape: Shape) =>
  comparison.operand(
    shape,
    undefined,
    'float32',
    Array.from({ length: elementCount(shape) }, (_, i) => Math.fround(0.1 + (i % 7))),
  );

describe.each(builds)('$build kernels, like the reference', (space) => {
  it.each(['softmax', 'logSoftmax'] as const)('%s, to 2 in the last place', (name) => {
    fc.assert(
      fc.property(size, size, pool, layout, (rows, columns, values, how) => {
        const finite = values.map((value) => (Math.abs(value) < 100 ? value : 1));
        const comparison = new Comparison(space, finite);
        const x = laidOut(comparison, [rows, columns], how);
        const out = comparison.operand([rows, columns]);
        comparison.expectSame((kernels, i) => kernels[name](out[i], x[i]), 5e-7);
      }),
    );
  });

  it.each(['softmax', 'logSoftmax'] as const)('%s of what is infinite or not a number', (name) => {
    const special = [
      [1, 2, 3, -Infinity, 0],
      [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
      [Infinity, 1, 2, 3, 4],
      [1, 2, Number.NaN, 3, 4],
      [1, 2, 3, 4, Number.NaN],
      [1e4, 0, -1e4, 9999, -0],
    ];
    const comparison = new Comparison(space, [0]);
    const x = comparison.operand([6, 5], undefined, 'float32', special.flat());
    const out = comparison.operand([6, 5]);
    comparison.expectSame((kernels, i) => kernels[name](out[i], x[i]), 5e-7);
  });

  it('softmaxGradient to the bit, logSoftmaxGradient to 2 in the last place', () => {
    fc.assert(
      fc.property(size, size, pool, layout, layout, (rows, columns, values, one, other) => {
        const exact = new Comparison(space, values);
        const [gradient, result] = [laidOut(exact, [rows, columns], one), laidOut(exact, [rows, columns], other)];
        const out = exact.operand([rows, columns]);
        exact.expectSame((kernels, i) => kernels.softmaxGradient(out[i], gradient[i], result[i]));
        const finite = values.map((value) => (Math.abs(value) < 100 ? -Math.abs(value) : -1));
        const near = new Comparison(space, finite);
        const [upstream, logs] = [laidOut(near, [rows, columns], one), laidOut(near, [rows, columns], other)];
        const back = near.operand([rows, columns]);
        // The sum of a row may be as many times larger than what is left of the difference.
        near.expectSame((kernels, i) => kernels.logSoftmaxGradient(back[i], upstream[i], logs[i]), 3e-7 * 4 * columns);
      }),
    );
  });

  it('softmaxGradient and logSoftmaxGradient give what their formulas in elementary operations give, to the bit', () => {
    fc.assert(
      fc.property(size, size, pool, (rows, columns, values) => {
        const comparison = new Comparison(space, values);
        const [gradient, result, forSoftmax, forLogSoftmax] = [0, 1, 2, 3].map(() =>
          comparison.operand([rows, columns]),
        );
        const arena = space.newArena();
        const total = Tensor.zeros(arena, 'float32', [rows, 1]);
        const product = Tensor.zeros(arena, 'float32', [rows, columns]);
        comparison.expectSame((_, i) => {
          const { kernels } = space;
          const [upstream, y, a, b] = [gradient![i], result![i], forSoftmax![i], forLogSoftmax![i]];
          if (i === 0) {
            return sequence(kernels.softmaxGradient(a, upstream, y), kernels.logSoftmaxGradient(b, upstream, y));
          }
          return sequence(
            kernels.binary('multiply', product, upstream, y),
            kernels.sum(total, product),
            kernels.binary('multiply', a, y, total),
            kernels.binary('subtract', a, product, a),
            kernels.sum(total, upstream),
            kernels.unary('exp', b, y),
            kernels.binary('multiply', b, b, total),
            kernels.binary('subtract', b, upstream, b),
          );
        });
      }),
    );
  });

  it('normaliseRows and its gradient, to the bit', () => {
    fc.assert(
      fc.property(size, size, pool, layout, (rows, columns, values, how) => {
        const comparison = new Comparison(space, values);
        const [x, gradient] = [laidOut(comparison, [rows, columns], how), laidOut(comparison, [rows, columns], how)];
        const [normalised, given, out] = [0, 1, 2].map(() => comparison.operand([rows, columns]));
        const [inverse, factor] = [comparison.operand([rows]), positive(comparison, [rows])];
        comparison.expectSame((kernels, i) =>
          sequence(
            kernels.normaliseRows({ normalised: normalised![i], inverse: inverse[i] }, x[i], 1e-5),
            kernels.normaliseRowsGradient(out![i], gradient[i], { normalised: given![i], inverse: factor[i] }),
          ),
        );
      }),
    );
  });

  it('normaliseRows and its gradient give what their formulas in elementary operations give, to the bit', () => {
    fc.assert(
      fc.property(size, size, pool, (rows, columns, values) => {
        const comparison = new Comparison(space, values);
        const [x, gradient, given, normalised, back] = [0, 1, 2, 3, 4].map(() => comparison.operand([rows, columns]));
        const [inverse, factor] = [comparison.operand([rows, 1]), positive(comparison, [rows, 1])];
        const arena = space.newArena();
        const [mean, deviation, sum, slope] = [0, 1, 2, 3].map(() => Tensor.zeros(arena, 'float32', [rows, 1]));
        const other = Tensor.zeros(arena, 'float32', [rows, columns]);
        comparison.expectSame((kernels, i) => {
          const to = back![i];
          if (i === 0) {
            return sequence(
              kernels.normaliseRows({ normalised: normalised![0], inverse: inverse[0] }, x![0], 1e-5),
              kernels.normaliseRowsGradient(to, gradient![0], { normalised: given![0], inverse: factor[0] }),
            );
          }
          return sequence(
            // (x - x.mean(-1)) / (x.var(-1, unbiased=False) + eps).sqrt()
            kernels.sum(mean!, x![1]),
            kernels.scalar('divide', mean!, mean!, columns),
            kernels.variance(deviation!, x![1], 0),
            kernels.scalar('add', deviation!, deviation!, 1e-5),
            kernels.unary('sqrt', deviation!, deviation!),
            kernels.fill(inverse[1], 1),
            kernels.binary('divide', inverse[1], inverse[1], deviation!),
            kernels.binary('subtract', normalised![1], x![1], mean!),
            kernels.binary('divide', normalised![1], normalised![1], deviation!),
            // inverse / n * (n * gradient - gradient.sum(-1) - normalised * (gradient * normalised).sum(-1))
            kernels.sum(sum!, gradient![1]),
            kernels.binary('multiply', other, gradient![1], given![1]),
            kernels.sum(slope!, other),
            kernels.scalar('multiply', to, gradient![1], columns),
            kernels.binary('subtract', to, to, sum!),
            kernels.binary('multiply', other, given![1], slope!),
            kernels.binary('subtract', to, to, other),
            kernels.scalar('divide', sum!, factor[1], columns),
            kernels.binary('multiply', to, sum!, to),
          );
        });
      }),
    );
  });
});
