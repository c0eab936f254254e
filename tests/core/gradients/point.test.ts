import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestMagnitude } from '../../../core/gradients/compare';
import type { Point } from '../../../core/gradients/point';
import { comparedNodes } from '../../../core/programs/decomposed-mlp/backward';
import { buildNetwork } from '../../../core/programs/registry';
import { defaultSettings } from '../../../core/programs/settings';
import { newTape } from '../engine';
import { pointAt, randomCotangents, type Sizes } from './points';

const small: Sizes = { batchSize: 4, hiddenSize: 3, vocabularySize: 6 };
const isPerExample = (shape: readonly number[], { batchSize }: Sizes) => shape[0] === batchSize;

/** The same step in float32, with the examples of the batch in the order or the other way round; by node, in the order. */
function inSingle(point: Point, sizes: Sizes, isReversed: boolean): ReadonlyMap<string, readonly number[]> {
  const tape = newTape('float32');
  const { batchSize, hiddenSize, vocabularySize } = sizes;
  const network = buildNetwork(tape, { ...defaultSettings('decomposed-mlp'), batchSize, hiddenSize }, vocabularySize);
  const ordered = (values: ArrayLike<number>) => {
    const width = values.length / batchSize;
    const rows = Array.from({ length: batchSize }, (_, row) =>
      Array.from(values).slice(row * width, (row + 1) * width),
    );
    return (isReversed ? rows.toReversed() : rows).flat();
  };
  for (const { name, tensor } of network.parameters) tensor.copyFrom(point.value(name));
  network.contexts.copyFrom(ordered(point.network.contexts.values()));
  network.targets.copyFrom(ordered(point.network.targets.values()));
  tape.forward();
  tape.backward();
  return new Map(
    comparedNodes.map((name) => {
      const { tensor, shape } = network.node(name);
      const values = tape.gradientOf(tensor).values();
      return [name, isPerExample(shape, sizes) ? ordered(values) : Array.from(values)];
    }),
  );
}

describe('the rounding bound of a gradient', () => {
  const sizes = fc.record({
    batchSize: fc.constantFrom(7, 9, 33),
    hiddenSize: fc.constantFrom(5, 12, 40),
    vocabularySize: fc.constantFrom(6, 27),
  });

  it('holds for float32 in this order and in another, at random places', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 1e6 }), (sized, seed) => {
        const point = pointAt(seed, sized);
        // Parameters as float32 has them, so that nothing but the computation rounds.
        point.place({
          parameters: new Map(point.network.parameters.map(({ name }) => [name, Float32Array.from(point.value(name))])),
          contexts: point.network.contexts.values(),
          targets: point.network.targets.values(),
        });
        const gradients = comparedNodes.map((node) => point.gradient(node));
        const [forwards, backwards] = [false, true].map((isReversed) => inSingle(point, sized, isReversed));
        const bounds = point.roundingBounds();
        for (const [index, node] of comparedNodes.entries()) {
          const { single, double } = bounds.get(node)!;
          const furthest = (one: ArrayLike<number>, other: ArrayLike<number>) =>
            Array.from(one).reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
          const [one, other] = [forwards!.get(node)!, backwards!.get(node)!];
          expect(furthest(one, other), node).toBeLessThanOrEqual(single);
          expect(furthest(one, gradients[index]!), node).toBeLessThanOrEqual(single);
          expect(double, node).toBeLessThan(single / 1e8);
        }
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it('is of no use to a mistake: it is far below the gradient, but where that is zero', () => {
    const point = pointAt(1, { batchSize: 32, hiddenSize: 64, vocabularySize: 27 });
    const bounds = point.roundingBounds();
    for (const node of comparedNodes) {
      const size = largestMagnitude(point.gradient(node));
      const { single } = bounds.get(node)!;
      expect(single, node).toBeGreaterThan(0);
      if (node === 'b1' || node === 'logit_maxes') expect(size, node).toBeLessThan(1e-12);
      else expect(single / size, node).toBeLessThan(0.03);
    }
  });
});

describe('a point', () => {
  it('is the same place for the same seed, and another for another', () => {
    const valuesOf = (seed: number) => Array.from(pointAt(seed, small).value('logits'));
    expect(valuesOf(5)).toEqual(valuesOf(5));
    expect(valuesOf(5)).not.toEqual(valuesOf(6));
  });

  it('expects autograd’s gradient where nothing is read, or what is read is autograd’s', () => {
    const point = pointAt(2, small);
    const own = new Map(comparedNodes.map((node) => [node, point.gradient(node)]));
    for (const node of comparedNodes) {
      expect(Array.from(point.expected(node, [], new Map())), node).toEqual(Array.from(point.gradient(node)));
      const reads = comparedNodes.filter((other) => point.isBelow(other, node));
      expect(Array.from(point.expected(node, reads, own)), node).toEqual(Array.from(point.gradient(node)));
    }
  });

  it('expects by the cotangents that are read, and not by others', () => {
    const point = pointAt(2, small);
    const cotangents = randomCotangents(point, comparedNodes, 40);
    const db2 = point.expected('b2', ['logits'], cotangents);
    const rows = Array.from({ length: 4 }, (_, row) => cotangents.get('logits')!.slice(row * 6, (row + 1) * 6));
    const sums = Array.from({ length: 6 }, (_, column) => rows.reduce((sum, row) => sum + row[column]!, 0));
    for (const [column, sum] of sums.entries()) expect(db2[column]).toBeCloseTo(sum, 12);
    // W1 does not come after b2: nothing passes from it.
    expect(point.expected('b2', ['W1'], cotangents)).toEqual(point.gradient('b2'));
  });

  it('knows which nodes come after which', () => {
    const point = pointAt(2, small);
    expect(point.isBelow('loss', 'C')).toBe(true);
    expect(point.isBelow('logits', 'W2')).toBe(true);
    expect(point.isBelow('W2', 'logits')).toBe(false);
    expect(point.isBelow('h', 'h')).toBe(false);
    expect(point.isBelow('bnvar', 'bngain')).toBe(false);
  });

  it('is as it was after its magnitudes were asked for', () => {
    const point = pointAt(3, small);
    const before = comparedNodes.map((node) => [point.value(node), point.gradient(node)]);
    point.roundingBounds();
    point.magnitude('C', ['hprebn'], randomCotangents(point, comparedNodes, 1));
    expect(comparedNodes.map((node) => [point.value(node), point.gradient(node)])).toEqual(before);
    expect(Array.from(point.expected('C', [], new Map()))).toEqual(Array.from(point.gradient('C')));
  });

  it('plans a walk once, however often it is asked', () => {
    const point = pointAt(3, small);
    for (const seed of [1, 2, 3]) point.expected('h', ['logits'], randomCotangents(point, comparedNodes, seed));
    expect(point.plannedWalks).toBe(1);
    expect(point.expected('h', ['logits'], randomCotangents(point, comparedNodes, 1))).not.toEqual(
      point.expected('h', ['logits'], randomCotangents(point, comparedNodes, 2)),
    );
  });
});
