import type { Place, Selection } from '../../tensor/selection';
import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Kernels } from '../kernels';
import { mergeDimensions } from '../loops';
import { refusePosition } from '../reference/indexing';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf, bytesPerSingle } from './rows';

type Indexing = Pick<Kernels, 'gather' | 'scatter' | 'triangle'>;

/**
 * The kernels that go by indices: compiled for rows of a matrix and for one element of each row, by indices of int32. A
 * compiled loop says at which index it had to stop; the error is made here. Access of other kinds is scattered, and triangles
 * are made once: the reference computes them.
 */
export function simdIndexing(functions: SimdFunctions): Indexing {
  return {
    gather(out, selection) {
      const plan = indexedRows(selection, out);
      if (plan === null || plan.otherStep !== plan.width) return referenceKernels.gather(out, selection);
      const { place, count, width, stepBytes } = plan;
      const [to, from, by] = [out, selection.base, place.positions].map(addressOf);
      const { size, wraps } = place;
      const wrap = wraps ? size : 0;
      if (plan.kind === 'elements') {
        const run = functions.gatherElements;
        return checked('gather', place, () => run(to, from, by, count, size, stepBytes, wrap));
      }
      const run = functions.gatherRows;
      return checked('gather', place, () => run(to, from, by, count, size, width, stepBytes, wrap));
    },
    scatter(selection, x, accumulate) {
      const plan = indexedRows(selection, x.expand(selection.base.shape));
      if (plan === null) return referenceKernels.scatter(selection, x, accumulate);
      const { place, count, width, stepBytes } = plan;
      const [to, from, by] = [selection.base, x, place.positions].map(addressOf);
      const { size, wraps } = place;
      const wrap = wraps ? size : 0;
      const otherBytes = plan.otherStep * bytesPerSingle;
      const adds = accumulate ? 1 : 0;
      if (plan.kind === 'elements') {
        const run = functions.putElements;
        return checked('scatter', place, () => run(to, from, by, count, size, otherBytes, stepBytes, adds, wrap));
      }
      const run = functions.putRows;
      return checked('scatter', place, () => run(to, from, by, count, size, width, otherBytes, stepBytes, adds, wrap));
    },
    triangle: referenceKernels.triangle,
  };
}

/** A selection whose one place says a row for each index, or the element of each row. */
interface IndexedRows {
  readonly kind: 'rows' | 'elements';
  readonly place: Place;
  /** Indices. */
  readonly count: number;
  /** Numbers that an index selects. */
  readonly width: number;
  /** Bytes from one row of what is selected of to the next. */
  readonly stepBytes: number;
  /** Elements from one row, or element, of the other tensor to the next. */
  readonly otherStep: number;
}

/** Null where the selection is of another kind, or not of float32 by int32. */
function indexedRows({ base, places }: Selection, other: Tensor): IndexedRows | null {
  const [place] = places;
  if (places.length !== 1 || base.dtype !== 'float32' || other.dtype !== 'float32') return null;
  const { positions, stride } = place;
  if (positions.dtype !== 'int32') return null;
  const { shape, strides } = mergeDimensions(base.shape, [other.strides, base.strides, positions.strides]);
  const [others, bases, indices] = strides;
  const [count = 1, width = 1] = shape;
  if (shape.length > 2 || (shape.length > 0 && indices[0] !== 1)) return null;
  const stepBytes = stride * bytesPerSingle;
  if (shape.length === 2) {
    // Rows follow one another in the other tensor as they do here, each a run.
    const areRows = indices[1] === 0 && bases[0] === 0 && bases[1] === 1 && others[1] === 1;
    return areRows ? { kind: 'rows', place, count, width, stepBytes, otherStep: others[0] } : null;
  }
  const [otherStep = 1] = others;
  if ((bases[0] ?? 0) === 0) return { kind: 'rows', place, count, width: 1, stepBytes, otherStep };
  if (stride !== 1) return null;
  return { kind: 'elements', place, count, width: 1, stepBytes: bases[0] * bytesPerSingle, otherStep };
}

/** Runs a loop that gives the position of an index out of range, or −1. */
function checked(kernel: string, place: Place, run: () => number): Kernel {
  const { storage, offset } = place.positions;
  return () => {
    const at = run();
    if (at >= 0) refusePosition(kernel, storage.data[offset + at], place);
  };
}
