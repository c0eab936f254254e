import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordManualBackward } from '../../../core/gradients/manual-backward';
import { randomNumbers } from '../../../core/gradients/random-numbers';
import { type Draw, drawCount, gives, otherBatchSize, seedOfDraw } from '../../../core/gradients/terms';
import { comparedNodes, fused, nodewise } from '../../../core/programs/decomposed-mlp/backward';
import { mistakes } from '../../../core/programs/decomposed-mlp/mistakes';
import type { Statement } from '../../../core/programs/statement';
import { newTape } from '../engine';
import { pointAt, randomCotangents } from './points';

const sizes = { batchSize: 7, hiddenSize: 6, vocabularySize: 11 };

/** What one formula gave, and of what. */
interface Given {
  readonly node: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly reads: ReadonlySet<string>;
}

/** What every formula gives at a draw where what it reads are the draw's cotangents. */
function givenAt(number: number, statements: readonly Statement[]): { readonly draw: Draw; readonly given: Given[] } {
  const seed = seedOfDraw(number);
  const point = pointAt(seed, sizes);
  const cotangents = randomCotangents(point, comparedNodes, seed + 10);
  const tape = newTape('float64');
  const instead = new Map(
    [...cotangents].map(([node, values]) => {
      const tensor = tape.zeros(point.shape(node));
      tensor.copyFrom(values);
      return [node, tensor];
    }),
  );
  const { gradients, reads } = recordManualBackward(tape, point.network, statements, instead);
  tape.forward();
  const given = [...gradients].map(([node, { shape, elements }]): Given => {
    const names = statements.flatMap((statement, index) => (statement.node === node ? [...reads[index]!] : []));
    const read = comparedNodes.filter((other) => other !== node && names.includes(`d${other}`));
    const values = Float64Array.from(gradients.get(node)!.values());
    expect(values).toHaveLength(elements);
    return { node, shape, values, reads: new Set(read) };
  });
  return { draw: { point, cotangents, seed }, given };
}

/** The nodes whose formulas are wrong by their terms at any draw. */
function wrongOf(statements: readonly Statement[]): readonly string[] {
  const wrong = new Set<string>();
  for (let number = 0; number < drawCount; number++) {
    const { draw, given } = givenAt(number, statements);
    for (const formula of given) if (!gives(formula.node, formula, formula.reads, draw)) wrong.add(formula.node);
  }
  return comparedNodes.filter((node) => wrong.has(node));
}

describe('the formulas', () => {
  it('of the lecture, node by node and fused, are all right', () => {
    expect(wrongOf(nodewise)).toEqual([]);
    expect(wrongOf(fused)).toEqual([]);
  });

  const planted = mistakes
    .map(({ name, node, plant }) => ({ name, node, statements: plant(nodewise)?.statements ?? [] }))
    // Those of a forgotten formula have none that could be judged.
    .filter(({ node, statements }) => statements.some((statement) => statement.node === node));
  it.each(planted)('of which one has the mistake $name are right but for that one', ({ node, statements }) => {
    expect(wrongOf(statements)).toEqual([node]);
  });
});

describe('what is slightly broken', () => {
  const { draw, given } = givenAt(0, nodewise);
  const isRight = (formula: Given, values: Float64Array, shape = formula.shape) =>
    gives(formula.node, { shape, values }, formula.reads, draw);
  const broken: Readonly<Record<string, (values: Float64Array) => Float64Array>> = {
    'of the other sign': (values) => values.map((value) => -value),
    zero: (values) => values.map(() => 0),
    'off by a factor of 1 + 1e-8': (values) => values.map((value) => value * (1 + 1e-8)),
    'off in one element': (values) => {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return values.map((value, at) => (at === values.length - 1 ? value + 1e-8 * largest : value));
    },
    'moved by one element': (values) => values.map((_, at) => values[(at + 1) % values.length]!),
    'not a number in one element': (values) => values.map((value, at) => (at === 0 ? Number.NaN : value)),
    infinite: (values) => values.map(() => Number.POSITIVE_INFINITY),
  };

  it.each(Object.entries(broken))('is wrong: %s', (_, breaking) => {
    for (const formula of given) expect(isRight(formula, breaking(formula.values)), formula.node).toBe(false);
  });

  it('is right where it differs only as float64 rounds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...given), fc.nat(), (formula, seed) => {
        const noise = randomNumbers(seed, formula.values.length);
        expect(
          isRight(
            formula,
            formula.values.map((value, at) => value * (1 + 1e-13 * noise[at]!)),
          ),
        ).toBe(true);
      }),
    );
  });

  it('is right in a shape that broadcasts to the node’s where the numbers are, and wrong in one that does not fit', () => {
    const bngain = given.find(({ node }) => node === 'bngain')!;
    expect(isRight(bngain, bngain.values, [6])).toBe(true);
    expect(isRight(bngain, bngain.values, [6, 1])).toBe(false);
    expect(isRight(bngain, bngain.values, [1, 1, 6])).toBe(false);
  });
});

describe('a gradient that is zero', () => {
  const { draw } = givenAt(1, nodewise);
  const { point, cotangents } = draw;

  it.each(['b1', 'logit_maxes'])(
    'd%s, which nothing is read for, is zero but for the rounding of its terms',
    (node) => {
      const nothing = new Set<string>();
      const shape = point.shape(node);
      const values = point.gradient(node);
      expect(gives(node, { shape, values }, nothing, draw)).toBe(true);
      expect(gives(node, { shape, values: values.map(() => 0) }, nothing, draw)).toBe(true);
      const terms = point.magnitude(node, nothing, cotangents).reduce((most, value) => Math.max(most, value), 0);
      expect(terms).toBeGreaterThan(1e-4);
      const noise = (size: number) => values.map((_, at) => size * terms * (at % 2 === 0 ? 1 : -1));
      expect(gives(node, { shape, values: noise(1e-12) }, nothing, draw)).toBe(true);
      expect(gives(node, { shape, values: noise(1e-7) }, nothing, draw)).toBe(false);
    },
  );

  it.each([
    ['b1', 'hprebn'],
    ['logit_maxes', 'norm_logits'],
  ])('d%s is not where d%s is a random one', (node, read) => {
    const reads = new Set([read]);
    const shape = point.shape(node);
    const values = point.expected(node, reads, cotangents);
    expect(gives(node, { shape, values }, reads, draw)).toBe(true);
    expect(gives(node, { shape, values: values.map(() => 0) }, reads, draw)).toBe(false);
    expect(gives(node, { shape, values: values.map((value) => 5 * value) }, reads, draw)).toBe(false);
  });
});

describe('draws', () => {
  it('are of a batch unlike every size there is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), fc.array(fc.integer({ min: 1, max: 40 })), (batchSize, others) => {
        const size = otherBatchSize(batchSize, [others, [batchSize]]);
        expect([batchSize, batchSize - 1, ...others]).not.toContain(size);
        expect(size).toBeGreaterThan(2);
      }),
    );
    expect(otherBatchSize(32, [[32, 64]])).toBe(7);
    expect(otherBatchSize(32, [[32, 7]])).toBe(11);
  });

  it('are the same whenever they are drawn, and all different', () => {
    const seeds = Array.from({ length: drawCount }, (_, number) => seedOfDraw(number));
    expect(new Set(seeds).size).toBe(3);
    expect(randomNumbers(seeds[0]!, 5)).toEqual(randomNumbers(seeds[0]!, 5));
    expect(randomNumbers(seeds[0]!, 5)).not.toEqual(randomNumbers(seeds[1]!, 5));
  });
});
