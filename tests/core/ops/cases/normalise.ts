import * as fc from 'fast-check';
import { type Draft, matrix, scenarios, shape, size } from '../scenarios';

/** A shape of at least `least` dimensions, and how many weights (none; weight; weight and bias) go with it. */
const affine = fc.constantFrom(0, 1, 2);
const dimensions = (least: number) => fc.array(size, { minLength: least, maxLength: 4 });
/** Of equal numbers a norm is steep: hence a large epsilon. */
const epsilon = 0.1;

/** A way to use each op of the family. */
export const normaliseCases = {
  // Of two rows the gradient is next to nothing: hence three.
  batchNormUnbiased: scenarios(
    fc.tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 1, max: 9 })).map(
      ([rows, columns]): Draft => ({
        shapes: [[rows, columns], [columns], [columns]],
        record: (tape, [x, gamma, beta]) => {
          const [mean, variance] = [tape.mean(x!, 0, true), tape.variance(x!, 0, true)];
          return tape.batchNorm(x!, gamma!, beta!, { mean, variance, epsilon });
        },
      }),
    ),
  ),
  batchNormUnbiasedBackward: scenarios(
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
  batchNormTraining: scenarios(
    fc.tuple(fc.integer({ min: 2, max: 4 }), size, fc.array(size, { maxLength: 2 }), affine).map(
      ([examples, channels, spatial, vectors]): Draft => ({
        shapes: [[examples, channels, ...spatial], ...new Array<readonly [number]>(vectors).fill([channels])],
        record: (tape, inputs) => tape.apply('batchNormTraining', inputs, { epsilon }),
      }),
    ),
  ),
  batchNormEvaluation: scenarios(
    fc.tuple(size, size, fc.array(size, { maxLength: 2 }), affine).map(
      ([examples, channels, spatial, vectors]): Draft => ({
        shapes: [[examples, channels, ...spatial], ...new Array<readonly [number]>(vectors).fill([channels])],
        record: (tape, [x, ...others], constant) => {
          const perChannel = (numberOf: (channel: number) => number) =>
            constant(
              [channels],
              Array.from({ length: channels }, (_, channel) => numberOf(channel)),
            );
          const [mean, variance] = [
            perChannel((channel) => 0.3 * channel - 0.4),
            perChannel((channel) => 0.5 + channel),
          ];
          return tape.apply('batchNormEvaluation', [x!, mean, variance, ...others], { epsilon });
        },
      }),
    ),
  ),
  layerNorm: scenarios(
    fc.tuple(dimensions(1), fc.nat(), affine).map(([own, pick, vectors]): Draft => {
      const normalizedShape = own.slice(pick % own.length);
      return {
        shapes: [own, ...new Array<readonly number[]>(vectors).fill(normalizedShape)],
        record: (tape, inputs) => tape.apply('layerNorm', inputs, { normalizedShape, epsilon }),
      };
    }),
  ),
  groupNorm: scenarios(
    fc.tuple(size, size, size, fc.array(size, { maxLength: 2 }), affine).map(
      ([examples, groups, members, spatial, vectors]): Draft => ({
        shapes: [
          [examples, groups * members, ...spatial],
          ...new Array<readonly [number]>(vectors).fill([groups * members]),
        ],
        record: (tape, inputs) => tape.apply('groupNorm', inputs, { groups, epsilon }),
      }),
    ),
  ),
  softmax: alongSomeDim('softmax'),
  logSoftmax: alongSomeDim('logSoftmax'),
};

function alongSomeDim(op: 'softmax' | 'logSoftmax') {
  return scenarios(
    fc.tuple(shape, fc.nat(), fc.boolean()).map(([own, pick, fromEnd]): Draft => {
      const rank = Math.max(own.length, 1);
      const dim = (pick % rank) - (fromEnd ? rank : 0);
      return { shapes: [own], record: (tape, [x]) => tape.apply(op, [x!], { dim }) };
    }),
  );
}
