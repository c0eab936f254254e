import * as fc from 'fast-check';
import type { Tape } from '../../../../core/graph/tape';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import type { Tensor } from '../../../../core/tensor/tensor';
import { broadcastPair, type Domain, type Draft, draws, scenarios, signed, size } from '../scenarios';

const reduction = fc.constantFrom('mean', 'sum', 'none');
/** Keeps input and target apart, and their distance from `beta`, by more than a step of central differences. */
const offset = 0.112317;
const beta = 0.75;
const probability: Domain = (fraction) => 0.1 + 0.8 * fraction;

type Loss = 'mseLoss' | 'l1Loss' | 'smoothL1Loss' | 'binaryCrossEntropy' | 'binaryCrossEntropyWithLogits';

function ofElements(op: Loss, domain: Domain, apart = false) {
  return scenarios(
    fc.tuple(broadcastPair, reduction).map(([shapes, own]): Draft => {
      // The mean of nothing is not a number.
      const isEmpty = shapes.some((one) => one.includes(0));
      return {
        shapes,
        domain,
        record: (tape, [input, target]) =>
          tape.apply(op, [input!, apart ? tape.add(target!, offset) : target!], {
            reduction: isEmpty ? 'sum' : own,
            beta,
          }),
      };
    }),
  );
}

/** Scores of (C), (N, C) or (N, C, d1, …). */
const scores = fc.oneof(
  size.map((classes): Shape => [classes]),
  fc
    .tuple(size, size, fc.array(size, { maxLength: 2 }))
    .map(([examples, classes, others]): Shape => [examples, classes, ...others]),
);
const classDim = (own: Shape) => (own.length === 1 ? 0 : 1);
const ignoreIndex = -100;

/** A class for each place, now and then one to ignore, but never all; of whole numbers or of the type computed in. */
function targets(tape: Tape, own: Shape, numbers: readonly number[], isFloat: boolean): Tensor {
  const places = own.toSpliced(classDim(own), 1);
  const target = isFloat ? tape.zeros(places) : tape.indices(places);
  target.copyFrom(
    Array.from({ length: elementCount(places) }, (_, i) => {
      const draw = numbers[i % numbers.length]!;
      return i > 0 && draw % 4 === 0 ? ignoreIndex : draw % own[classDim(own)]!;
    }),
  );
  return target;
}

function weights(tape: Tape, own: Shape, isWeighed: boolean): Tensor[] {
  if (!isWeighed) return [];
  const weight = tape.zeros([own[classDim(own)]!]);
  weight.copyFrom(Array.from({ length: weight.elements }, (_, i) => 0.5 + 0.3 * i));
  return [weight];
}

const classLoss = fc.record({ own: scores, reduction, numbers: draws, isWeighed: fc.boolean(), isFloat: fc.boolean() });

/** A way to use each op of the family. */
export const lossCases = {
  mseLoss: ofElements('mseLoss', signed),
  l1Loss: ofElements('l1Loss', signed, true),
  smoothL1Loss: ofElements('smoothL1Loss', signed, true),
  binaryCrossEntropy: ofElements('binaryCrossEntropy', probability),
  binaryCrossEntropyWithLogits: ofElements('binaryCrossEntropyWithLogits', signed),
  nllLoss: scenarios(
    classLoss.map(
      ({ own, numbers, isWeighed, isFloat, ...attributes }): Draft => ({
        shapes: [own],
        record: (tape, [x]) => {
          const inputs = [x!, targets(tape, own, numbers, isFloat), ...weights(tape, own, isWeighed)];
          return tape.apply('nllLoss', inputs, { reduction: attributes.reduction, ignoreIndex });
        },
      }),
    ),
  ),
  crossEntropy: scenarios(
    fc
      .tuple(classLoss, fc.constantFrom(0, 0.2, 1), fc.boolean())
      .map(([{ own, numbers, isWeighed, isFloat, ...attributes }, labelSmoothing, isOfProbabilities]): Draft => {
        return {
          shapes: isOfProbabilities ? [own, own] : [own],
          record: (tape, [logits, probabilities]) => {
            const target = probabilities ?? targets(tape, own, numbers, isFloat);
            const inputs = [logits!, target, ...weights(tape, own, isWeighed)];
            return tape.apply('crossEntropy', inputs, {
              reduction: attributes.reduction,
              ignoreIndex,
              labelSmoothing,
            });
          },
        };
      }),
  ),
};
