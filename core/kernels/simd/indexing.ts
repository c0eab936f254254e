import { outOfBounds, type Place, type Selection } from '../../tensor/selection';
import type { Tensor } from '../../tensor/tensor';
import { type Kernel, type Kernels, sequence } from '../kernels';
import { mergeDimensions } from '../loops';
import { requireIndex } from '../reference/indexing';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf, bytesPerSingle } from './rows';

type Indexing = Pick<Kernels, 'gather' | 'scatter' | 'triangle' | 'pick' | 'scatterPick'>;

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
        const run = functions.pick;
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
        const run = functions.scatterPick;
        return checked('scatter', place, () => run(to, from, by, count, size, otherBytes, stepBytes, adds, wrap));
      }
      const run = functions.putRows;
      return checked('scatter', place, () => run(to, from, by, count, size, width, otherBytes, stepBytes, adds, wrap));
    },
    triangle: referenceKernels.triangle,
    pick(out, x, indices) {
      if (x.dtype !== 'float32' || x.strides[1] !== 1) return referenceKernels.pick(out, x, indices);
      const [to, from, by] = [out, x, indices].map(addressOf);
      const [rows, columns] = x.shape;
      const rowBytes = x.strides[0] * bytesPerSingle;
      const run = functions.pick;
      return checkedColumns('pick', indices, columns, () => run(to, from, by, rows, columns, rowBytes, 0));
    },
    scatterPick(out, x, indices) {
      if (out.dtype !== 'float32') return referenceKernels.scatterPick(out, x, indices);
      const [to, from, by] = [out, x, indices].map(addressOf);
      const [rows, columns] = out.shape;
      const step = x.strides[0] * bytesPerSingle;
      const rowBytes = columns * bytesPerSingle;
      const { scatterPick, fill } = functions;
      const run = () => scatterPick(to, from, by, rows, columns, step, rowBytes, 0, 0);
      return sequence(() => fill(to, rows * columns, 0), checkedColumns('scatterPick', indices, columns, run));
    },
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
function checked(kernel: string, { positions, dim, size }: Place, run: () => number): Kernel {
  const { storage, offset } = positions;
  return () => {
    const at = run();
    if (at >= 0) throw new RangeError(`${kernel}: ${outOfBounds(storage.data[offset + at], dim, size)}.`);
  };
}

function checkedColumns(kernel: string, indices: Tensor, size: number, run: () => number): Kernel {
  const { storage, offset } = indices;
  return () => {
    const at = run();
    if (at >= 0) requireIndex(kernel, storage.data[offset + at], size);
  };
}
