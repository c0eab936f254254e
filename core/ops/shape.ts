import * as v from 'valibot';
import { sequence } from '../kernels/kernels';
import { formatShape, normalizeDim, type Shape, ShapeError } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { flip, narrow, withoutNumbers } from '../tensor/views';
import { type AttributesOf, noAttributes, scalarAttributes, shapeAttributes, whole, wholes } from './attributes';
import { defineOp, passOn } from './op';
import { readsNothing } from './reads';
import { reducedDims } from './shapes';
import { readsView } from './views';

const flipAttributes = v.strictObject({ dims: wholes });

const rollAttributes = v.strictObject({
  /** By how many positions, of each of `dims`. */
  shifts: wholes,
  dims: wholes,
});
type RollAttributes = AttributesOf<typeof rollAttributes>;

const triangleAttributes = v.strictObject({
  /** 0 is the main diagonal, 1 the one above it. */
  diagonal: whole,
});

const repeatAttributes = v.strictObject({
  /** How often, in each dimension; there may be more of them than the input has, in front. */
  repeats: wholes,
});

const fullAttributes = v.strictObject({ ...shapeAttributes.entries, ...scalarAttributes.entries });

/** The same numbers in other places, and those of attributes alone. */
export const shapeOps = {
  clone: defineOp(noAttributes, {
    shape: ([x]) => x,
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('copy', output, x),
    vjps: [passOn],
  }),
  contiguous: defineOp(noAttributes, {
    shape: ([x]) => x,
    alias: (x) => (x.isContiguous ? new Tensor(x.storage, x.shape, x.strides, x.offset) : null),
    forward: ({ kernels, output, inputs: [x] }) => kernels.unary('copy', output, x),
    vjps: [passOn],
  }),
  flip: defineOp(flipAttributes, {
    shape: ([x], { dims }) => flip(withoutNumbers(x), reducedDims('flip', x, { dim: dims })).shape,
    forward: ({ kernels, output, inputs: [x], attributes: { dims } }) =>
      kernels.unary('copy', output, flip(x, reducedDims('flip', x.shape, { dim: dims }))),
    // grad.flip(dims)
    vjps: [
      ({ kernels, target, gradient, attributes: { dims } }) =>
        kernels.unary('copy', target, flip(gradient, reducedDims('flip', target.shape, { dim: dims }))),
    ],
    reads: (use, index) => {
      const { shape } = use.output;
      return readsView(
        use,
        flip(withoutNumbers(shape), reducedDims('flip', shape, { dim: use.attributes.dims })),
        index,
      );
    },
  }),
  roll: defineOp(rollAttributes, {
    shape: ([x], attributes) => {
      shiftsOf(x, attributes);
      return x;
    },
    forward: ({ kernels, output, inputs: [x], attributes }) =>
      sequence(
        ...rolled(output, x, shiftsOf(x.shape, attributes)).map(([to, from]) => kernels.unary('copy', to, from)),
      ),
    // grad.roll(fmap(reverse(shifts), [](auto i) { return -i; }), reverse(dims))
    vjps: [
      ({ kernels, target, gradient, attributes }) =>
        sequence(
          ...rolled(gradient, target, shiftsOf(target.shape, attributes)).map(([from, to]) =>
            kernels.unary('copy', to, from),
          ),
        ),
    ],
    reads: ({ inputs: [x], attributes }, index) => {
      const shifts = shiftsOf(x.shape, attributes);
      return [[x, index.map((at, dim) => (at - shifts[dim] + x.shape[dim]) % x.shape[dim])]];
    },
  }),
  tril: triangle('tril', 'lower'),
  triu: triangle('triu', 'upper'),
  /** Each dimension so many times over, one after the other. */
  repeat: defineOp(repeatAttributes, {
    shape: ([x], { repeats }) => {
      if (repeats.length < x.length || repeats.some((count) => count < 0 || !Number.isInteger(count))) {
        throw new ShapeError(
          `repeat: repeats ${formatShape(repeats)} must be a number from 0 on for each dimension of ${formatShape(x)}, or more dimensions.`,
        );
      }
      const { whole, counts } = repeated(x, repeats);
      return whole.map((size, dim) => size * counts[dim]);
    },
    forward: ({ kernels, output, inputs: [x], attributes: { repeats } }) => {
      const { apart, ones } = repeated(x.shape, repeats);
      return kernels.unary('copy', output.view(apart), seenApart(x, ones));
    },
    // repeat_backward: grad.reshape(a dimension for the repeats before each).sum(those)
    vjps: [
      ({ kernels, target, gradient, attributes: { repeats } }) => {
        const { apart, ones } = repeated(target.shape, repeats);
        return gradient.elements === 0 ? kernels.fill(target, 0) : kernels.sum(target.view(ones), gradient.view(apart));
      },
    ],
    reads: ({ inputs: [x] }, index) => [
      [x, x.shape.map((size, dim) => index[dim + index.length - x.shape.length] % size)],
    ],
  }),
  full: defineOp(fullAttributes, {
    shape: (_, { shape }) => shape,
    forward: ({ kernels, output, attributes }) => kernels.fill(output, attributes.scalar),
    vjps: [],
    reads: readsNothing,
  }),
};

