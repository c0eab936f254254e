import { Tensor } from '../../tensor/tensor';
import { type Kernel, sequence } from '../kernels';
import { RowCursor } from '../loops';
import { binary } from './elementwise';

const round = Math.fround;

/**
 * Products of stacks of matrices, each summed over k in order, product and sum each rounded to the tensors' type. That is
 * what a plain BLAS does, and what one lane of a SIMD kernel without fused multiply-add does, so that all three agree to
 * the bit; with two examples in a batch norm, nothing less reproduces PyTorch's figures.
 */
export function matmul(out: Tensor, a: Tensor, b: Tensor, bias?: Tensor): Kernel {
  const product = out.dtype === 'float32' ? tiledProduct(out, a, b) : plainProduct(out, a, b);
  const stack = out.shape.slice(0, -2);
  const cursor = new RowCursor(stack, [out, a, b].map(stackOf));
  const { length, offsets, steps } = cursor;
  const products = () => {
    cursor.reset();
    do {
      for (let i = 0; i < length; i++) {
        product(offsets[0] + i * steps[0], offsets[1] + i * steps[1], offsets[2] + i * steps[2]);
      }
    } while (cursor.next());
  };
  return bias === undefined ? products : sequence(products, binary('add', out, out, bias));
}

/** The first number of each matrix of a stack. */
function stackOf({ storage, shape, strides, offset }: Tensor): Tensor {
  return new Tensor(storage, shape.slice(0, -2), strides.slice(0, -2), offset);
}

/** Computes the product of the matrices that begin at these places, from a row and a column on. */
type Product = (outAt: number, aAt: number, bAt: number, firstRow?: number, firstColumn?: number) => void;

/** The sizes of a product's matrices, and their strides. */
function matricesOf(a: Tensor, b: Tensor) {
  const [rows, inner] = a.shape.slice(-2);
  const [aRow, aColumn] = a.strides.slice(-2);
  const [bRow, bColumn] = b.strides.slice(-2);
  return { rows, inner, columns: b.shape[b.shape.length - 1], aRow, aColumn, bRow, bColumn };
}

/** Results one by one. */
function plainProduct(out: Tensor, a: Tensor, b: Tensor): Product {
  const { rows, inner, columns, aRow, aColumn, bRow, bColumn } = matricesOf(a, b);
  const isSingle = out.dtype === 'float32';
  return (outStart, aStart, bStart, firstRow = 0, firstColumn = 0) => {
    const aData = a.storage.data;
    const bData = b.storage.data;
    const outData = out.storage.data;
    for (let row = firstRow; row < rows; row++) {
      for (let column = firstColumn; column < columns; column++) {
        let aAt = aStart + row * aRow;
        let bAt = bStart + column * bColumn;
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const product = aData[aAt] * bData[bAt];
          sum = isSingle ? round(sum + round(product)) : sum + product;
          aAt += aColumn;
          bAt += bRow;
        }
        outData[outStart + row * columns + column] = sum;
      }
    }
  };
}

/** float32 by tiles of 4 × 2 results, which is what fits a processor's registers; tiling changes no bit. */
function tiledProduct(out: Tensor, a: Tensor, b: Tensor): Product {
  const { rows, inner, columns, aRow, aColumn, bRow, bColumn } = matricesOf(a, b);
  const tiledRows = rows - (rows % 4);
  const tiledColumns = columns - (columns % 2);
  const rest = plainProduct(out, a, b);
  return (outStart, aStart, bStart) => {
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
        let a0 = aStart + row * aRow;
        let a1 = a0 + aRow;
        let a2 = a1 + aRow;
        let a3 = a2 + aRow;
        let b0 = bStart + column * bColumn;
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
        const at = outStart + row * columns + column;
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
    if (tiledColumns < columns) rest(outStart, aStart, bStart, 0, tiledColumns);
    if (tiledRows < rows) rest(outStart, aStart, bStart, tiledRows);
  };
}
