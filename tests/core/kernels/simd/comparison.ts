import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Kernel, Kernels } from '../../../../core/kernels/kernels';
import { referenceKernels } from '../../../../core/kernels/reference/reference';
import type { Arena, DataType } from '../../../../core/tensor/arena';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { Tensor } from '../../../../core/tensor/tensor';
import { compiledSpace } from '../../engine';
import { bitsOf } from '../../sessions';

/** The compiled builds. */
export const builds = [
  { build: 'plain', ...compiledSpace('reproducible') },
  { build: 'relaxed', ...compiledSpace('fast') },
];

/** Sizes around every loop's own: single numbers, whole vectors, what is left over, several rows of tiles. */
export const size = fc.oneof(fc.integer({ min: 1, max: 13 }), fc.constantFrom(16, 27, 32, 100));
const float = fc.oneof(
  { weight: 20, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, Math.fround(1e-42), Math.fround(3e38)),
  },
);
/** Numbers for operands, now and then one that is special. */
export const pool = fc.array(float, { minLength: 17, maxLength: 17 });

/** Two kernels planned alike, on operands of the same numbers, must leave the same in every operand. */
export class Comparison {
  readonly #arena: Arena;
  readonly #kernels: Kernels;
  readonly #pairs: (readonly [Tensor, Tensor])[] = [];
  readonly #pool: readonly number[];

  constructor({ kernels, newArena }: Pick<(typeof builds)[number], 'kernels' | 'newArena'>, values: readonly number[]) {
    this.#arena = newArena();
    this.#kernels = kernels;
    this.#pool = values;
  }

  /** An operand; `view` gives what the kernel is handed of the stored tensor. */
  operand(shape: Shape, view = (x: Tensor) => x, dtype: DataType = 'float32', values?: readonly number[]) {
    const data =
      values ?? Array.from({ length: elementCount(shape) }, (_, i) => this.#pool[(i * 7) % this.#pool.length]!);
    const make = () => {
      const stored = Tensor.zeros(this.#arena, dtype, shape);
      stored.copyFrom(data);
      return stored;
    };
    const pair = [make(), make()] as const;
    this.#pairs.push(pair);
    return pair.map(view) as [Tensor, Tensor];
  }

  /** Runs both. @returns the largest relative difference, where `tolerance` allows any. */
  expectSame(plan: (kernels: Kernels, which: 0 | 1) => Kernel, tolerance = 0): void {
    plan(this.#kernels, 0)();
    plan(referenceKernels, 1)();
    for (const [compiled, reference] of this.#pairs) {
      if (tolerance === 0 || compiled.dtype === 'int32') {
        expect(bitsWithOneNaN(compiled)).toEqual(bitsWithOneNaN(reference));
        continue;
      }
      for (const [i, expected] of reference.values().entries()) {
        const actual = compiled.values()[i]!;
        if (Number.isFinite(expected) && Math.abs(expected) > 1e-37) {
          expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
        } else if (!Number.isFinite(expected)) expect(actual).toBe(expected);
      }
    }
    this.#arena.reset();
  }
}

/** One NaN is as good as another. */
const bitsWithOneNaN = (x: Tensor) =>
  x.dtype === 'int32'
    ? [...x.values()]
    : bitsOf(Array.from(x.values(), (value) => (Number.isNaN(value) ? Number.NaN : value)));
