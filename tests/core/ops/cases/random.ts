import * as fc from 'fast-check';
import { type Draft, draws, indices, matrix, scenarios, shape } from '../scenarios';

/** A way to use each op of the family. */
export const randomCases = {
  dropout: scenarios(
    fc.tuple(shape, fc.constantFrom(0, 0.25, 0.5, 1), fc.boolean(), draws).map(
      ([own, p, training, numbers]): Draft => ({
        shapes: [own],
        record: (tape, [x], constant) => {
          const mask = indices(constant, own, 2, [...numbers, ...numbers, ...numbers, ...numbers]);
          return tape.apply('dropout', training ? [x!, mask] : [x!], { p, training });
        },
      }),
    ),
  ),
};

export const embeddingCases = {
  // The row that pads is one that nothing picks: its gradient is left out, which central differences do not know.
  embedding: scenarios(
    fc.tuple(matrix, shape, draws, fc.boolean()).map(
      ([[rows, width], shapeOf, numbers, pads]): Draft => ({
        shapes: [[rows + 1, width]],
        record: (tape, [table], constant) => {
          const picked = indices(constant, shapeOf, rows, [...numbers, ...numbers, ...numbers, ...numbers]);
          return tape.apply('embedding', [table!, picked], { paddingIndex: pads ? -1 : null });
        },
      }),
    ),
  ),
};
