import { sequence } from '../kernels/kernels';
import { broadcastShapes, elementCount, formatShape, ShapeError, sameShape } from '../tensor/shape';
import { requireSameShape, type Tensor } from '../tensor/tensor';
import type { OpAttributes, OpName, ReductionAttributes } from './attributes';
import { nothing, type Op, throughBroadcast, type VjpContext } from './op';
import { keptShape, reducedShape, requireColumns, requireMatrix, requireRows } from './shapes';

/**
 * The one table: op → shape, forward, what it saves, vjp. A vjp computes PyTorch's formula for it (derivatives.yaml,
 * quoted beside each) with the same operations in the same order, so that a backward written by hand gives the same bits.
 */
export const ops: { readonly [Name in OpName]: Op<OpAttributes[Name]> } = {
  add: {
    shape: ([a, b]) => broadcastShapes('add', a, b),
    saved: () => [],
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('add', output, a, b),
    vjps: [passOn, passOn],
  },
  subtract: {
    shape: ([a, b]) => broadcastShapes('subtract', a, b),
    saved: () => [],
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('subtract', output, a, b),
    // other: -grad
    vjps: [passOn, (c) => sequence(passOn(c), c.kernels.unary('negate', c.target, c.target))],
  },
  multiply: {
    shape: ([a, b]) => broadcastShapes('multiply', a, b),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('multiply', output, a, b),
    // self: grad * other; other: grad * self
    vjps: [(c) => timesOther(c, c.saved[1]), (c) => timesOther(c, c.saved[0])],
  },
  divide: {
    shape: ([a, b]) => broadcastShapes('divide', a, b),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.binary('divide', output, a, b),
    // self: grad / other; other: -grad * ((self / other) / other)
    vjps: [
      (c) => throughBroadcast(c, (full) => c.kernels.binary('divide', full, c.gradient, c.saved[1])),
      (c) => throughBroadcast(c, (full) => c.kernels.divisorGradient(full, c.gradient, c.saved[0], c.saved[1])),
    ],
  },
  addScalar: {
    shape: ([x]) => x,
    saved: () => [],
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('add', output, x, attributes.scalar),
    vjps: [passOn],
  },
  multiplyScalar: {
    shape: ([x]) => x,
    saved: () => [],
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('multiply', output, x, attributes.scalar),
    vjps: [(c) => c.kernels.scalar('multiply', c.target, c.gradient, c.attributes.scalar)],
  },
  divideScalar: {
    shape: ([x]) => x,
    saved: () => [],
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('divide', output, x, attributes.scalar),
    vjps: [(c) => c.kernels.scalar('divide', c.target, c.gradient, c.attributes.scalar)],
  },
  power: {
    shape: ([x]) => x,
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [x], attributes }) => kernels.scalar('power', output, x, attributes.scalar),
    // exponent == 0 ? zeros : grad * (exponent * self.pow(exponent - 1))
    vjps: [
      (c) => {
        const exponent = c.attributes.scalar;
        if (exponent === 0) return c.kernels.fill(c.target, 0);
        // x ** 1 is x.
        const isSquare = exponent === 2;
        return sequence(
          isSquare ? nothing : c.kernels.scalar('power', c.target, c.saved[0], exponent - 1),
          c.kernels.scalar('multiply', c.target, isSquare ? c.saved[0] : c.target, exponent),
          c.kernels.binary('multiply', c.target, c.gradient, c.target),
        );
      },
    ],
  },
  negate: {
    shape: ([x]) => x,
    saved: () => [],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('negate', output, x),
    vjps: [(c) => c.kernels.unary('negate', c.target, c.gradient)],
  },
  exp: {
    shape: ([x]) => x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('exp', output, x),
    // grad * result
    vjps: [(c) => c.kernels.binary('multiply', c.target, c.gradient, c.saved[0])],
  },
  log: {
    shape: ([x]) => x,
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('log', output, x),
    // grad.div(self)
    vjps: [(c) => c.kernels.binary('divide', c.target, c.gradient, c.saved[0])],
  },
  tanh: {
    shape: ([x]) => x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('tanh', output, x),
    // tanh_backward: grad * (1 - result * result)
    vjps: [(c) => c.kernels.tanhGradient(c.target, c.gradient, c.saved[0])],
  },
  sqrt: {
    shape: ([x]) => x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('sqrt', output, x),
    // grad / (2 * result)
    vjps: [
      (c) =>
        sequence(
          c.kernels.scalar('multiply', c.target, c.saved[0], 2),
          c.kernels.binary('divide', c.target, c.gradient, c.target),
        ),
    ],
  },
  clone: {
    shape: ([x]) => x,
    saved: () => [],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('copy', output, x),
    vjps: [passOn],
  },
  expand: {
    shape: (_, { shape }) => shape,
    saved: () => [],
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('copy', output, x),
    vjps: [passOn],
  },
  view: {
    shape: (_, { shape }) => shape,
    alias: (x, { shape }) => x.view(shape),
    saved: () => [],
    forward: () => nothing,
    vjps: [(c) => c.kernels.unary('copy', c.target, c.gradient.view(c.target.shape))],
  },
  transpose: {
    shape: ([x]) => requireMatrix('transpose', x) && [x[1], x[0]],
    alias: (x) => x.transpose(),
    saved: () => [],
    forward: () => nothing,
    vjps: [(c) => c.kernels.unary('copy', c.target, c.gradient.transpose())],
  },
  matmul: {
    shape: ([a, b]) => {
      if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) {
        throw new ShapeError(
          `matmul: ${formatShape(a)} @ ${formatShape(b)} do not fit: the inner sizes must be equal.`,
        );
      }
      return [a[0], b[1]];
    },
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [a, b] }) => kernels.matmul(output, a, b),
    // self: grad.mm(mat2.t()); mat2: self.t().mm(grad)
    vjps: [
      (c) => c.kernels.matmul(c.target, c.gradient, c.saved[1].transpose()),
      (c) => c.kernels.matmul(c.target, c.saved[0].transpose(), c.gradient),
    ],
  },
  linear: {
    shape: ([x, weight, bias]) => {
      if (x.length !== 2 || weight.length !== 2 || x[1] !== weight[0] || bias.length !== 1 || bias[0] !== weight[1]) {
        throw new ShapeError(
          `linear: ${formatShape(x)} @ ${formatShape(weight)} + ${formatShape(bias)} do not fit: the inner sizes must be equal, and the bias one number a column.`,
        );
      }
      return [x[0], weight[1]];
    },
    saved: ({ inputs: [x, weight] }) => [x, weight],
    forward: ({ kernels, output, inputs: [x, weight, bias] }) => kernels.matmul(output, x, weight, bias),
    // addmm: mat1: grad.mm(mat2.t()); mat2: mat1.t().mm(grad); self: grad, summed down
    vjps: [
      (c) => c.kernels.matmul(c.target, c.gradient, c.saved[1].transpose()),
      (c) => c.kernels.matmul(c.target, c.saved[0].transpose(), c.gradient),
      (c) => c.kernels.sum(c.target, c.gradient),
    ],
  },
  sum: {
    shape: ([x], attributes) => reducedShape('sum', x, attributes),
    saved: () => [],
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.sum(output.view(keptShape('sum', x.shape, attributes)), x),
    vjps: [spreadOut],
  },
  mean: {
    shape: ([x], attributes) => reducedShape('mean', x, attributes),
    saved: () => [],
    forward: ({ kernels, output, inputs: [x], attributes }) => {
      const kept = output.view(keptShape('mean', x.shape, attributes));
      return sequence(kernels.sum(kept, x), kernels.scalar('divide', kept, kept, x.elements / kept.elements));
    },
    // grad.expand(sizes) / numel
    vjps: [
      (c) => {
        const kept = c.gradient.view(keptShape('mean', c.target.shape, c.attributes));
        const share = c.temporary(kept.shape);
        return sequence(
          c.kernels.scalar('divide', share, kept, c.target.elements / kept.elements),
          c.kernels.unary('copy', c.target, share),
        );
      },
    ],
  },
  variance: {
    shape: ([x], attributes) => reducedShape('variance', x, attributes),
    saved: ({ inputs }) => inputs,
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.variance(output.view(keptShape('variance', x.shape, attributes)), x, attributes.correction),
    // var_backward: (2 / (N - correction)) * grad * (self - self.mean(dim, true))
    vjps: [
      (c) => {
        const [x] = c.saved;
        const kept = keptShape('variance', x.shape, c.attributes);
        const count = x.elements / elementCount(kept);
        const mean = c.temporary(kept);
        const scaled = c.temporary(kept);
        return sequence(
          c.kernels.sum(mean, x),
          c.kernels.scalar('divide', mean, mean, count),
          c.kernels.binary('subtract', c.target, x, mean),
          c.kernels.scalar('multiply', scaled, c.gradient.view(kept), 2 / (count - c.attributes.correction)),
          c.kernels.binary('multiply', c.target, scaled, c.target),
        );
      },
    ],
  },
  batchNorm: {
    shape: ([x, ...others]) => {
      requireMatrix('batchNorm', x);
      for (const other of others) requireColumns('batchNorm', other, x);
      return x;
    },
    saved: ({ inputs: [x, gamma], newTensor }) => [gamma, newTensor(x.shape), newTensor([1, x.shape[1]])],
    forward: ({
      kernels,
      output,
      inputs: [x, gamma, beta, mean, variance],
      saved: [, normalised, inverse],
      attributes,
    }) => kernels.batchNorm(output, { normalised, inverse }, x, { mean, variance, ...attributes }, gamma, beta),
    // native_batch_norm_backward, of the unbiased variance: what goes by way of mean and variance is in the gradient to x.
    vjps: [
      ({ kernels, target, gradient, saved: [gamma, normalised, inverse] }) =>
        kernels.batchNormGradient(target, gradient, { normalised, inverse }, gamma),
      ({ kernels, target, gradient, saved: [, normalised], temporary }) =>
        kernels.sumOfProducts(target, gradient, normalised, temporary(gradient.shape)),
      passOn,
      null,
      null,
    ],
  },
  batchNormBackward: {
    shape: ([gradient, normalised, ...others]) => {
      requireMatrix('batchNormBackward', gradient);
      requireSameShape('batchNormBackward', normalised, gradient);
      for (const other of others) requireColumns('batchNormBackward', other, gradient);
      return gradient;
    },
    saved: () => [],
    forward: ({ kernels, output, inputs: [gradient, normalised, gamma, inverse] }) =>
      kernels.batchNormGradient(output, gradient, { normalised, inverse }, gamma),
    vjps: [null, null, null, null],
  },
  tanhBackward: {
    shape: ([gradient, result]) => {
      requireSameShape('tanhBackward', result, gradient);
      return gradient;
    },
    saved: () => [],
    forward: ({ kernels, output, inputs: [gradient, result] }) => kernels.tanhGradient(output, gradient, result),
    vjps: [null, null],
  },
  rowMaximum: {
    shape: ([x]) => requireMatrix('rowMaximum', x) && [x[0], 1],
    saved: ({ inputs: [x], newIndices }) => [newIndices([x.shape[0]])],
    forward: ({ kernels, output, inputs: [x], saved: [indices] }) =>
      sequence(kernels.rowArgmax(indices, x), kernels.pick(output, x, indices)),
    // value_selecting_reduction_backward: the gradient goes to the element that was selected
    vjps: [(c) => c.kernels.scatterPick(c.target, c.gradient, c.saved[0])],
  },
  rowArgmax: {
    shape: ([x]) => requireMatrix('rowArgmax', x) && [x[0]],
    outputType: 'int32',
    saved: () => [],
    forward: ({ kernels, output, inputs: [x] }) => kernels.rowArgmax(output, x),
    vjps: [null],
  },
  logSoftmax: {
    shape: ([x]) => requireMatrix('logSoftmax', x) && x,
    saved: ({ output }) => [output],
    forward: ({ kernels, output, inputs: [x] }) => kernels.logSoftmax(output, x),
    // _log_softmax_backward_data: grad - exp(result) * grad.sum(dim, true)
    vjps: [
      (c) => {
        const total = c.temporary([c.gradient.shape[0], 1]);
        return sequence(
          c.kernels.sum(total, c.gradient),
          c.kernels.unary('exp', c.target, c.saved[0]),
          c.kernels.binary('multiply', c.target, c.target, total),
          c.kernels.binary('subtract', c.target, c.gradient, c.target),
        );
      },
    ],
  },
  index: {
    shape: ([table, indices]) => requireMatrix('index', table) && [...indices, table[1]],
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [table, indices] }) => kernels.gatherRows(output, table, indices),
    // index_backward: zeros.index_put_(indices, grad, accumulate=True)
    vjps: [(c) => c.kernels.putRows(c.target, c.gradient, c.saved[0], true), null],
  },
  pick: {
    shape: ([x, indices]) => requireMatrix('pick', x) && requireRows('pick', x, indices) && indices,
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [x, indices] }) => kernels.pick(output, x, indices),
    vjps: [(c) => c.kernels.scatterPick(c.target, c.gradient, c.saved[0]), null],
  },
  scatterPick: {
    shape: ([values, indices], { shape }) => {
      requireMatrix('scatterPick', shape);
      requireRows('scatterPick', shape, indices);
      if (elementCount(values) !== shape[0]) {
        throw new ShapeError(
          `scatterPick: values of shape ${formatShape(values)} are not one a row of ${formatShape(shape)}.`,
        );
      }
      return shape;
    },
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [values, indices] }) => kernels.scatterPick(output, values, indices),
    vjps: [(c) => c.kernels.pick(c.target, c.gradient, c.saved[0]), null],
  },
  putRows: {
    shape: ([x, indices], { shape }) => {
      requireMatrix('putRows', shape);
      requireSameShape('putRows', x, [...indices, shape[1]]);
      return shape;
    },
    saved: ({ inputs: [, indices] }) => [indices],
    forward: ({ kernels, output, inputs: [x, indices], attributes }) =>
      kernels.putRows(output, x, indices, attributes.accumulate),
    vjps: [
      (c) => {
        if (!c.attributes.accumulate) throw new Error('putRows: without accumulate it has no gradient here.');
        return c.kernels.gatherRows(c.target, c.gradient, c.saved[0]);
      },
      null,
    ],
  },
  full: {
    shape: (_, { shape }) => shape,
    saved: () => [],
    forward: ({ kernels, output, attributes }) => kernels.fill(output, attributes.scalar),
    vjps: [],
  },
};

/** The gradient unchanged, summed down where the input was broadcast. */
function passOn<Attributes>({ kernels, target, gradient }: VjpContext<Attributes>) {
  return sameShape(target.shape, gradient.shape)
    ? kernels.unary('copy', target, gradient)
    : kernels.sum(target, gradient);
}

/** The gradient times what the input was multiplied by, summed down where the input was broadcast. */
function timesOther<Attributes>({ kernels, target, gradient, temporary }: VjpContext<Attributes>, other: Tensor) {
  return sameShape(target.shape, gradient.shape)
    ? kernels.binary('multiply', target, gradient, other)
    : kernels.sumOfProducts(target, gradient, other, temporary(gradient.shape));
}

/** The gradient of a sum: the reduced gradient at every element that was summed. */
function spreadOut(c: VjpContext<ReductionAttributes>) {
  const kept = c.gradient.view(keptShape('sum', c.target.shape, c.attributes));
  return c.kernels.unary('copy', c.target, kept);
}
