import * as fc from 'fast-check';
import type { ValueType } from '../../../core/graph/graph';
import type { Operations } from '../../../core/graph/operations';
import type { Tape } from '../../../core/graph/tape';
import { MersenneTwister } from '../../../core/tensor/generators/mersenne-twister';
import { elementCount, type Shape, unravelIndex } from '../../../core/tensor/shape';
import { Tensor } from '../../../core/tensor/tensor';

/** How a tensor's numbers lie: in order, with its dimensions the other way round, or every other one of a larger tensor. */
export type Layout = 'contiguous' | 'reversed' | 'strided';

/** A tensor of the tape's type, its numbers lying so, zeroed. */
export function laidOut(tape: Tape, shape: Shape, layout: Layout): Tensor {
  if (layout === 'contiguous') return tape.zeros(shape);
  if (layout === 'reversed') {
    const stored = tape.zeros(shape.toReversed());
    return new Tensor(stored.storage, shape, stored.strides.toReversed());
  }
  const stored = tape.zeros([...shape, 2]);
  return new Tensor(stored.storage, shape, stored.strides.slice(0, -1), 1);
}

/** Where the elements stand in a tensor's storage, in row-major order. */
export function placesOf({ shape, strides, offset, elements }: Tensor): number[] {
  return Array.from({ length: elements }, (_, position) =>
    unravelIndex(position, shape).reduce((at, index, dim) => at + index * strides[dim]!, offset),
  );
}

/** What a scenario's calls are about: a tensor with numbers, or one of a graph that is written. */
export interface Shaped {
  readonly shape: Shape;
}

/** A tensor of given numbers, row-major, beside the inputs: indices, a mask, weights; `float` where no type is given. */
export type Constant<Value> = (shape: Shape, numbers: readonly number[], type?: ValueType) => Value;

/** One use of an op: the shapes of its inputs, where their numbers may lie, and the call. */
export interface Scenario {
  readonly shapes: readonly Shape[];
  /** From (0, 1) to where the op is smooth. */
  readonly domain: (fraction: number) => number;
  /** How the numbers of each input lie. */
  readonly layouts: readonly Layout[];
  readonly record: <Value extends Shaped>(
    operations: Operations<Value>,
    inputs: readonly Value[],
    constant: Constant<Value>,
  ) => Value;
}

/** Constants of a tape. */
export const constantsOf =
  (tape: Tape): Constant<Tensor> =>
  (shape, numbers, type = 'float') => {
    const tensor = type === 'float' ? tape.zeros(shape) : tape.indices(shape);
    tensor.copyFrom(numbers);
    return tensor;
  };

export type Domain = Scenario['domain'];
export const signed: Domain = (fraction) => 4 * fraction - 2;
export const positive: Domain = (fraction) => 0.5 + 1.5 * fraction;
/** Both signs, and never nearer to zero than a half. */
export const nonzero: Domain = (fraction) => (fraction < 0.5 ? -2 + 3 * fraction : 3 * fraction - 1);

export const size = fc.integer({ min: 1, max: 4 });
/** Of up to four dimensions; now and then one without an element. */
export const shape = fc.oneof(
  { weight: 12, arbitrary: fc.array(size, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom([0], [2, 0], [0, 3], [2, 0, 3]) },
);
export const matrix = fc.tuple(size, size);
export const scalar = fc.constantFrom(-1.5, -1, 0.25, 2, 3);

/** Two shapes that broadcast to each other: leading dimensions dropped and sizes made 1 at will. */
export const broadcastPair = fc
  .tuple(shape, fc.infiniteStream(fc.boolean()), fc.nat(3), fc.nat(3))
  .map(([full, ones, dropA, dropB]) => {
    const shrink = (drop: number) => full.slice(drop).map((length) => (ones.next().value ? 1 : length));
    return [shrink(dropA), shrink(dropB)] as const;
  });

/** How a scenario is written below; the inputs lie at random unless `contiguous`. */
export interface Draft {
  readonly shapes: readonly Shape[];
  readonly record: Scenario['record'];
  readonly domain?: Domain;
  readonly contiguous?: boolean;
}

const layout = fc.constantFrom<Layout>('contiguous', 'reversed', 'strided');

export function scenarios(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Scenario> {
  return draft.chain(({ shapes, record, domain = signed, contiguous = false }) =>
    fc
      .array(contiguous ? fc.constant<Layout>('contiguous') : layout, {
        minLength: shapes.length,
        maxLength: shapes.length,
      })
      .map((layouts) => ({ shapes, record, domain, layouts })),
  );
}

export type Call = Scenario['record'];

export const binary = (call: Call, domain: Domain = signed) =>
  scenarios(broadcastPair.map((shapes): Draft => ({ shapes, record: call, domain })));
export const unary = (call: Call, domain: Domain = signed) =>
  scenarios(shape.map((own): Draft => ({ shapes: [own], record: call, domain })));
export const withScalar = (
  call: <Value extends Shaped>(operations: Operations<Value>, x: Value, number: number) => Value,
) =>
  scenarios(
    fc.tuple(shape, scalar).map(
      ([own, number]): Draft => ({
        shapes: [own],
        record: (tape, [x]) => call(tape, x!, number),
      }),
    ),
  );

/** Reductions over every dimension, and over all; the reduced one has at least `least` elements. */
export const reduction = (
  call: <Value extends Shaped>(operations: Operations<Value>, x: Value, dim: number | null, keepdim: boolean) => Value,
  least = 1,
) =>
  scenarios(
    fc
      .tuple(fc.array(fc.integer({ min: least, max: 4 }), { minLength: 1, maxLength: 3 }), fc.nat(), fc.boolean())
      .map(([own, pick, keepdim]): Draft => {
        const dim = pick % (own.length + 1);
        return {
          shapes: [own],
          record: (tape, [x]) => call(tape, x!, dim === own.length ? null : dim - own.length, keepdim),
        };
      }),
  );

/** `shapeOf` indices below `bound`. */
export function indices<Value>(
  constant: Constant<Value>,
  shapeOf: Shape,
  bound: number,
  draws: readonly number[],
): Value {
  const numbers = Array.from({ length: elementCount(shapeOf) }, (_, i) => draws[i]! % bound);
  return constant(shapeOf, numbers, 'int64');
}
export const draws = fc.array(fc.nat(), { minLength: 64, maxLength: 64 });

/** Well separated numbers of the domain in random order: no two are so near that a maximum could change sides. */
export function spread(count: number, domain: Domain, twister: MersenneTwister): number[] {
  const values = Array.from({ length: count }, (_, i) => domain((i + 0.5) / count));
  for (let i = count - 1; i > 0; i--) {
    const j = twister.next() % (i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values.map(Math.fround);
}

export const twisterOf = (seed: number) => MersenneTwister.fromSeed(seed);
