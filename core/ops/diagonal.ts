import * as v from 'valibot';
import { sequence } from '../kernels/kernels';
import { ShapeError } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { type AttributesOf, whole } from './attributes';
import { defineOp } from './op';

const diagonalAttributes = v.strictObject({
  /** By how many places right of the main diagonal; below it where negative. */
  offset: whole,
});
type DiagonalAttributes = AttributesOf<typeof diagonalAttributes>;

/** Matrices made of their diagonals. */
export const diagonalOps = {
  diagEmbed: defineOp(diagonalAttributes, {
    shape: ([x], { offset }) => {
      if (x.length === 0) throw new ShapeError('diagEmbed: expects the numbers of a diagonal, not a scalar.');
      const size = x[x.length - 1] + Math.abs(offset);
      return [...x.slice(0, -1), size, size];
    },
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      sequence(kernels.fill(output, 0), kernels.unary('copy', diagonalOf(output, attributes), x)),
    // grad.diagonal(offset, dim1, dim2)
    vjps: [(c) => c.kernels.unary('copy', c.target, diagonalOf(c.gradient, c.attributes))],
    reads: ({ inputs: [x], attributes: { offset } }, index) => {
      const [row, column] = index.slice(-2);
      return column - row === offset ? [[x, [...index.slice(0, -2), Math.min(row, column)]]] : [];
    },
  }),
};

/** The diagonal of a stack of square matrices, as a view. */
function diagonalOf({ storage, shape, strides, offset }: Tensor, attributes: DiagonalAttributes): Tensor {
  const size = shape[shape.length - 1] - Math.abs(attributes.offset);
  const [row, column] = strides.slice(-2);
  const first = attributes.offset > 0 ? attributes.offset * column : -attributes.offset * row;
  return new Tensor(storage, [...shape.slice(0, -2), size], [...strides.slice(0, -2), row + column], offset + first);
}
