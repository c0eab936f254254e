import { ofMatrix, reduction } from '../scenarios';

/** A way to use each op of the family. */
export const reduceCases = {
  sum: reduction((t, x, dim, keepdim) => t.sum(x, dim, keepdim)),
  mean: reduction((t, x, dim, keepdim) => t.mean(x, dim, keepdim)),
  variance: reduction((t, x, dim, keepdim) => t.variance(x, dim, keepdim), 2),
  rowMaximum: ofMatrix((t, [x]) => t.rowMaximum(x!)),
  rowArgmax: ofMatrix((t, [x]) => t.rowArgmax(x!)),
};
