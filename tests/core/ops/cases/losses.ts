import * as fc from 'fast-check';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { broadcastPair, type Constant, type Domain, type Draft, draws, scenarios, signed, size } from '../scenarios';

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
      const reduced = { reduction: isEmpty ? 'sum' : own } as const;
      const attributes = op === 'smoothL1Loss' ? { ...reduced, beta } : reduced;
      return {
        shapes,
        domain,
        record: (tape, [input, target]) =>
          tape.apply(op, [input!, apart ? tape.add(target!, offset) : target!], attributes),
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
function targets<Value>(constant: Constant<Value>, own: Shape, numbers: readonly number[], isFloat: boolean): Value {
  const places = own.toSpliced(classDim(own), 1);
  return constant(
    places,
    Array.from({ length: elementCount(places) }, (_, i) => {
      const draw = numbers[i % numbers.length]!;
      return i > 0 && draw % 4 === 0 ? ignoreIndex : draw % own[classDim(own)]!;
    }),
    isFloat ? 'float' : 'int64',
  );
}

function weights<Value>(constant: Constant<Value>, own: Shape, isWeighed: boolean): Value[] {
  if (!isWeighed) return [];
  const classes = own[classDim(own)]!;
  return [
    constant(
      [classes],
      Array.from({ length: classes }, (_, i) => 0.5 + 0.3 * i),
    ),
  ];
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
        record: (tape, [x], constant) => {
          const inputs = [x!, targets(constant, own, numbers, isFloat), ...weights(constant, own, isWeighed)];
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
          record: (tape, [logits, probabilities], constant) => {
            const target = probabilities ?? targets(constant, own, numbers, isFloat);
            const inputs = [logits!, target, ...weights(constant, own, isWeighed)];
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
