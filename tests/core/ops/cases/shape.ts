import * as fc from 'fast-check';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { broadcastPair, type Draft, type Scenario, scenarios, shape, size, unary } from '../scenarios';

/** A shape of some dimensions, and one of them, counted from the front or the end. */
const withDim = fc
  .tuple(fc.array(size, { minLength: 1, maxLength: 4 }), fc.nat(), fc.boolean())
  .map(([own, draw, isFromEnd]) => {
    const dim = draw % own.length;
    return { own, dim: isFromEnd ? dim - own.length : dim };
  });
const ofDim = (record: (dim: number) => Scenario['record']) =>
  scenarios(withDim.map(({ own, dim }): Draft => ({ shapes: [own], record: record(dim) })));
const stacks = fc.array(size, { minLength: 2, maxLength: 4 });
const offset = fc.integer({ min: -4, max: 4 });
const triangle = (op: 'tril' | 'triu') =>
  scenarios(
    fc
      .tuple(stacks, offset)
      .map(([own, diagonal]): Draft => ({ shapes: [own], record: (tape, [x]) => tape.apply(op, [x!], { diagonal }) })),
  );

/** A way to use each op of the family. */
export const shapeCases = {
  clone: unary((t, [x]) => t.clone(x!)),
  contiguous: unary((t, [x]) => t.apply('contiguous', [x!], {})),
  full: scenarios(shape.map((own): Draft => ({ shapes: [], record: (tape) => tape.full(own, 1.5) }))),
  flip: scenarios(
    fc.tuple(shape, fc.infiniteStream(fc.boolean())).map(([own, chosen]): Draft => {
      const dims = own.flatMap((_, dim) => (chosen.next().value ? [dim] : []));
      return { shapes: [own], record: (tape, [x]) => tape.apply('flip', [x!], { dims }) };
    }),
  ),
  roll: scenarios(
    fc.tuple(shape, fc.infiniteStream(offset)).map(([own, draws]): Draft => {
      const dims = own.map((_, dim) => dim);
      const shifts = dims.map(() => draws.next().value);
      return { shapes: [own], record: (tape, [x]) => tape.apply('roll', [x!], { shifts, dims }) };
    }),
  ),
  tril: triangle('tril'),
  triu: triangle('triu'),
  repeat: scenarios(
    fc.tuple(shape, fc.nat(2), fc.infiniteStream(fc.integer({ min: 0, max: 3 }))).map(([own, more, draws]): Draft => {
      const repeats = Array.from({ length: own.length + more }, () => draws.next().value);
      return { shapes: [own], record: (tape, [x]) => tape.apply('repeat', [x!], { repeats }) };
    }),
  ),
  cat: scenarios(
    fc.tuple(withDim, fc.array(fc.nat(3), { minLength: 1, maxLength: 3 })).map(([{ own, dim }, sizes]): Draft => {
      const along = dim < 0 ? dim + own.length : dim;
      const shapes = sizes.map((length) => own.with(along, length));
      return { shapes, record: (tape, inputs) => tape.apply('cat', inputs, { dim }) };
    }),
  ),
  stack: scenarios(
    fc.tuple(shape, fc.integer({ min: 1, max: 3 }), fc.nat()).map(([own, count, draw]): Draft => {
      const dim = (draw % (own.length + 1)) - (draw % 2) * (own.length + 1);
      return {
        shapes: Array.from({ length: count }, () => own),
        record: (tape, inputs) => tape.apply('stack', inputs, { dim }),
      };
    }),
  ),
};

const reversed = (own: Shape) => own.map((_, dim) => own.length - 1 - dim);

/** A way to use each view. */
export const viewCases = {
  view: scenarios(
    shape.map(
      (own): Draft => ({
        shapes: [own],
        contiguous: true,
        record: (tape, [x]) => tape.view(x!, [1, elementCount(own)]),
      }),
    ),
  ),
  reshape: scenarios(
    fc.tuple(shape, fc.boolean()).map(([own, isInferred]): Draft => {
      const count = elementCount(own);
      const wanted = [2, isInferred && count > 0 ? -1 : count / 2];
      return {
        shapes: [own],
        record: (tape, [x]) => tape.apply('reshape', [x!], { shape: count % 2 === 0 ? wanted : [1, count] }),
      };
    }),
  ),
  transpose: ofDim(
    (dim) =>
      (tape, [x]) =>
        tape.apply('transpose', [x!], { dim0: dim, dim1: 0 }),
  ),
  permute: scenarios(
    shape.map(
      (own): Draft => ({ shapes: [own], record: (tape, [x]) => tape.apply('permute', [x!], { dims: reversed(own) }) }),
    ),
  ),
  squeeze: scenarios(
    fc.tuple(withDim, fc.constantFrom('all', 'one', 'several')).map(([{ own, dim }, which]): Draft => {
      const dims = { all: null, one: dim, several: own.map((_, at) => at) }[which];
      return { shapes: [own], record: (tape, [x]) => tape.apply('squeeze', [x!], { dim: dims }) };
    }),
  ),
  unsqueeze: ofDim(
    (dim) =>
      (tape, [x]) =>
        tape.apply('unsqueeze', [x!], { dim }),
  ),
  diagonal: scenarios(
    fc.tuple(stacks, offset, fc.boolean()).map(
      ([own, above, isLast]): Draft => ({
        shapes: [own],
        record: (tape, [x]) => {
          const [dim1, dim2] = isLast ? [-1, 0] : [0, 1];
          return tape.apply('diagonal', [x!], { offset: above, dim1, dim2 });
        },
      }),
    ),
  ),
  expand: scenarios(
    broadcastPair.map(([own, other]): Draft => {
      const rank = Math.max(own.length, other.length);
      const sizeOf = (shapeOf: Shape, dim: number) => shapeOf[dim - rank + shapeOf.length] ?? 1;
      const full = Array.from({ length: rank }, (_, dim) =>
        sizeOf(own, dim) === 1 ? sizeOf(other, dim) : sizeOf(own, dim),
      );
      return { shapes: [own], record: (tape, [x]) => tape.apply('expand', [x!], { shape: full }) };
    }),
  ),
};