function triangle(op: string, kind: 'lower' | 'upper') {
  return defineOp(triangleAttributes, {
    shape: ([x]) => {
      if (x.length < 2) {
        throw new ShapeError(`${op}: expects a matrix or a stack of them, not a tensor of shape ${formatShape(x)}.`);
      }
      return x;
    },
    forward: ({ kernels, output, inputs: [x], attributes: { diagonal } }) =>
      kernels.triangle(kind, output, x, diagonal),
    // grad.tril(diagonal); grad.triu(diagonal)
    vjps: [
      ({ kernels, target, gradient, attributes: { diagonal } }) => kernels.triangle(kind, target, gradient, diagonal),
    ],
    reads: ({ inputs: [x], attributes: { diagonal } }, index) => {
      const [row, column] = index.slice(-2);
      const above = column - row - diagonal;
      return (kind === 'lower' ? above <= 0 : above >= 0) ? [[x, index]] : [];
    },
  });
}

/** By how many positions each dimension is rolled forward, from 0 up to its size. */
function shiftsOf(x: Shape, { shifts, dims }: RollAttributes): number[] {
  if (shifts.length !== dims.length || !shifts.every(Number.isInteger)) {
    throw new ShapeError(
      `roll: shifts ${shifts.join(', ')} are not a whole number for each of dims ${dims.join(', ')}.`,
    );
  }
  const total = x.map(() => 0);
  for (const [i, one] of dims.entries()) {
    const dim = normalizeDim('roll', one, x.length);
    total[dim] += shifts[i];
  }
  return total.map((shift, dim) => (x[dim] === 0 ? 0 : ((shift % x[dim]) + x[dim]) % x[dim]));
}

/** The parts of `from` beside those of `to` where they come to stand. */
function rolled(to: Tensor, from: Tensor, shifts: readonly number[]): (readonly [to: Tensor, from: Tensor])[] {
  let parts: (readonly [Tensor, Tensor])[] = [[to, from]];
  for (const [dim, shift] of shifts.entries()) {
    if (shift === 0) continue;
    const stays = from.shape[dim] - shift;
    parts = parts.flatMap(([into, of]) => [
      [narrow(into, dim, shift, stays), narrow(of, dim, 0, stays)],
      [narrow(into, dim, 0, shift), narrow(of, dim, stays, shift)],
    ]);
  }
  return parts;
}

/** A repetition with a dimension of its own before each that is repeated. */
function repeated(x: Shape, counts: readonly number[]) {
  const whole = [...new Array<number>(counts.length - x.length).fill(1), ...x];
  return {
    counts,
    whole,
    apart: whole.flatMap((size, dim) => [counts[dim], size]),
    ones: whole.flatMap((size) => [1, size]),
  };
}

/** `x` with dimensions of size 1 put in, whatever its strides. */
function seenApart(x: Tensor, shape: Shape): Tensor {
  const lead = shape.length / 2 - x.shape.length;
  const strides = shape.map((_, dim) => (dim % 2 === 0 ? 0 : (x.strides[(dim - 1) / 2 - lead] ?? 0)));
  return new Tensor(x.storage, shape, strides, x.offset);
}
