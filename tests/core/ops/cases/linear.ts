import * as fc from 'fast-check';
import { broadcastPair, type Draft, scenarios, shape, size } from '../scenarios';

/** Of a product's own dimensions, now and then none. */
const length = fc.oneof({ weight: 9, arbitrary: size }, { weight: 1, arbitrary: fc.constant(0) });

/** A way to use each op of the family. */
export const linearCases = {
  matmul: scenarios(
    fc
      .tuple(broadcastPair, length, length, length, fc.nat(5))
      .map(([[left, right], rows, inner, columns, which]): Draft => {
        // Vectors, one of them a vector, stacks.
        const [a, b] =
          which === 0
            ? [[inner], [inner]]
            : [
                [...left.slice(-2), rows, inner],
                [...right.slice(-2), inner, columns],
              ];
        return {
          shapes: [which === 1 ? [inner] : a, which === 2 ? [inner] : b],
          record: (tape, [first, second]) => tape.matmul(first!, second!),
        };
      }),
  ),
  linear: scenarios(
    fc.tuple(fc.array(length, { maxLength: 3 }), length, length).map(
      ([rows, inner, columns]): Draft => ({
        shapes: [[...rows, inner], [inner, columns], [columns]],
        record: (tape, [x, weight, bias]) => tape.linear(x!, weight!, bias!),
      }),
    ),
  ),
  diagEmbed: scenarios(
    fc.tuple(shape, length, fc.integer({ min: -2, max: 2 })).map(
      ([lead, own, offset]): Draft => ({
        shapes: [[...lead.slice(-3), own]],
        record: (tape, [x]) => tape.apply('diagEmbed', [x!], { offset }),
      }),
    ),
  ),
};
