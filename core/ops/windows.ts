import * as v from 'valibot';
import { type Kernel, nothing, type Window } from '../kernels/kernels';
import { formatShape, type Shape, ShapeError } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type AttributesOf, wholes } from './attributes';
import type { ForwardContext } from './op';

/** How a window moves; of each a number for every dimension of an image. */
export const windowAttributes = v.strictObject({
  /** From one place to the next. */
  stride: wholes,
  /** How much there is beyond either edge. */
  padding: wholes,
  /** From one element of the window to the next. */
  dilation: wholes,
});
type WindowAttributes = AttributesOf<typeof windowAttributes>;

/**
 * Sizes of what a window gives of an image: in how many places it stands in each dimension.
 * @throws ShapeError naming `op` where an attribute is none of a window's, or the window larger than the padded image.
 */
export function placesOf(op: string, image: Shape, size: Shape, attributes: WindowAttributes): number[] {
  const least = { stride: 1, padding: 0, dilation: 1 } as const;
  for (const name of ['stride', 'padding', 'dilation'] as const)
    requireNumbers(op, name, attributes[name], image, least[name]);
  requireNumbers(op, 'window', size, image, 1);
  const { stride, padding, dilation } = attributes;
  return image.map((length, dim) => {
    const room = length + 2 * padding[dim];
    const span = dilation[dim] * (size[dim] - 1) + 1;
    if (span > room) {
      throw new ShapeError(
        `${op}: a window of ${formatShape(size)} does not fit an image of ${formatShape(image)}: it spans ${span} in dimension ${dim}, where there are ${room} with padding.`,
      );
    }
    return Math.floor((room - span) / stride[dim]) + 1;
  });
}

function requireNumbers(op: string, name: string, values: readonly number[], image: Shape, least: number): void {
  if (values.length !== image.length || values.some((value) => !Number.isInteger(value) || value < least)) {
    throw new ShapeError(
      `${op}: ${name} ${formatShape(values)} must be ${image.length === 1 ? 'one whole number' : `${image.length} whole numbers`}, ${least} at least.`,
    );
  }
}

/** @throws ShapeError naming `op` for other than images of `dims` dimensions, with channels, and with a batch or without. */
export function requireImages(op: string, shape: Shape, dims: number): void {
  if (shape.length !== dims + 1 && shape.length !== dims + 2) {
    throw new ShapeError(
      `${op}: expects ${dims + 2} dimensions, batch, channels and an image's ${dims}, or the last ${dims + 1}, not shape ${formatShape(shape)}.`,
    );
  }
}

/** The window for the kernels, for which a row of numbers is an image of one row. */
export function windowOf(size: Shape, { stride, padding, dilation }: WindowAttributes): Window {
  const pair = (values: readonly number[], alone: number) =>
    values.length === 1 ? ([alone, values[0]] as const) : ([values[0], values[1]] as const);
  return { size: pair(size, 1), stride: pair(stride, 1), padding: pair(padding, 0), dilation: pair(dilation, 1) };
}

/** The sizes of an image's rows and columns. */
export function imageOf(shape: Shape, dims: number): readonly [number, number] {
  return [dims === 1 ? 1 : shape[shape.length - 2], shape[shape.length - 1]];
}

/** A contiguous tensor as images one after the other. */
export function asImages(x: Tensor, dims: number): Tensor {
  const [height, width] = imageOf(x.shape, dims);
  const planes = x.shape.slice(0, -dims).reduce((product, size) => product * size, 1);
  return x.view([planes, height, width]);
}

/** A tensor in row-major order: itself, or a temporary that `copy` writes. */
export function inOrder(
  { kernels, temporary }: Pick<ForwardContext<unknown>, 'kernels' | 'temporary'>,
  x: Tensor,
): { readonly copy: Kernel; readonly ordered: Tensor } {
  if (x.isContiguous) return { copy: nothing, ordered: x };
  const ordered = temporary(x.shape);
  return { copy: kernels.unary('copy', ordered, x), ordered };
}

/** The element of an image, by its index, that element `at` of the window sees at `place`; null beyond the edge. */
export function seenAt(
  place: readonly number[],
  at: readonly number[],
  image: Shape,
  { stride, padding, dilation }: WindowAttributes,
): number[] | null {
  const seen = place.map((start, dim) => start * stride[dim] + at[dim] * dilation[dim] - padding[dim]);
  return seen.every((position, dim) => position >= 0 && position < image[dim]) ? seen : null;
}
