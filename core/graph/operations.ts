import type { OpAttributes, OpName } from '../ops/table';
import type { IndexItem } from '../tensor/selection';
import { elementCount, type Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** What a batch is normalised by: a number a column, and ε. */
export interface BatchStatisticsOf<Value> {
  readonly mean: Value;
  /** Unbiased. */
  readonly variance: Value;
  readonly epsilon: number;
}

/** The calls that a forward pass, or a backward pass by hand, is written with. Names and meaning are PyTorch's. */
export abstract class Operations<Value extends { readonly shape: Shape } = Tensor> {
  /** An op of the table. @throws ShapeError where the inputs do not fit. */
  abstract apply<Name extends OpName>(name: Name, inputs: readonly Value[], attributes: OpAttributes[Name]): Value;

  add(a: Value, b: Value | number): Value {
    return typeof b === 'number' ? this.apply('addScalar', [a], { scalar: b }) : this.apply('add', [a, b], {});
  }

  subtract(a: Value, b: Value): Value {
    return this.apply('subtract', [a, b], {});
  }

  multiply(a: Value, b: Value | number): Value {
    return typeof b === 'number'
      ? this.apply('multiplyScalar', [a], { scalar: b })
      : this.apply('multiply', [a, b], {});
  }

  divide(a: Value, b: Value | number): Value {
    return typeof b === 'number' ? this.apply('divideScalar', [a], { scalar: b }) : this.apply('divide', [a, b], {});
  }

  /** x ** exponent. */
  power(x: Value, exponent: number): Value {
    return this.apply('power', [x], { scalar: exponent });
  }

  negate(x: Value): Value {
    return this.apply('negate', [x], {});
  }

  exp(x: Value): Value {
    return this.apply('exp', [x], {});
  }

  log(x: Value): Value {
    return this.apply('log', [x], {});
  }

  tanh(x: Value): Value {
    return this.apply('tanh', [x], {});
  }

  sqrt(x: Value): Value {
    return this.apply('sqrt', [x], {});
  }

  clone(x: Value): Value {
    return this.apply('clone', [x], {});
  }

  /** `x` repeated to a larger shape, as a tensor of its own. */
  expand(x: Value, shape: Shape): Value {
    return this.clone(this.apply('expand', [x], { shape }));
  }

  /** The same numbers in another shape; shares storage. */
  view(x: Value, shape: Shape): Value {
    return this.apply('view', [x], { shape });
  }

  /** `x.mT`: the last two dimensions in each other's place; shares storage. */
  transpose(x: Value): Value {
    return this.apply('transpose', [x], { dim0: -2, dim1: -1 });
  }

  /** a @ b of matrices. */
  matmul(a: Value, b: Value): Value {
    return this.apply('matmul', [a, b], {});
  }

  /** x @ weight + bias, as torch.addmm: one op, since nothing ever looks at the product alone. */
  linear(x: Value, weight: Value, bias: Value): Value {
    return this.apply('linear', [x, weight, bias], {});
  }

  /** Sum over `dim`, or over everything. */
  sum(x: Value, dim: number | null = null, keepdim = false): Value {
    return this.apply('sum', [x], { dim, keepdim });
  }

  mean(x: Value, dim: number | null = null, keepdim = false): Value {
    return this.apply('mean', [x], { dim, keepdim });
  }

  /** Unbiased variance: divided by the count − 1. */
  variance(x: Value, dim: number | null = null, keepdim = false): Value {
    return this.apply('variance', [x], { dim, keepdim, correction: 1 });
  }

  /**
   * gamma · (x − mean) / √(variance + ε) + beta of a matrix, column by column: one op. Its gradient is that of normalising a
   * batch by its own mean and unbiased variance, where F.batch_norm takes the biased one.
   */
  batchNorm(x: Value, gamma: Value, beta: Value, { mean, variance, epsilon }: BatchStatisticsOf<Value>): Value {
    return this.apply('batchNormUnbiased', [x, gamma, beta, mean, variance], { epsilon });
  }

  /**
   * Batch norm's backward in one formula, of a gradient and the normalised batch, with `inverse` 1 / √(variance + ε):
   * `gamma*inverse/n * (n*gradient - gradient.sum(0) - n/(n-1)*normalised*(gradient*normalised).sum(0))`. No gradient passes.
   */
  batchNormBackward(gradient: Value, normalised: Value, gamma: Value, inverse: Value): Value {
    return this.apply('batchNormUnbiasedBackward', [gradient, normalised, gamma, inverse], {});
  }

  /** `(1 - result**2) * gradient`, as aten's tanh_backward. No gradient passes. */
  tanhBackward(gradient: Value, result: Value): Value {
    return this.apply('tanhBackward', [gradient, result], {});
  }

  /** `x.max(1, keepdim=True).values` of a matrix. */
  rowMaximum(x: Value): Value {
    return this.apply('max', [x], { dim: 1, keepdim: true });
  }

  /** `x.max(1).indices` of a matrix; no gradient passes. */
  rowArgmax(x: Value): Value {
    return this.apply('argmax', [x], { dim: 1, keepdim: false });
  }

  /** `F.log_softmax(x, 1)` of a matrix. */
  logSoftmax(x: Value): Value {
    return this.apply('logSoftmax', [x], { dim: 1 });
  }

  /** `F.softmax(x, 1)` of a matrix, by way of its logarithm; the op `softmax` divides, and gives other last bits. */
  softmax(x: Value): Value {
    return this.exp(this.logSoftmax(x));
  }

  /** `table[indices]`: rows of a matrix, for indices of any shape. */
  index(table: Value, indices: Value): Value {
    return this.apply('index', [table, indices], { index: [{ kind: 'tensor', tensor: 0 }] });
  }

  /** `x[range(n), indices]`: one element of each row. */
  pick(x: Value, indices: Value): Value {
    return this.apply('index', [x, indices], { index: oneOfEachRow(x.shape) });
  }

  /** Zeros of `shape` with `[range(n), indices] = values`, a value a row. */
  scatterPick(values: Value, indices: Value, shape: Shape): Value {
    const column = values.shape.length === 1 ? values : this.view(values, [elementCount(values.shape)]);
    const attributes = { index: oneOfEachRow(shape), accumulate: false };
    return this.apply('indexPut', [this.full(shape, 0), column, indices], attributes);
  }

  /** Zeros of `shape` to whose row `indices[i]` row i of `x` is added, in order; without `accumulate`, assigned. */
  putRows(x: Value, indices: Value, shape: Shape, accumulate = true): Value {
    const index = [{ kind: 'tensor', tensor: 0 }] as const;
    return this.apply('indexPut', [this.full(shape, 0), x, indices], { index, accumulate });
  }

  /** `torch.full(shape, value)`. */
  full(shape: Shape, value: number): Value {
    return this.apply('full', [], { shape, scalar: value });
  }

  /** `F.cross_entropy(logits, targets)`: the mean of −log softmax at the targets. */
  crossEntropy(logits: Value, targets: Value): Value {
    return this.negate(this.mean(this.pick(this.logSoftmax(logits), targets)));
  }
}

/** `[range(n), indices]` of a matrix of n rows. */
function oneOfEachRow([rows]: Shape): readonly IndexItem[] {
  return [
    { kind: 'range', start: 0, stop: rows, step: 1 },
    { kind: 'tensor', tensor: 0 },
  ];
}
