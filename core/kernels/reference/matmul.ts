import { elementCount, unravelIndex } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { type Kernel, sequence } from '../kernels';
import { binary } from './elementwise';

const round = Math.fround;

/**
 * Products of stacks of matrices, each summed over k in order, product and sum each rounded to the tensors' type. That is
 * what a plain BLAS does, and what one lane of a SIMD kernel without fused multiply-add does, so that all three agree to
 * the bit; with two examples in a batch norm, nothing less reproduces PyTorch's figures.
 */
export function matmul(out: Tensor, a: Tensor, b: Tensor, bias?: Tensor): Kernel {
  const stack = out.shape.slice(0, -2);
  const [left, right] = [a, b].map((factor) => factor.expand([...stack, ...factor.shape.slice(-2)]));
  const products = Array.from({ length: elementCount(stack) }, (_, position) => {
    const index = unravelIndex(position, stack);
    return product(matrixAt(out, index), matrixAt(left, index), matrixAt(right, index));
  });
  return bias === undefined ? sequence(...products) : sequence(...products, binary('add', out, out, bias));
}

function product(out: Tensor, a: Tensor, b: Tensor): Kernel {
  return out.dtype === 'float32' ? singleMatmul(out, a, b) : () => fillProducts(out, a, b, 0, 0);
}

/** The matrix at one place of a stack. */
function matrixAt({ storage, shape, strides, offset }: Tensor, index: readonly number[]): Tensor {
  const at = index.reduce((sum, step, dim) => sum + step * strides[dim], offset);
  return new Tensor(storage, shape.slice(-2), strides.slice(-2), at);
}

/** Results from `firstRow` and `firstColumn` on, one by one. */
function fillProducts(out: Tensor, a: Tensor, b: Tensor, firstRow: number, firstColumn: number): void {
  const [rows, inner] = a.shape;
  const columns = b.shape[1];
  const aData = a.storage.data;
  const bData = b.storage.data;
  const outData = out.storage.data;
  const isSingle = out.dtype === 'float32';
  for (let row = firstRow; row < rows; row++) {
    for (let column = firstColumn; column < columns; column++) {
      let aAt = a.offset + row * a.strides[0];
      let bAt = b.offset + column * b.strides[1];
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const product = aData[aAt] * bData[bAt];
        sum = isSingle ? round(sum + round(product)) : sum + product;
        aAt += a.strides[1];
        bAt += b.strides[0];
      }
      outData[out.offset + row * columns + column] = sum;
    }
  }
}

/** float32 by tiles of 4 × 2 results, which is what fits a processor's registers; tiling changes no bit. */
function singleMatmul(out: Tensor, a: Tensor, b: Tensor): Kernel {
  const [rows, inner] = a.shape;
  const columns = b.shape[1];
  const [aRow, aColumn] = a.strides;
  const [bRow, bColumn] = b.strides;
  const tiledRows = rows - (rows % 4);
  const tiledColumns = columns - (columns % 2);
  return () => {
    const aData = a.storage.data;
    const bData = b.storage.data;
    const outData = out.storage.data;
    for (let row = 0; row < tiledRows; row += 4) {
      for (let column = 0; column < tiledColumns; column += 2) {
        let sum00 = 0;
        let sum01 = 0;
        let sum10 = 0;
        let sum11 = 0;
        let sum20 = 0;
        let sum21 = 0;
        let sum30 = 0;
        let sum31 = 0;
        let a0 = a.offset + row * aRow;
        let a1 = a0 + aRow;
        let a2 = a1 + aRow;
        let a3 = a2 + aRow;
        let b0 = b.offset + column * bColumn;
        let b1 = b0 + bColumn;
        for (let k = 0; k < inner; k++) {
          const left = bData[b0];
          const right = bData[b1];
          const x0 = aData[a0];
          sum00 = round(sum00 + round(x0 * left));
          sum01 = round(sum01 + round(x0 * right));
          const x1 = aData[a1];
          sum10 = round(sum10 + round(x1 * left));
          sum11 = round(sum11 + round(x1 * right));
          const x2 = aData[a2];
          sum20 = round(sum20 + round(x2 * left));
          sum21 = round(sum21 + round(x2 * right));
          const x3 = aData[a3];
          sum30 = round(sum30 + round(x3 * left));
          sum31 = round(sum31 + round(x3 * right));
          a0 += aColumn;
          a1 += aColumn;
          a2 += aColumn;
          a3 += aColumn;
          b0 += bRow;
          b1 += bRow;
        }
        const at = out.offset + row * columns + column;
        outData[at] = sum00;
        outData[at + 1] = sum01;
        outData[at + columns] = sum10;
        outData[at + columns + 1] = sum11;
        outData[at + 2 * columns] = sum20;
        outData[at + 2 * columns + 1] = sum21;
        outData[at + 3 * columns] = sum30;
        outData[at + 3 * columns + 1] = sum31;
      }
    }
    if (tiledColumns < columns) fillProducts(out, a, b, 0, tiledColumns);
    if (tiledRows < rows) fillProducts(out, a, b, tiledRows, 0);
  };
}
