import * as fc from 'fast-check';
import { type Draft, draws, indices, matrix, scenarios, shape, size } from '../scenarios';

/** A way to use each op of the family. */
export const indexingCases = {
  index: scenarios(
    fc.tuple(matrix, shape, draws).map(
      ([table, shapeOf, numbers]): Draft => ({
        shapes: [table],
        record: (tape, [x]) => tape.index(x!, indices(tape, shapeOf, table[0], numbers)),
      }),
    ),
  ),
  pick: scenarios(
    fc.tuple(matrix, draws).map(
      ([own, numbers]): Draft => ({
        shapes: [own],
        record: (tape, [x]) => tape.pick(x!, indices(tape, [own[0]], own[1], numbers)),
      }),
    ),
  ),
  scatterPick: scenarios(
    fc.tuple(matrix, draws).map(
      ([[rows, columns], numbers]): Draft => ({
        shapes: [[rows]],
        record: (tape, [x]) => tape.scatterPick(x!, indices(tape, [rows], columns, numbers), [rows, columns]),
      }),
    ),
  ),
  putRows: scenarios(
    fc.tuple(matrix, size, draws).map(
      ([[count, width], rows, numbers]): Draft => ({
        shapes: [[count, width]],
        record: (tape, [x]) => tape.putRows(x!, indices(tape, [count], rows, numbers), [rows, width]),
      }),
    ),
  ),
};
