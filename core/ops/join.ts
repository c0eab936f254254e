import { type Kernel, type Kernels, sequence } from '../kernels/kernels';
import { formatShape, normalizeDim, type Shape, ShapeError } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { narrow, unsqueeze } from '../tensor/views';
import { dimAttributes } from './attributes';
import { defineOp } from './op';

/** Several tensors made one: `dim` is along which the inputs follow one another. */
export const joinOps = {
  cat: defineOp(dimAttributes, {
    shape: (inputs, { dim }) => {
      const [first] = inputs;
      if (first === undefined) throw new ShapeError('cat: there is no tensor to join.');
      const along = normalizeDim('cat', dim, first.length);
      for (const [position, shape] of inputs.entries()) {
        if (shape.length === first.length && shape.every((size, at) => at === along || size === first[at])) continue;
        throw new ShapeError(
          `cat: input ${position} of shape ${formatShape(shape)} does not fit ${formatShape(first)}: all sizes but that of dim ${along} must be equal.`,
        );
      }
      return first.with(along, joinedSize(inputs, along));
    },
    forward: ({ kernels, output, inputs, attributes: { dim } }) => {
      const along = normalizeDim('cat', dim, output.shape.length);
      return joined(kernels, output, inputs, along);
    },
    // cat_tensors_backward: grad.narrow(dim, where the input begins, its size)
    vjps: ({ kernels, target, gradient, input, inputShapes, attributes: { dim } }) => {
      const along = normalizeDim('cat', dim, target.shape.length);
      const start = joinedSize(inputShapes.slice(0, input), along);
      return kernels.unary('copy', target, narrow(gradient, along, start, target.shape[along]));
    },
    reads: ({ inputs, output, attributes: { dim } }, index) => {
      const along = normalizeDim('cat', dim, output.shape.length);
      let at = index[along];
      const input = inputs.find(({ shape }) => {
        if (at < shape[along]) return true;
        at -= shape[along];
        return false;
      });
      return input === undefined ? [] : [[input, index.with(along, at)]];
    },
  }),
  stack: defineOp(dimAttributes, {
    shape: (inputs, { dim }) => {
      const [first] = inputs;
      if (first === undefined) throw new ShapeError('stack: there is no tensor to join.');
      const position = inputs.findIndex((shape) => formatShape(shape) !== formatShape(first));
      if (position !== -1) {
        throw new ShapeError(
          `stack: input ${position} of shape ${formatShape(inputs[position])} is not of the first one's shape, ${formatShape(first)}.`,
        );
      }
      return first.toSpliced(normalizeDim('stack', dim, first.length + 1), 0, inputs.length);
    },
    forward: ({ kernels, output, inputs, attributes: { dim } }) => {
      const along = normalizeDim('stack', dim, output.shape.length);
      const apart = inputs.map((input) => unsqueeze(input, along));
      return joined(kernels, output, apart, along);
    },
    // grad.unbind(dim)
    vjps: ({ kernels, target, gradient, input, attributes: { dim } }) => {
      const along = normalizeDim('stack', dim, gradient.shape.length);
      return kernels.unary('copy', unsqueeze(target, along), narrow(gradient, along, input, 1));
    },
    reads: ({ inputs, output, attributes: { dim } }, index) => {
      const along = normalizeDim('stack', dim, output.shape.length);
      return [[inputs[index[along]], index.toSpliced(along, 1)]];
    },
  }),
};

const joinedSize = (shapes: readonly Shape[], dim: number) => shapes.reduce((sum, shape) => sum + shape[dim], 0);

/** Copies each input to where it stands in what they are joined to. */
function joined(kernels: Kernels, output: Tensor, inputs: readonly Tensor[], dim: number): Kernel {
  let start = 0;
  const copies = inputs.map((input) => {
    const part = narrow(output, dim, start, input.shape[dim]);
    start += input.shape[dim];
    return kernels.unary('copy', part, input);
  });
  return sequence(...copies);
}
