import { type Kernel, sequence } from '../kernels/kernels';
import { type IndexItem, type Selection, SelectionError, select } from '../tensor/selection';
import { formatShape, type Shape, ShapeError, unravelIndex } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { withoutNumbers } from '../tensor/views';
import type { IndexAttributes } from './attributes';
import type { Element, Recorded, VjpContext } from './op';
import { broadcastIndex, ravelIndex } from './reads';

/** The shape that an index selects. @throws ShapeError where the index does not fit. */
export function selectedShape(op: string, x: Shape, index: readonly IndexItem[], tensors: readonly Shape[]): Shape {
  const named = index.flatMap((item) => (item.kind === 'tensor' ? [item.tensor] : []));
  if (named.length !== tensors.length || named.some((tensor) => tensors[tensor] === undefined)) {
    throw new ShapeError(`${op}: an index with ${named.length} tensors is given ${tensors.length}.`);
  }
  try {
    return select(withoutNumbers(x), index, tensors.map(withoutNumbers)).base.shape;
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    throw new ShapeError(`${op}: of a tensor of shape ${formatShape(x)}: ${error.message}.`, { cause: error });
  }
}

/** Of an `index`: how often it may select the same element. */
export function timesSelected({ inputs: [x, ...tensors], attributes: { index } }: Recorded<IndexAttributes>): number {
  const { shape, strides } = select(withoutStrides(x), index, tensors.map(withoutStrides)).base;
  // What is kept, and a range, step on through x; positions of tensors may all be the same.
  return shape.reduce((times, size, dim) => (strides[dim] === 0 ? times * size : times), 1);
}

/** A tensor of the same shape, contiguous. */
export const withoutStrides = ({ shape }: Tensor) => withoutNumbers(shape);

/** Writes 0 into what is selected. */
export function zeroed<Attributes>({ kernels, temporary }: VjpContext<Attributes>, selection: Selection): Kernel {
  const zero = temporary([]);
  const { shape } = selection.base;
  return sequence(kernels.fill(zero, 0), kernels.scatter(selection, zero.expand(shape), false));
}

/**
 * Where an element of a selection stands, as the positions are now, and the elements of the tensors that say so.
 * @param selection Of tensors that are contiguous, as `withoutNumbers` makes them.
 */
function locate({ base, places }: Selection, tensors: readonly Tensor[], at: readonly number[]) {
  let position = placeOf(base, at);
  const elements: Element[] = [];
  for (const { tensor, positions, size, stride } of places) {
    const place = placeOf(positions, at);
    let given = positions.storage.data[place];
    if (tensor !== null) {
      const index = unravelIndex(place, tensors[tensor].shape);
      elements.push([tensors[tensor], index]);
      given = tensors[tensor].storage.data[placeOf(tensors[tensor], index)];
    }
    position += (given < 0 ? given + size : given) * stride;
  }
  return { position, elements };
}

const placeOf = ({ strides, offset }: Tensor, index: readonly number[]) =>
  index.reduce((sum, at, dim) => sum + at * strides[dim], offset);

/** The elements that an element of what is selected of `x` is computed from: positions, and one of `x`. */
export function readsSelected(
  x: Tensor,
  selection: Selection,
  tensors: readonly Tensor[],
  at: readonly number[],
): readonly Element[] {
  const { position, elements } = locate(selection, tensors, at);
  return [...elements, [x, unravelIndex(position, x.shape)]];
}

/** Values put where a selection says. */
export interface Put {
  readonly x: Tensor;
  readonly values: Tensor;
  /** The values' shape, as it broadcasts to the selection's. */
  readonly own: Shape;
  readonly selection: Selection;
  readonly tensors: readonly Tensor[];
  readonly accumulate: boolean;
}

/** The elements that an element of the result is computed from: its own before, and what is put there, or the last of it alone. */
export function readsPut({ x, values, own, selection, tensors, accumulate }: Put, at: readonly number[]) {
  const wanted = ravelIndex(at, x.shape);
  const { shape, elements: count } = selection.base;
  const found: (readonly Element[])[] = [];
  for (let element = 0; element < count; element++) {
    const index = unravelIndex(element, shape);
    const { position, elements } = locate(selection, tensors, index);
    if (position !== wanted) continue;
    const lead = new Array<number>(values.shape.length - own.length).fill(0);
    found.push([...elements, [values, [...lead, ...broadcastIndex(index, own)]]]);
  }
  const before: Element = [x, at];
  return accumulate ? [before, ...found.flat()] : (found.at(-1) ?? [before]);
}

/** A value may have more dimensions than what it is put into, where they are 1. */
export function withoutLeadingOnes(shape: Shape, rank: number): Shape {
  const spare = Math.max(0, shape.length - rank);
  const first = shape.slice(0, spare).findIndex((size) => size !== 1);
  return shape.slice(first === -1 ? spare : first);
}
