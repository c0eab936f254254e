import * as fc from 'fast-check';
import type { Operations } from '../../../core/autograd/operations';
import type { Tape } from '../../../core/autograd/tape';
import type { OpName } from '../../../core/ops/table';
import { MersenneTwister } from '../../../core/tensor/generators/mersenne-twister';
import { elementCount, type Shape } from '../../../core/tensor/shape';
import type { Tensor } from '../../../core/tensor/tensor';

/** One use of an op: the shapes of its inputs, where their numbers may lie, and the call. */
export interface Scenario {
  readonly shapes: readonly Shape[];
  /** From (0, 1) to where the op is smooth. */
  readonly domain: (fraction: number) => number;
  /** Which matrix inputs are given as the transpose of what is stored. */
  readonly transposed: readonly boolean[];
  readonly record: (tape: Tape, inputs: readonly Tensor[]) => Tensor;
}

type Domain = Scenario['domain'];
const signed: Domain = (fraction) => 4 * fraction - 2;
const positive: Domain = (fraction) => 0.5 + 1.5 * fraction;
/** Both signs, and never nearer to zero than a half. */
const nonzero: Domain = (fraction) => (fraction < 0.5 ? -2 + 3 * fraction : 3 * fraction - 1);

const size = fc.integer({ min: 1, max: 4 });
const shape = fc.array(size, { maxLength: 3 });
const matrix = fc.tuple(size, size);
const scalar = fc.constantFrom(-1.5, -1, 0.25, 2, 3);

/** Two shapes that broadcast to each other: leading dimensions dropped and sizes made 1 at will. */
const broadcastPair = fc
  .tuple(shape, fc.infiniteStream(fc.boolean()), fc.nat(3), fc.nat(3))
  .map(([full, ones, dropA, dropB]) => {
    const shrink = (drop: number) => full.slice(drop).map((length) => (ones.next().value ? 1 : length));
    return [shrink(dropA), shrink(dropB)] as const;
  });

/** How a scenario is written below; inputs are given transposed at random unless `contiguous`. */
interface Draft {
  readonly shapes: readonly Shape[];
  readonly record: Scenario['record'];
  readonly domain?: Domain;
  readonly contiguous?: boolean;
}

