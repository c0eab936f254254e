import * as fc from 'fast-check';
import type { Tape } from '../../../../core/graph/tape';
import { ops } from '../../../../core/ops/table';
import type { IndexItem } from '../../../../core/tensor/selection';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import type { Tensor } from '../../../../core/tensor/tensor';
import { type Draft, draws, indices, matrix, scenarios, shape, size } from '../scenarios';

/** An index into a tensor of some shape, with the tensors that it names. */
interface Index {
  readonly items: readonly IndexItem[];
  readonly tensors: (tape: Tape) => Tensor[];
  /** The shape that it selects. */
  readonly shape: Shape;
}

/** Positions of a dimension, some counted from the end. */
function positions(tape: Tape, shapeOf: Shape, bound: number, numbers: readonly number[]): Tensor {
  const tensor = indices(tape, shapeOf, bound, numbers);
  tensor.copyFrom([...tensor.values()].map((position, i) => (numbers[i]! % 3 === 0 ? position - bound : position)));
  return tensor;
}

const kinds = ['position', 'slice', 'range', 'tensor', 'scalar', 'new', 'rest'] as const;

/** An item of each kind, as far as there are dimensions for it; tensors broadcast to each other. */
function indexOf(own: Shape, chosen: readonly (typeof kinds)[number][], numbers: readonly number[]): Index {
  const items: IndexItem[] = [];
  const tensors: ((tape: Tape) => Tensor)[] = [];
  const shapes: Shape[] = [];
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
      items.push({ kind: 'tensor', tensor: tensors.length });
      shapes.push(shapeOf);
      tensors.push((tape) => positions(tape, shapeOf, bound, numbers.slice(i)));
    } else items.push({ kind: 'slice', start: draw % 3 === 0 ? null : -2, stop: null, step: (draw % 2) + 1 });
  }
  const selected = ops.index.shape([own, ...shapes], { index: items });
  return { items, tensors: (tape) => tensors.map((make) => make(tape)), shape: selected };
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
const distinct = (tape: Tape, shapeOf: Shape, dim: number) => {
  const tensor = tape.indices(shapeOf);
  const at = dim < 0 ? dim + shapeOf.length : dim;
  const inner = elementCount(shapeOf.slice(at + 1));
  tensor.copyFrom(Array.from({ length: tensor.elements }, (_, i) => Math.floor(i / inner) % shapeOf[at]!));
  return tensor;
};

/** A way to use each op of the family. */
export const indexingCases = {
  index: scenarios(
    index.map(
      ({ own, items, tensors }): Draft => ({
        shapes: [own],
        record: (tape, [x]) => tape.apply('index', [x!, ...tensors(tape)], { index: items }),
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
          record: (tape, [x, y]) =>
            tape.apply('indexPut', [x!, y!, ...tensors(tape)], { index: items, accumulate: isAdded }),
        };
      }),
  ),
  embedding: scenarios(
    fc.tuple(matrix, shape, draws).map(
      ([weight, shapeOf, numbers]): Draft => ({
        shapes: [weight],
        record: (tape, [x]) =>
          tape.apply('embedding', [x!, indices(tape, shapeOf, weight[0], numbers)], { paddingIndex: null }),
      }),
    ),
  ),
  gather: scenarios(
    along.map(
      ({ own, dim, bound, shapeOf, numbers }): Draft => ({
        shapes: [own],
        record: (tape, [x]) => tape.apply('gather', [x!, indices(tape, shapeOf, bound, numbers)], { dim }),
      }),
    ),
  ),
  scatter: scenarios(
    along.map(({ own, dim, bound, shapeOf }): Draft => {
      const at = dim < 0 ? dim + own.length : dim;
      const fitting = shapeOf.with(at, Math.min(shapeOf[at]!, bound));
      return {
        shapes: [own, fitting.map((length) => length + 1)],
        record: (tape, [x, y]) => tape.apply('scatter', [x!, distinct(tape, fitting, dim), y!], { dim }),
      };
    }),
  ),
  scatterAdd: scenarios(
    along.map(
      ({ own, dim, bound, shapeOf, numbers }): Draft => ({
        shapes: [own, shapeOf],
        record: (tape, [x, y]) => tape.apply('scatterAdd', [x!, indices(tape, shapeOf, bound, numbers), y!], { dim }),
      }),
    ),
  ),
  oneHot: scenarios(
    fc.tuple(shape, size, draws).map(
      ([own, classes, numbers]): Draft => ({
        shapes: [],
        record: (tape) => tape.apply('oneHot', [indices(tape, own, classes, numbers)], { classes }),
      }),
    ),
  ),
};
