import { elementOffsets } from '../../tensor/offsets';
import { Tensor } from '../../tensor/tensor';
import type { Kernel, TriangleKind } from '../kernels';

export function triangle(kind: TriangleKind, out: Tensor, x: Tensor, diagonal: number): Kernel {
  const [rows, columns] = x.shape.slice(-2);
  const columnStride = x.strides[x.strides.length - 1];
  const starts = elementOffsets(new Tensor(x.storage, x.shape.slice(0, -1), x.strides.slice(0, -1), x.offset));
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    for (let row = 0; row < starts.length; row++) {
      const to = out.offset + row * columns;
      // The first column above the diagonal.
      const beyond = (row % rows) + diagonal + 1;
      for (let column = 0; column < columns; column++) {
        const isKept = kind === 'lower' ? column < beyond : column >= beyond - 1;
        outData[to + column] = isKept ? xData[starts[row] + column * columnStride] : 0;
      }
    }
  };
}
