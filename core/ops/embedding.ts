import { nothing, sequence } from '../kernels/kernels';
import { formatShape, ShapeError } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { defineOp } from './op';
import { ravelIndex } from './reads';
import { requireMatrix } from './shapes';

export interface EmbeddingAttributes {
  /** The row that gets no gradient, counted from the end where negative; null for none. */
  readonly paddingIndex: number | null;
}

/** Rows of a table by whole numbers of any shape, as F.embedding: `index`, but for the row that pads. */
export const embeddingOps = {
  embedding: defineOp<EmbeddingAttributes>({
    shape: ([table, indices], { paddingIndex }) => {
      requireMatrix('embedding', table);
      const [rows, width] = table;
      const fits =
        paddingIndex === null || (Number.isInteger(paddingIndex) && paddingIndex >= -rows && paddingIndex < rows);
      if (!fits) {
        throw new ShapeError(
          `embedding: paddingIndex ${paddingIndex} must be a row of the table, which is ${formatShape(table)}.`,
        );
      }
      return [...indices, width];
    },
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [table, indices] }) => kernels.gatherRows(output, table, indices),
    // embedding_dense_backward: zeros.index_put_(indices, grad, accumulate=True), without the rows of padding_idx
    vjps: [
      ({ kernels, target, gradient, saved: [indices], attributes: { paddingIndex } }) => {
        const [rows, width] = target.shape;
        const row = ((paddingIndex ?? 0) + rows) % rows;
        const padding = new Tensor(target.storage, [width], [1], target.offset + row * width);
        return sequence(
          kernels.putRows(target, gradient, indices, true),
          paddingIndex === null ? nothing : kernels.fill(padding, 0),
        );
      },
      null,
    ],
    reads: ({ inputs: [table, indices] }, index) => {
      const at = index.slice(0, -1);
      const row = indices.values()[ravelIndex(at, indices.shape)];
      return [
        [indices, at],
        [table, [row, index[index.length - 1]]],
      ];
    },
  }),
};
