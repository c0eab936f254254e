import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../../../core/kernels/reference/reference';
import { arena, at, dtype, layout, roundingOf, size, strided, tensor } from '../tensors';

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
