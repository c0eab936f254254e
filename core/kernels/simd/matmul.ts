import { elementCount } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { type Kernel, type Kernels, nothing, sequence } from '../kernels';
import { mergeDimensions } from '../loops';
import { referenceKernels } from '../reference/reference';
import type { Crew } from './crew';
import type { SimdFunctions } from './functions';
import { addressOf, bytesPerSingle } from './rows';
import type { Workspace } from './workspace';

interface MatmulParts {
  readonly functions: SimdFunctions;
  readonly workspace: Workspace;
  readonly crew: Crew | null;
  readonly binary: Kernels['binary'];
}

/** What the products of a stack have in common; strides in bytes. */
interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly aRow: number;
  readonly aStep: number;
  readonly bRow: number;
  readonly bColumn: number;
}

/** Dimensions of a stack, outermost first, and the bytes by which each factor goes on in them. */
interface Stack {
  readonly sizes: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Products of stacks of matrices; the compiled loop walks two dimensions of a stack, what is beyond is walked here. */
export function simdMatmul({ functions, workspace, crew, binary }: MatmulParts): Kernels['matmul'] {
  function matrix(to: number, from: number, other: number, product: Product, bias: number): Kernel {
    const { rows, inner, columns, aRow, aStep, bRow, bColumn } = product;
    const bytes = functions.workspaceBytes(rows, inner);
    const own = workspace.take(0, bytes);
    const run = functions.matmul;
    const alone = () => run(to, rows, columns, inner, from, aRow, aStep, other, bRow, bColumn, bias, own, 0, 1);
    if (crew === null) return alone;
    const second = workspace.take(1, bytes);
    const job = [to, rows, columns, inner, from, aRow, aStep, other, bRow, bColumn, bias, own, second];
    return crew.plan('matmul', rows * columns * inner, job, alone);
  }

  function stack(to: number, from: number, other: number, product: Product, bias: number, { sizes, a, b }: Stack) {
    const { rows, inner, columns, aRow, aStep, bRow, bColumn } = product;
    const bytes = functions.workspaceBytes(rows, inner);
    const own = workspace.take(0, bytes);
    const [groups, matrices] = sizes.length === 2 ? sizes : [1, ...sizes];
    const [aGroup, aMatrix] = sizes.length === 2 ? a : [0, ...a];
    const [bGroup, bMatrix] = sizes.length === 2 ? b : [0, ...b];
    const run = functions.matmulStack;
    // biome-ignore format: two lines of one call
    const alone = () => run(
      to, rows, columns, inner, from, aRow, aStep, other, bRow, bColumn, bias, own,
      groups, aGroup, bGroup, matrices, aMatrix, bMatrix, 0, 1,
    );
    if (crew === null) return alone;
    const second = workspace.take(1, bytes);
    const job = [
      ...[to, rows, columns, inner, from, aRow, aStep, other, bRow, bColumn, bias, own, second],
      ...[groups, aGroup, bGroup, matrices, aMatrix, bMatrix],
    ];
    return crew.plan('matmulStack', groups * matrices * rows * columns * inner, job, alone);
  }

  function products(to: number, from: number, other: number, product: Product, bias: number, all: Stack): Kernel {
    if (all.sizes.length === 0) return matrix(to, from, other, product, bias);
    if (all.sizes.length <= 2) return stack(to, from, other, product, bias, all);
    const [size, ...sizes] = all.sizes;
    const [aStep, ...a] = all.a;
    const [bStep, ...b] = all.b;
    const outStep = elementCount(sizes) * product.rows * product.columns * bytesPerSingle;
    return sequence(
      ...Array.from({ length: size }, (_, at) => {
        return products(to + at * outStep, from + at * aStep, other + at * bStep, product, bias, { sizes, a, b });
      }),
    );
  }

  return function matmul(out: Tensor, a: Tensor, b: Tensor, bias?: Tensor): Kernel {
    if (out.dtype !== 'float32') return referenceKernels.matmul(out, a, b, bias);
    if (out.elements === 0) return nothing;
    // The compiled loop adds one run of numbers to every row.
    if (bias !== undefined && !isRun(bias, out)) return sequence(matmul(out, a, b), binary('add', out, out, bias));
    const { product, stack } = productsOf(out, a, b);
    const [to, from, other] = [out, a, b].map(addressOf);
    return products(to, from, other, product, bias === undefined ? noBias : addressOf(bias), stack);
  };
}

/** The compiled loop's word for no bias; the first tensor of a memory may be there, too. */
const noBias = 0;

/** Whether it is one number a column, in a run. */
function isRun(bias: Tensor, out: Tensor): boolean {
  const columns = out.shape[out.shape.length - 1];
  return (
    addressOf(bias) !== noBias &&
    bias.isContiguous &&
    bias.elements === columns &&
    bias.shape[bias.shape.length - 1] === columns
  );
}

/**
 * The products as few stacks of as large matrices as can be: matrices of `a` that are multiplied by one matrix of `b`, and
 * lie so that their rows follow each other evenly, are one matrix.
 */
function productsOf(out: Tensor, a: Tensor, b: Tensor): { readonly product: Product; readonly stack: Stack } {
  const [rows, columns] = out.shape.slice(-2);
  const inner = a.shape[a.shape.length - 1];
  const sizes = out.shape.slice(0, -2);
  // Of `b`, a row of the result reads every row.
  const merged = mergeDimensions(
    [...sizes, rows],
    [
      out.strides.slice(0, -1),
      [...stackStrides(a, sizes.length), a.strides[a.strides.length - 2]],
      [...stackStrides(b, sizes.length), 0],
    ],
  );
  const [, aStrides, bStrides] = merged.strides.map((strides) => strides.map((stride) => stride * bytesPerSingle));
  const last = merged.shape.length - 1;
  // Matrices of one row lose that dimension.
  const hasRows = last >= 0 && bStrides[last] === 0;
  const stacked = hasRows ? last : last + 1;
  const [aStep] = a.strides.slice(-1).map((stride) => stride * bytesPerSingle);
  const [bRow, bColumn] = b.strides.slice(-2).map((stride) => stride * bytesPerSingle);
  const aRow = hasRows ? aStrides[last] : 0;
  return {
    product: { rows: hasRows ? merged.shape[last] : 1, inner, columns, aRow, aStep, bRow, bColumn },
    stack: {
      sizes: merged.shape.slice(0, stacked),
      a: aStrides.slice(0, stacked),
      b: bStrides.slice(0, stacked),
    },
  };
}

/** A factor's strides in the `dimensions` dimensions of the stack, 0 where it repeats. */
function stackStrides({ shape, strides }: Tensor, dimensions: number): number[] {
  const lead = dimensions - (shape.length - 2);
  return Array.from({ length: dimensions }, (_, dim) =>
    dim < lead || shape[dim - lead] === 1 ? 0 : strides[dim - lead],
  );
}
