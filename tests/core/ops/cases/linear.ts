import * as fc from 'fast-check';
import { type Draft, scenarios, size } from '../scenarios';

/** A way to use each op of the family. */
export const linearCases = {
  matmul: scenarios(
    fc.tuple(size, size, size).map(
      ([rows, inner, columns]): Draft => ({
        shapes: [
          [rows, inner],
          [inner, columns],
        ],
        record: (tape, [a, b]) => tape.matmul(a!, b!),
      }),
    ),
  ),
  linear: scenarios(
    fc.tuple(size, size, size).map(
      ([rows, inner, columns]): Draft => ({
        shapes: [[rows, inner], [inner, columns], [columns]],
        record: (tape, [x, weight, bias]) => tape.linear(x!, weight!, bias!),
      }),
    ),
  ),
};
