import { broadcast, broadcastsTo } from '../tensor/broadcasting';
import type { Shape } from '../tensor/shape';
import { compare, largestMagnitude } from './compare';
import type { Cotangents, Point } from './point';
import type { ShapedValues } from './verdict';

/** A place at which formulas are judged: a point, and what stands for each node's gradient there. */
export interface Draw {
  readonly point: Point;
  readonly cotangents: Cotangents;
  readonly seed: number;
}

/** Draws at which a formula has to be right. */
export const drawCount = 3;
const firstSeed = 20_260_713;
/** A relative error below this, in float64, is none. */
const vanishing = 1e-9;
/** An expected gradient that is this much smaller than the cotangents may be zero but for rounding. */
const suspiciouslySmall = 1e-6;
/** Batch sizes at which formulas are judged: small, so that it costs little, and prime, so that few sizes are like them. */
const otherSizes = [7, 11, 5, 13, 17];

/** The seed of a draw: the same draws whenever and wherever formulas are judged. */
export const seedOfDraw = (number: number) => firstSeed + 1000 * number;

/** A batch size unlike the present one and unlike every other size of the network. */
export function otherBatchSize(batchSize: number, shapes: readonly Shape[]): number {
  const sizes = new Set([batchSize, batchSize - 1, ...shapes.flat()]);
  return otherSizes.find((size) => !sizes.has(size)) ?? Math.max(...sizes) + 1;
}

/** Whether what a formula gave is what its node's gradient is, given the cotangents that it reads. */
export function gives(node: string, { shape, values }: ShapedValues, reads: ReadonlySet<string>, draw: Draw): boolean {
  const { point, cotangents } = draw;
  const expectedShape = point.shape(node);
  if (!broadcastsTo(shape, expectedShape)) return false;
  const expected = point.expected(node, reads, cotangents);
  const given = broadcast(values, shape, expectedShape);
  const { maxdiff } = compare(given, expected);
  const size = largestMagnitude(expected);
  if (maxdiff <= vanishing * size) return true;
  const around = [...reads].map((read) => largestMagnitude(cotangents.get(read) ?? []));
  if (size > suspiciouslySmall * Math.max(...around, Math.abs(point.loss))) return false;
  // Zero but for rounding: what is rounded are the terms that cancel.
  return maxdiff <= vanishing * largestMagnitude(point.magnitude(node, reads, cotangents));
}
