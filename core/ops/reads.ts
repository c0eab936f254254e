import { elementCount, type Shape, unravelIndex } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { ReductionAttributes } from './attributes';
import type { Element, Op, Recorded } from './op';
import { reducedDims } from './shapes';

/** Row-major position of an element. */
export function ravelIndex(index: readonly number[], shape: Shape): number {
  return index.reduce((position, at, dim) => position * shape[dim] + at, 0);
}

/** The elements of its inputs that one element of an op's output is computed from. */
export function elementsRead<Attributes>(
  op: Op<Attributes>,
  recorded: Recorded<Attributes>,
  index: readonly number[],
): readonly Element[] {
  return op.reads?.(recorded, index) ?? readsBroadcast(recorded, index);
}

/** Of each input the element at the same place, as broadcasting has it. */
export function readsBroadcast<Attributes>({ inputs }: Recorded<Attributes>, index: readonly number[]): Element[] {
  return inputs.map((input): Element => [input, broadcastIndex(index, input.shape)]);
}

/** No element: a result of attributes alone, or a whole array of which nothing is to be told. */
export const readsNothing = (): readonly Element[] => [];

/** Of input 0 the elements whose index agrees with `index` in every dimension that is not given; a number each of `index`. */
export function readsAlong(input: Tensor, kept: readonly number[], dims: readonly number[]): Element[] {
  const sizes = dims.map((dim) => input.shape[dim]);
  return Array.from({ length: elementCount(sizes) }, (_, position): Element => {
    const along = unravelIndex(position, sizes);
    let next = 0;
    return [input, input.shape.map((_, dim) => (dims.includes(dim) ? along[dims.indexOf(dim)] : kept[next++]))];
  });
}

/** The elements that a reduction makes one of, in row-major order. */
export function readsReduced(
  { inputs: [x], attributes }: Recorded<ReductionAttributes>,
  index: readonly number[],
): Element[] {
  const dims = reducedDims('reduction', x.shape, attributes);
  const kept = attributes.keepdim ? index.filter((_, dim) => !dims.includes(dim)) : index;
  return readsAlong(x, kept, dims);
}

/** Every element of an input. */
export function readsWhole(input: Tensor): Element[] {
  return readsAlong(
    input,
    [],
    input.shape.map((_, dim) => dim),
  );
}

/** Where an element comes from in an input that was broadcast. */
export function broadcastIndex(index: readonly number[], shape: Shape): number[] {
  const lead = index.length - shape.length;
  return shape.map((size, dim) => (size === 1 ? 0 : index[dim + lead]));
}
