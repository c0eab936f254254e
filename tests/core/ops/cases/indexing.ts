import * as fc from 'fast-check';
import { ops } from '../../../../core/ops/table';
import type { IndexItem } from '../../../../core/tensor/selection';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { type Constant, type Draft, draws, indices, matrix, scenarios, shape, size } from '../scenarios';

/** An index into a tensor of some shape, with the tensors that it names. */
interface Index {
  readonly items: readonly IndexItem[];
  readonly tensors: <Value>(constant: Constant<Value>) => Value[];
  /** The shape that it selects. */
  readonly shape: Shape;
}

/** A tensor that is named. */
interface Positions {
  readonly shape: Shape;
  readonly numbers: readonly number[];
}

/** Positions of a dimension, some counted from the end. */
function positions(shapeOf: Shape, bound: number, numbers: readonly number[]): Positions {
  const own = Array.from({ length: elementCount(shapeOf) }, (_, i) => {
    const position = numbers[i]! % bound;
    return numbers[i]! % 3 === 0 ? position - bound : position;
  });
  return { shape: shapeOf, numbers: own };
}

const kinds = ['position', 'slice', 'range', 'tensor', 'scalar', 'new', 'rest'] as const;

/** An item of each kind, as far as there are dimensions for it; tensors broadcast to each other. */
function indexOf(own: Shape, chosen: readonly (typeof kinds)[number][], numbers: readonly number[]): Index {
  const items: IndexItem[] = [];
  const named: Positions[] = [];
  const wanted = chosen.filter((kind) => kind !== 'rest' && kind !== 'new').length;
  const spare = Math.max(0, own.length - wanted);
  let dim = 0;
  for (const [i, kind] of chosen.entries()) {
    const draw = numbers[i]!;
    if (kind === 'new') {
      items.push({ kind: 'new' });
      continue;
    }
    if (kind === 'rest') {
      if (items.some((item) => item.kind === 'rest')) continue;
      items.push({ kind: 'rest' });
      dim += spare;
      continue;
    }
    if (dim === own.length) continue;
    const bound = own[dim]!;
    dim++;
    if (kind === 'position') items.push({ kind, position: (draw % (2 * bound)) - bound });
    else if (kind === 'range') {
      // Three positions beside the tensors' [2, 3]; from −1 on it leaps to the other end.
      const start = bound >= 3 ? draw % (bound - 2) : 0;
      items.push(
        bound < 3
          ? { kind: 'slice', start: null, stop: null, step: null }
          : draw % 2 === 0
            ? { kind, start: start + 2, stop: start - 1, step: -1 }
            : { kind, start: -1, stop: 2, step: 1 },
      );
    } else if (kind === 'tensor' || kind === 'scalar') {
      const shapeOf = kind === 'scalar' ? [] : [[2, 3], [3], [2, 1]][draw % 3]!;
      items.push({ kind: 'tensor', tensor: named.length });
      named.push(positions(shapeOf, bound, numbers.slice(i)));
    } else items.push({ kind: 'slice', start: draw % 3 === 0 ? null : -2, stop: null, step: (draw % 2) + 1 });
  }
  const selected = ops.index.shape([own, ...named.map((tensor) => tensor.shape)], { index: items });
  return {
    items,
    tensors: (constant) => named.map((tensor) => constant(tensor.shape, tensor.numbers, 'int64')),
    shape: selected,
  };
}

const index = fc
  .tuple(fc.array(size, { minLength: 1, maxLength: 4 }), fc.array(fc.constantFrom(...kinds), { maxLength: 6 }), draws)
  .map(([own, chosen, numbers]) => ({ own, ...indexOf(own, chosen, numbers) }));

/** A tensor and indices along one of its dimensions, no larger than it in the others. */
const along = fc
  .tuple(fc.array(size, { minLength: 1, maxLength: 3 }), fc.nat(), fc.integer({ min: 0, max: 5 }), fc.boolean(), draws)
  .map(([own, draw, count, isSmaller, numbers]) => {
    const dim = draw % own.length;
    const shapeOf = own.map((length, at) => (at === dim ? count : isSmaller ? Math.ceil(length / 2) : length));
    return { own, dim: draw % 2 === 0 ? dim : dim - own.length, bound: own[dim]!, shapeOf, numbers };
  });

/** Which are all different along the dimension, so that nothing is put where something is already. */
const distinct = <Value>(constant: Constant<Value>, shapeOf: Shape, dim: number) => {
  const at = dim < 0 ? dim + shapeOf.length : dim;
  const inner = elementCount(shapeOf.slice(at + 1));
  const numbers = Array.from({ length: elementCount(shapeOf) }, (_, i) => Math.floor(i / inner) % shapeOf[at]!);
  return constant(shapeOf, numbers, 'int64');
};

/** A way to use each op of the family. */
export const indexingCases = {
  index: scenarios(
    index.map(
      ({ own, items, tensors }): Draft => ({
        shapes: [own],
        record: (tape, [x], constant) => tape.apply('index', [x!, ...tensors(constant)], { index: items }),
      }),
    ),
  ),
  indexPut: scenarios(
    fc
      .tuple(index, fc.constantFrom('whole', 'scalar', 'leading ones'), fc.boolean())
      .map(([{ own, items, tensors, shape: chosen }, how, adds]): Draft => {
        // What is put twice without being added has the gradient that PyTorch gives it, not that of its formula.
        const isAdded = adds || items.some(({ kind }) => kind === 'tensor');
        const values = { whole: chosen, scalar: [], 'leading ones': [1, 1, ...chosen] }[how];
        return {
          shapes: [own, values],
          record: (tape, [x, y], constant) =>
            tape.apply('indexPut', [x!, y!, ...tensors(constant)], { index: items, accumulate: isAdded }),
        };
      }),
  ),
  embedding: scenarios(
    fc.tuple(matrix, shape, draws).map(
      ([weight, shapeOf, numbers]): Draft => ({
        shapes: [weight],
        record: (tape, [x], constant) =>
          tape.apply('embedding', [x!, indices(constant, shapeOf, weight[0], numbers)], { paddingIndex: null }),
      }),
    ),
  ),
  gather: scenarios(
    along.map(
      ({ own, dim, bound, shapeOf, numbers }): Draft => ({
        shapes: [own],
        record: (tape, [x], constant) =>
          tape.apply('gather', [x!, indices(constant, shapeOf, bound, numbers)], { dim }),
      }),
    ),
  ),
  scatter: scenarios(
    along.map(({ own, dim, bound, shapeOf }): Draft => {
      const at = dim < 0 ? dim + own.length : dim;
      const fitting = shapeOf.with(at, Math.min(shapeOf[at]!, bound));
      return {
        shapes: [own, fitting.map((length) => length + 1)],
        record: (tape, [x, y], constant) => tape.apply('scatter', [x!, distinct(constant, fitting, dim), y!], { dim }),
      };
    }),
  ),
  scatterAdd: scenarios(
    along.map(
      ({ own, dim, bound, shapeOf, numbers }): Draft => ({
        shapes: [own, shapeOf],
        record: (tape, [x, y], constant) =>
          tape.apply('scatterAdd', [x!, indices(constant, shapeOf, bound, numbers), y!], { dim }),
      }),
    ),
  ),
  oneHot: scenarios(
    fc.tuple(shape, size, draws).map(
      ([own, classes, numbers]): Draft => ({
        shapes: [],
        record: (tape, _, constant) => tape.apply('oneHot', [indices(constant, own, classes, numbers)], { classes }),
      }),
    ),
  ),
};
