import * as v from 'valibot';
import { formatShape, type Shape, ShapeError, sameShape } from '../tensor/shape';
import { requireSameShape, Tensor } from '../tensor/tensor';
import { type AttributesOf, whole } from './attributes';
import { lossAttributes } from './losses';

// What the losses of classes have in common: scores of shape (C), (N, C) or (N, C, d1, …), a class of each of the others.

export const classLossAttributes = v.strictObject({
  ...lossAttributes.entries,
  /** Targets that count for nothing. */
  ignoreIndex: whole,
});
export type ClassLossAttributes = AttributesOf<typeof classLossAttributes>;

/** The dimension of the classes. */
export const classDim = (scores: Shape): number => (scores.length === 1 ? 0 : 1);

/** The shape of targets that are classes. @throws ShapeError for scores without a dimension of classes. */
export function targetShape(op: string, scores: Shape): Shape {
  if (scores.length === 0) throw new ShapeError(`${op}: the input is a number and has no dimension of classes.`);
  return scores.toSpliced(classDim(scores), 1);
}

/** The same with the classes kept as 1. */
export const keptShape = (scores: Shape): Shape => scores.toSpliced(classDim(scores), 1, 1);

/** @throws ShapeError where there is not one target for each place, or not one weight a class. */
export function requireTargets(op: string, scores: Shape, target: Shape, weight: Shape | undefined): void {
  const expected = targetShape(op, scores);
  if (!sameShape(target, expected)) {
    throw new ShapeError(
      `${op}: the input of shape ${formatShape(scores)} needs targets of shape ${formatShape(expected)}, not ${formatShape(target)}.`,
    );
  }
  if (weight !== undefined) requireSameShape(`${op}: weight`, weight, [scores[classDim(scores)]]);
}

/** A number a class, seen so that it broadcasts to the scores. */
export function perClass(weight: Tensor, scores: Shape): Tensor {
  const others = scores.slice(classDim(scores) + 1);
  const { storage, strides, offset } = weight;
  return new Tensor(storage, [weight.elements, ...others.map(() => 1)], [strides[0], ...others.map(() => 0)], offset);
}
