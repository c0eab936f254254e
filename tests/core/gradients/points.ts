import { Point } from '../../../core/gradients/point';
import { randomNumbers } from '../../../core/gradients/random-numbers';
import { referenceKernels } from '../../../core/kernels/reference/reference';
import { defaultSettings } from '../../../core/programs/settings';
import { newArena } from '../engine';

export interface Sizes {
  readonly batchSize: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
}

/** The lecture's network at a random place, the same for the same seed. */
export function pointAt(seed: number, { batchSize, hiddenSize, vocabularySize }: Sizes): Point {
  const settings = { ...defaultSettings('decomposed-mlp'), hiddenSize };
  const point = new Point({ kernels: referenceKernels, newArena, settings, vocabularySize, batchSize });
  point.placeAtRandom(seed, new Map([['bngain', [1]]]));
  return point;
}

/** Random gradients for nodes, by node. */
export function randomCotangents(point: Point, nodes: readonly string[], seed: number): Map<string, Float64Array> {
  return new Map(nodes.map((node, index) => [node, randomNumbers(seed + index, point.value(node).length)]));
}