function scenarios(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Scenario> {
  return draft.chain(({ shapes, record, domain = signed, contiguous = false }) =>
    fc
      .array(contiguous ? fc.constant(false) : fc.boolean(), { minLength: shapes.length, maxLength: shapes.length })
      .map((flags) => ({
        shapes,
        record,
        domain,
        transposed: flags.map((flag, index) => flag && shapes[index]!.length === 2),
      })),
  );
}

type Call = (operations: Operations, inputs: readonly Tensor[]) => Tensor;

const binary = (call: Call, domain: Domain = signed) =>
  scenarios(broadcastPair.map((shapes): Draft => ({ shapes, record: call, domain })));
const unary = (call: Call, domain: Domain = signed) =>
  scenarios(shape.map((own): Draft => ({ shapes: [own], record: call, domain })));
const ofMatrix = (call: Call) => scenarios(matrix.map((own): Draft => ({ shapes: [own], record: call })));
const withScalar = (call: (operations: Operations, x: Tensor, number: number) => Tensor) =>
  scenarios(
    fc.tuple(shape, scalar).map(
      ([own, number]): Draft => ({
        shapes: [own],
        record: (tape, [x]) => call(tape, x!, number),
      }),
    ),
  );

/** Reductions over every dimension, and over all; the reduced one has at least `least` elements. */
const reduction = (
  call: (operations: Operations, x: Tensor, dim: number | null, keepdim: boolean) => Tensor,
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

/** `shapeOf` indices below `bound`, on the tape. */
function indices(tape: Tape, shapeOf: Shape, bound: number, draws: readonly number[]): Tensor {
  const tensor = tape.indices(shapeOf);
  tensor.copyFrom(Array.from({ length: elementCount(shapeOf) }, (_, i) => draws[i]! % bound));
  return tensor;
}
const draws = fc.array(fc.nat(), { minLength: 64, maxLength: 64 });

/** A way to use each op. A key for every op: the type asks for it, and a test does. */
export const cases: { readonly [Name in OpName]: fc.Arbitrary<Scenario> } = {
  add: binary((t, [a, b]) => t.add(a!, b!)),
  subtract: binary((t, [a, b]) => t.subtract(a!, b!)),
  multiply: binary((t, [a, b]) => t.multiply(a!, b!)),
  divide: binary((t, [a, b]) => t.divide(a!, b!), nonzero),
  addScalar: withScalar((t, x, number) => t.add(x, number)),
  multiplyScalar: withScalar((t, x, number) => t.multiply(x, number)),
  divideScalar: withScalar((t, x, number) => t.divide(x, number)),
  power: scenarios(
    fc.tuple(shape, fc.constantFrom(-2, -1.5, -1, -0.5, 0, 0.5, 1, 2, 3)).map(
      ([own, exponent]): Draft => ({
        shapes: [own],
        domain: positive,
        record: (tape, [x]) => tape.power(x!, exponent),
      }),
    ),
  ),
  negate: unary((t, [x]) => t.negate(x!)),
  exp: unary((t, [x]) => t.exp(x!)),
  log: unary((t, [x]) => t.log(x!), positive),
  tanh: unary((t, [x]) => t.tanh(x!)),
  sqrt: unary((t, [x]) => t.sqrt(x!), positive),
  clone: unary((t, [x]) => t.clone(x!)),
  expand: scenarios(
    broadcastPair.map(([own, other]): Draft => {
      const rank = Math.max(own.length, other.length);
      const full = Array.from({ length: rank }, (_, dim) =>
        Math.max(own[dim - rank + own.length] ?? 1, other[dim - rank + other.length] ?? 1),
      );
      return { shapes: [own], record: (tape, [x]) => tape.expand(x!, full) };
    }),
  ),
  view: scenarios(
    shape.map(
      (own): Draft => ({
        shapes: [own],
        contiguous: true,
        record: (tape, [x]) => tape.view(x!, [1, elementCount(own)]),
      }),
    ),
  ),
  transpose: ofMatrix((t, [x]) => t.transpose(x!)),
  matmul: scenarios(
    fc.tuple(size, size, size).map(
      ([rows, inner, columns]): Draft => ({
        shapes: [
          [rows, inner],
          [inner, columns],
        ],
        record: (tape, [a, b]) => tape.matmul(a!, b!),
      }),
    ),
  ),
  linear: scenarios(
    fc.tuple(size, size, size).map(
      ([rows, inner, columns]): Draft => ({
        shapes: [[rows, inner], [inner, columns], [columns]],
        record: (tape, [x, weight, bias]) => tape.linear(x!, weight!, bias!),
      }),
    ),
  ),
  sum: reduction((t, x, dim, keepdim) => t.sum(x, dim, keepdim)),
  mean: reduction((t, x, dim, keepdim) => t.mean(x, dim, keepdim)),
  variance: reduction((t, x, dim, keepdim) => t.variance(x, dim, keepdim), 2),
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
  tanhBackward: scenarios(
    shape.map((own): Draft => ({ shapes: [own, own], record: (t, [gradient, y]) => t.tanhBackward(gradient!, y!) })),
  ),
  rowMaximum: ofMatrix((t, [x]) => t.rowMaximum(x!)),
  rowArgmax: ofMatrix((t, [x]) => t.rowArgmax(x!)),
  logSoftmax: ofMatrix((t, [x]) => t.logSoftmax(x!)),
  index: scenarios(
    fc.tuple(matrix, shape, draws).map(
      ([table, shapeOf, numbers]): Draft => ({
        shapes: [table],
        record: (tape, [x]) => tape.index(x!, indices(tape, shapeOf, table[0], numbers)),
      }),
    ),
  ),
  pick: scenarios(
    fc.tuple(matrix, draws).map(
      ([own, numbers]): Draft => ({
        shapes: [own],
        record: (tape, [x]) => tape.pick(x!, indices(tape, [own[0]], own[1], numbers)),
      }),
    ),
  ),
  scatterPick: scenarios(
    fc.tuple(matrix, draws).map(
      ([[rows, columns], numbers]): Draft => ({
        shapes: [[rows]],
        record: (tape, [x]) => tape.scatterPick(x!, indices(tape, [rows], columns, numbers), [rows, columns]),
      }),
    ),
  ),
  putRows: scenarios(
    fc.tuple(matrix, size, draws).map(
      ([[count, width], rows, numbers]): Draft => ({
        shapes: [[count, width]],
        record: (tape, [x]) => tape.putRows(x!, indices(tape, [count], rows, numbers), [rows, width]),
      }),
    ),
  ),
  full: scenarios(shape.map((own): Draft => ({ shapes: [], record: (tape) => tape.full(own, 1.5) }))),
};

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
