import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { broadcastPair, type Draft, ofMatrix, scenarios, shape, unary } from '../scenarios';

/** A way to use each op of the family. */
export const shapeCases = {
  clone: unary((t, [x]) => t.clone(x!)),
  expand: scenarios(
    broadcastPair.map(([own, other]): Draft => {
      const rank = Math.max(own.length, other.length);
      const sizeOf = (shapeOf: Shape, dim: number) => shapeOf[dim - rank + shapeOf.length] ?? 1;
      const full = Array.from({ length: rank }, (_, dim) =>
        sizeOf(own, dim) === 1 ? sizeOf(other, dim) : sizeOf(own, dim),
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
  full: scenarios(shape.map((own): Draft => ({ shapes: [], record: (tape) => tape.full(own, 1.5) }))),
};
