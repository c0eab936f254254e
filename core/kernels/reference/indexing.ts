import type { Tensor } from '../../tensor/tensor';
import type { Kernel } from '../kernels';

function requireIndex(op: string, index: number, size: number): void {
  if (index < 0 || index >= size) throw new RangeError(`${op}: index ${index} is out of range for ${size} entries.`);
}

export function gatherRows(out: Tensor, table: Tensor, indices: Tensor): Kernel {
  const [rows, width] = table.shape;
  const count = indices.elements;
  return () => {
    const outData = out.storage.data;
    const tableData = table.storage.data;
    const indexData = indices.storage.data;
    for (let i = 0; i < count; i++) {
      const row = indexData[indices.offset + i];
      requireIndex('index', row, rows);
      const from = table.offset + row * width;
      const to = out.offset + i * width;
      for (let column = 0; column < width; column++) outData[to + column] = tableData[from + column];
    }
  };
}

export function putRows(out: Tensor, x: Tensor, indices: Tensor, accumulate: boolean): Kernel {
  const width = out.shape[1];
  const count = indices.elements;
  const { offset, elements } = out;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    const indexData = indices.storage.data;
    outData.fill(0, offset, offset + elements);
    for (let i = 0; i < count; i++) {
      const to = offset + indexData[indices.offset + i] * width;
      const from = x.offset + i * width;
      if (accumulate) for (let column = 0; column < width; column++) outData[to + column] += xData[from + column];
      else for (let column = 0; column < width; column++) outData[to + column] = xData[from + column];
    }
  };
}

export function pick(out: Tensor, x: Tensor, indices: Tensor): Kernel {
  const [rows, columns] = x.shape;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    const indexData = indices.storage.data;
    for (let row = 0; row < rows; row++) {
      const column = indexData[indices.offset + row];
      requireIndex('pick', column, columns);
      outData[out.offset + row] = xData[x.offset + row * columns + column];
    }
  };
}

export function scatterPick(out: Tensor, x: Tensor, indices: Tensor): Kernel {
  const [rows, columns] = out.shape;
  const { offset, elements } = out;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    const indexData = indices.storage.data;
    outData.fill(0, offset, offset + elements);
    for (let row = 0; row < rows; row++) {
      outData[offset + row * columns + indexData[indices.offset + row]] = xData[x.offset + row];
    }
  };
}
