import * as v from 'valibot';
import type { Kernel } from '../kernels/kernels';
import type { ExtremeKind } from '../kernels/reductions';
import { formatShape, type Shape, ShapeError } from '../tensor/shape';
import { type AttributesOf, type ReductionAttributes, reductionAttributes, whole } from './attributes';
import { defineOp, type Element, type Op, type Recorded, type VjpContext } from './op';
import { ravelIndex, readsReduced } from './reads';
import { dimensionIn, keptShape, reducedDims, reducedShape } from './shapes';

const extremeAttributes = v.strictObject({
  /** The dimension to reduce, counted from the end where negative; null for everything. */
  dim: v.nullable(whole),
  keepdim: v.boolean(),
});
type ExtremeAttributes = AttributesOf<typeof extremeAttributes>;

/** The largest and the smallest, and where they are; not-a-number counts as both, and of equals the first is taken. */
export const extremeOps = {
  max: selected('max'),
  min: selected('min'),
  argmax: position('argmax', 'max'),
  argmin: position('argmin', 'min'),
  amax: shared('amax', 'max'),
  amin: shared('amin', 'min'),
};

/**
 * Along a dimension the gradient goes to the element that was selected; of everything it is shared evenly among those that
 * equal the extreme, as PyTorch has it.
 */
function selected(op: ExtremeKind): Op<ExtremeAttributes> {
  return defineOp(extremeAttributes, {
    shape: ([x], attributes) => shapeOf(op, x, attributes),
    saved: ({ inputs: [x], output, attributes, newIndices }) =>
      attributes.dim === null ? [x, output] : [newIndices(output.shape)],
    forward: ({ kernels, output, inputs: [x], saved, attributes }) => {
      const kept = keptShape(op, x.shape, attributes);
      const positions = attributes.dim === null ? null : saved[0].view(kept);
      return kernels.extreme(op, output.view(kept), positions, x);
    },
    vjps: [
      (c) => {
        const { dim } = c.attributes;
        // evenly_distribute_backward: where the value is not a number, the gradient goes to what is none
        if (dim === null) return shareGradient(c, true);
        // value_selecting_reduction_backward: zeros.scatter(dim, indices, grad)
        const kept = keptShape(op, c.target.shape, c.attributes);
        const along = dimensionIn(op, dim, c.target.shape);
        return c.kernels.putAlong(c.target, c.gradient.view(kept), c.saved[0].view(kept), along);
      },
    ],
    reads: (recorded, index) => {
      const { output, saved, attributes } = recorded;
      if (attributes.dim === null) return readsTies(recorded, index);
      return [readsReduced(recorded, index)[saved[0].values()[ravelIndex(index, output.shape)]]];
    },
  });
}

/** The position along a dimension, or in row-major order of everything. */
function position(op: 'argmax' | 'argmin', kind: ExtremeKind): Op<ExtremeAttributes> {
  return defineOp(extremeAttributes, {
    shape: ([x], attributes) => shapeOf(op, x, attributes),
    result: 'int64',
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.extreme(kind, null, output.view(keptShape(op, x.shape, attributes)), x),
    vjps: [null],
    reads: (recorded, index) => {
      const { output } = recorded;
      return [readsReduced(recorded, index)[output.values()[ravelIndex(index, output.shape)]]];
    },
  });
}

/** Over several dimensions: the gradient is shared evenly among the elements that equal the extreme. */
function shared(op: 'amax' | 'amin', kind: ExtremeKind): Op<ReductionAttributes> {
  return defineOp(reductionAttributes, {
    shape: ([x], attributes) => shapeOf(op, x, attributes),
    saved: ({ inputs: [x], output }) => [x, output],
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      kernels.extreme(kind, output.view(keptShape(op, x.shape, attributes)), null, x),
    // scale_grad_by_count: (grad * mask) / mask.sum(dims, true), of mask = result == self
    vjps: [(c) => shareGradient(c, false)],
    reads: readsTies,
  });
}

/** The reduced shape. @throws ShapeError where a dimension to reduce has no element. */
function shapeOf(op: string, shape: Shape, attributes: ReductionAttributes): Shape {
  const empty = reducedDims(op, shape, attributes).find((dim) => shape[dim] === 0);
  if (empty !== undefined) {
    throw new ShapeError(`${op}: dim ${empty} of ${formatShape(shape)} has no element to choose from.`);
  }
  return reducedShape(op, shape, attributes);
}

function shareGradient(c: VjpContext<ReductionAttributes>, isNaNTie: boolean): Kernel {
  const [x, result] = c.saved;
  const kept = keptShape('extreme', x.shape, c.attributes);
  return c.kernels.shareAmongTies(c.target, c.gradient.view(kept), x, result.view(kept), isNaNTie);
}

/** The elements that equal the extreme. */
function readsTies(recorded: Recorded<ReductionAttributes>, index: readonly number[]): Element[] {
  const { output } = recorded;
  const value = output.values()[ravelIndex(index, output.shape)];
  return readsReduced(recorded, index).filter(([{ storage, strides, offset }, at]) => {
    const own = storage.data[at.reduce((place, i, dim) => place + i * strides[dim], offset)];
    return own === value || (Number.isNaN(own) && Number.isNaN(value));
  });
}
