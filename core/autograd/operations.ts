import type { BatchStatistics } from '../kernels/kernels';
import type { OpAttributes, OpName } from '../ops/table';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** The calls that a forward pass, or a backward pass by hand, is written with. Names and meaning are PyTorch's. */
export abstract class Operations {
  /** An op of the table. @throws ShapeError where the inputs do not fit. */
  abstract apply<Name extends OpName>(name: Name, inputs: readonly Tensor[], attributes: OpAttributes[Name]): Tensor;

  add(a: Tensor, b: Tensor | number): Tensor {
    return typeof b === 'number' ? this.apply('addScalar', [a], { scalar: b }) : this.apply('add', [a, b], {});
  }

  subtract(a: Tensor, b: Tensor): Tensor {
    return this.apply('subtract', [a, b], {});
  }

  multiply(a: Tensor, b: Tensor | number): Tensor {
    return typeof b === 'number'
      ? this.apply('multiplyScalar', [a], { scalar: b })
      : this.apply('multiply', [a, b], {});
  }

  divide(a: Tensor, b: Tensor | number): Tensor {
    return typeof b === 'number' ? this.apply('divideScalar', [a], { scalar: b }) : this.apply('divide', [a, b], {});
  }

  /** x ** exponent. */
  power(x: Tensor, exponent: number): Tensor {
    return this.apply('power', [x], { scalar: exponent });
  }

  negate(x: Tensor): Tensor {
    return this.apply('negate', [x], {});
  }

  exp(x: Tensor): Tensor {
    return this.apply('exp', [x], {});
  }

  log(x: Tensor): Tensor {
    return this.apply('log', [x], {});
  }

  tanh(x: Tensor): Tensor {
    return this.apply('tanh', [x], {});
  }

  sqrt(x: Tensor): Tensor {
    return this.apply('sqrt', [x], {});
  }

  clone(x: Tensor): Tensor {
    return this.apply('clone', [x], {});
  }

  /** `x` repeated to a larger shape, as a tensor of its own. */
  expand(x: Tensor, shape: Shape): Tensor {
    return this.apply('expand', [x], { shape });
  }

  /** The same numbers in another shape; shares storage. */
  view(x: Tensor, shape: Shape): Tensor {
    return this.apply('view', [x], { shape });
  }

  /** `x.T` of a matrix; shares storage. */
  transpose(x: Tensor): Tensor {
    return this.apply('transpose', [x], {});
  }

  /** a @ b of matrices. */
  matmul(a: Tensor, b: Tensor): Tensor {
    return this.apply('matmul', [a, b], {});
  }

  /** x @ weight + bias, as torch.addmm: one op, since nothing ever looks at the product alone. */
  linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
    return this.apply('linear', [x, weight, bias], {});
  }

  /** Sum over `dim`, or over everything. */
  sum(x: Tensor, dim: number | null = null, keepdim = false): Tensor {
    return this.apply('sum', [x], { dim, keepdim });
  }

  mean(x: Tensor, dim: number | null = null, keepdim = false): Tensor {
    return this.apply('mean', [x], { dim, keepdim });
  }

  /** Unbiased variance: divided by the count − 1. */
  variance(x: Tensor, dim: number | null = null, keepdim = false): Tensor {
    return this.apply('variance', [x], { dim, keepdim, correction: 1 });
  }

  /**
   * gamma · (x − mean) / √(variance + ε) + beta of a matrix, column by column, as F.batch_norm: one op. Its gradient is that
   * of normalising a batch by its own mean and unbiased variance.
   */
  batchNorm(x: Tensor, gamma: Tensor, beta: Tensor, { mean, variance, epsilon }: BatchStatistics): Tensor {
    return this.apply('batchNorm', [x, gamma, beta, mean, variance], { epsilon });
  }

  /**
   * Batch norm's backward in one formula, of a gradient and the normalised batch, with `inverse` 1 / √(variance + ε):
   * `gamma*inverse/n * (n*gradient - gradient.sum(0) - n/(n-1)*normalised*(gradient*normalised).sum(0))`. No gradient passes.
   */
  batchNormBackward(gradient: Tensor, normalised: Tensor, gamma: Tensor, inverse: Tensor): Tensor {
    return this.apply('batchNormBackward', [gradient, normalised, gamma, inverse], {});
  }

  /** `(1 - result**2) * gradient`, as aten's tanh_backward. No gradient passes. */
  tanhBackward(gradient: Tensor, result: Tensor): Tensor {
    return this.apply('tanhBackward', [gradient, result], {});
  }

  /** `x.max(1, keepdim=True).values` of a matrix. */
  rowMaximum(x: Tensor): Tensor {
    return this.apply('rowMaximum', [x], {});
  }

  /** `x.max(1).indices` of a matrix; no gradient passes. */
  rowArgmax(x: Tensor): Tensor {
    return this.apply('rowArgmax', [x], {});
  }

  /** `F.log_softmax(x, 1)` of a matrix. */
  logSoftmax(x: Tensor): Tensor {
    return this.apply('logSoftmax', [x], {});
  }

  /** `F.softmax(x, 1)` of a matrix. */
  softmax(x: Tensor): Tensor {
    return this.exp(this.logSoftmax(x));
  }

  /** `table[indices]`: rows of a matrix, for indices of any shape. */
  index(table: Tensor, indices: Tensor): Tensor {
    return this.apply('index', [table, indices], {});
  }

  /** `x[range(n), indices]`: one element of each row. */
  pick(x: Tensor, indices: Tensor): Tensor {
    return this.apply('pick', [x, indices], {});
  }

  /** Zeros of `shape` with `[range(n), indices] = values`. */
  scatterPick(values: Tensor, indices: Tensor, shape: Shape): Tensor {
    return this.apply('scatterPick', [values, indices], { shape });
  }

  /** Zeros of `shape` to whose row `indices[i]` row i of `x` is added, in order; without `accumulate`, assigned. */
  putRows(x: Tensor, indices: Tensor, shape: Shape, accumulate = true): Tensor {
    return this.apply('putRows', [x, indices], { shape, accumulate });
  }

  /** `torch.full(shape, value)`. */
  full(shape: Shape, value: number): Tensor {
    return this.apply('full', [], { shape, scalar: value });
  }

  /** `F.cross_entropy(logits, targets)`: the mean of −log softmax at the targets. */
  crossEntropy(logits: Tensor, targets: Tensor): Tensor {
    return this.negate(this.mean(this.pick(this.logSoftmax(logits), targets)));
  }
}
