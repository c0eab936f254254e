import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saturation } from '../../../../core/kernels/reference/saturation';

describe('saturation', () => {
  it('marks |t| > 0.97 cell by cell, counts them, and finds the units that every example saturates', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.array(fc.double({ min: -1, max: 1 }), { minLength: 7, maxLength: 50 }),
        (rows, columns, pool) => {
          const values = Float32Array.from({ length: rows * columns }, (_, i) => {
            const value = pool[i % pool.length]!;
            return i % columns === 0 ? Math.sign(value || 1) * 0.99 : value;
          });
          const { cells, dead, map } = saturation(values, rows, columns, 0.97);
          const isSet = (cell: number) => ((map[Math.floor(cell / 32)]! >>> (cell % 32)) & 1) === 1;
          const expected = Array.from(values, (value) => Math.abs(value) > Math.fround(0.97));
          expect(expected.map((_, cell) => isSet(cell))).toEqual(expected);
          expect(cells).toBe(expected.filter(Boolean).length);
          const deadUnits = Array.from({ length: columns }, (_, unit) =>
            Array.from({ length: rows }, (_, row) => expected[row * columns + unit]).every(Boolean),
          );
          expect(dead).toBe(deadUnits.filter(Boolean).length);
          expect(dead).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });

  it('leaves the bits after the last cell clear, and reads the 32nd as one more', () => {
    expect([...saturation(new Float32Array(33).fill(1), 3, 11, 0.97).map]).toEqual([0xffffffff, 1]);
  });

  it('counts neither the threshold itself nor what is not a number', () => {
    const values = Float32Array.of(0.97, -0.97, Number.NaN, 0.98);
    expect(saturation(values, 1, 4, 0.97)).toMatchObject({ cells: 1, dead: 1 });
  });
});
