import * as fc from 'fast-check';
import { type Draft, matrix, ofMatrix, scenarios } from '../scenarios';

/** A way to use each op of the family. */
export const normaliseCases = {
  // Of two rows the gradient is next to nothing, and of equal ones it is steep: hence three, and a large epsilon.
  batchNorm: scenarios(
    fc.tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 1, max: 9 })).map(
      ([rows, columns]): Draft => ({
        shapes: [[rows, columns], [columns], [columns]],
        record: (tape, [x, gamma, beta]) => {
          const [mean, variance] = [tape.mean(x!, 0, true), tape.variance(x!, 0, true)];
          return tape.batchNorm(x!, gamma!, beta!, { mean, variance, epsilon: 0.1 });
        },
      }),
    ),
  ),
  batchNormBackward: scenarios(
    matrix.map(
      ([rows, columns]): Draft => ({
        shapes: [
          [rows, columns],
          [rows, columns],
          [1, columns],
          [1, columns],
        ],
        record: (tape, [gradient, normalised, gamma, inverse]) =>
          tape.batchNormBackward(gradient!, normalised!, gamma!, inverse!),
      }),
    ),
  ),
  logSoftmax: ofMatrix((t, [x]) => t.logSoftmax(x!)),
};
