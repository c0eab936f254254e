import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';

/** @throws RangeError naming the kernel, the index and how many there are. */
export function requireIndex(op: string, index: number, size: number): void {
  if (index < 0 || index >= size) throw new RangeError(`${op}: index ${index} is out of range for ${size} entries.`);
}

export function gatherRows(out: Tensor, table: Tensor, indices: Tensor): Kernel {
  const [rows, width] = table.shape;
  const [rowStride, columnStride] = table.strides;
  const count = indices.elements;
  return () => {
    const outData = out.storage.data;
    const tableData = table.storage.data;
    const indexData = indices.storage.data;
    for (let i = 0; i < count; i++) {
      const row = indexData[indices.offset + i];
      requireIndex('gatherRows', row, rows);
      const from = table.offset + row * rowStride;
      const to = out.offset + i * width;
      for (let column = 0; column < width; column++) outData[to + column] = tableData[from + column * columnStride];
    }
  };
}

export function putRows(out: Tensor, x: Tensor, indices: Tensor, accumulate: boolean): Kernel {
  const [rows, width] = out.shape;
  const rowStride = x.strides.at(-2) ?? 0;
  const columnStride = x.strides.at(-1) ?? 0;
  const count = indices.elements;
  const { offset, elements } = out;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    const indexData = indices.storage.data;
    outData.fill(0, offset, offset + elements);
    for (let i = 0; i < count; i++) {
      const row = indexData[indices.offset + i];
      requireIndex('putRows', row, rows);
      const to = offset + row * width;
      const from = x.offset + i * rowStride;
      for (let column = 0; column < width; column++) {
        const value = xData[from + column * columnStride];
        if (accumulate) outData[to + column] += value;
        else outData[to + column] = value;
      }
    }
  };
}

export function pick(out: Tensor, x: Tensor, indices: Tensor): Kernel {
  const [rows, columns] = x.shape;
  const [rowStride, columnStride] = x.strides;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    const indexData = indices.storage.data;
    for (let row = 0; row < rows; row++) {
      const column = indexData[indices.offset + row];
      requireIndex('pick', column, columns);
      outData[out.offset + row] = xData[x.offset + row * rowStride + column * columnStride];
    }
  };
}

export function scatterPick(out: Tensor, x: Tensor, indices: Tensor): Kernel {
  const [rows, columns] = out.shape;
  const stride = x.strides[0];
  const { offset, elements } = out;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    const indexData = indices.storage.data;
    outData.fill(0, offset, offset + elements);
    for (let row = 0; row < rows; row++) {
      const column = indexData[indices.offset + row];
      requireIndex('scatterPick', column, columns);
      outData[offset + row * columns + column] = xData[x.offset + row * stride];
    }
  };
}
