import type { Tensor } from '../../tensor/tensor';
import type { Kernel, Kernels } from '../kernels';
import { requireIndex } from '../reference/indexing';
import { referenceKernels } from '../reference/reference';
import type { SimdFunctions } from './functions';
import { addressOf, bytesPerSingle } from './rows';

type Indexing = Pick<Kernels, 'gatherRows' | 'putRows' | 'pick' | 'scatterPick'>;

/** The kernels that go by indices. A compiled loop says at which index it had to stop; the error is made here. */
export function simdIndexing(functions: SimdFunctions): Indexing {
  return {
    gatherRows(out, table, indices) {
      const [rows, width] = table.shape;
      if (table.dtype !== 'float32' || !table.isContiguous) return referenceKernels.gatherRows(out, table, indices);
      const [to, from, by] = [out, table, indices].map(addressOf);
      const count = indices.elements;
      const run = functions.gatherRows;
      return checked('gatherRows', indices, rows, () => run(to, from, by, count, rows, width));
    },
    putRows(out, x, indices, accumulate) {
      const [rows, width] = out.shape;
      const isMatrix = x.shape.length === 2 ? x.strides[1] === 1 : x.isContiguous;
      if (out.dtype !== 'float32' || !isMatrix) return referenceKernels.putRows(out, x, indices, accumulate);
      const [to, from, by] = [out, x, indices].map(addressOf);
      const count = indices.elements;
      const rowBytes = (x.strides.at(-2) ?? 0) * bytesPerSingle;
      const adds = accumulate ? 1 : 0;
      const run = functions.putRows;
      return checked('putRows', indices, rows, () => run(to, from, by, count, rows, width, rowBytes, adds));
    },
    pick(out, x, indices) {
      if (x.dtype !== 'float32' || x.strides[1] !== 1) return referenceKernels.pick(out, x, indices);
      const [to, from, by] = [out, x, indices].map(addressOf);
      const [rows, columns] = x.shape;
      const rowBytes = x.strides[0] * bytesPerSingle;
      const run = functions.pick;
      return checked('pick', indices, columns, () => run(to, from, by, rows, columns, rowBytes));
    },
    scatterPick(out, x, indices) {
      if (out.dtype !== 'float32') return referenceKernels.scatterPick(out, x, indices);
      const [to, from, by] = [out, x, indices].map(addressOf);
      const [rows, columns] = out.shape;
      const step = x.strides[0] * bytesPerSingle;
      const run = functions.scatterPick;
      return checked('scatterPick', indices, columns, () => run(to, from, by, rows, columns, step));
    },
  };
}

/** Runs a loop that gives the position of an index out of range, or −1. */
function checked(kernel: string, indices: Tensor, size: number, run: () => number): Kernel {
  const { storage, offset } = indices;
  return () => {
    const position = run();
    if (position >= 0) requireIndex(kernel, storage.data[offset + position], size);
  };
}
