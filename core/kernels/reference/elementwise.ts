import type { TensorData } from '../../tensor/arena';
import type { Tensor } from '../../tensor/tensor';
import { type BinaryKind, type Kernel, type ScalarKind, sequence, type UnaryKind } from '../kernels';
import { RowCursor } from '../loops';
import { binaryFunctions, power, unaryFunctions } from './functions';

// One loop a kind, rather than one loop that calls a function an element: V8 then compiles each to plain machine code. What
// is rare, or costs more than a call, is called an element.

type BinaryRow = (
  length: number,
  out: TensorData,
  outAt: number,
  outStep: number,
  a: TensorData,
  aAt: number,
  aStep: number,
  b: TensorData,
  bAt: number,
  bStep: number,
) => void;

const callingBinaryRow =
  (f: (a: number, b: number) => number): BinaryRow =>
  (length, out, outAt, outStep, a, aAt, aStep, b, bAt, bStep) => {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = f(a[aAt + i * aStep], b[bAt + i * bStep]);
  };

const binaryRows: Readonly<Record<BinaryKind, BinaryRow>> = {
  ...mapValues(binaryFunctions, callingBinaryRow),
  add(length, out, outAt, outStep, a, aAt, aStep, b, bAt, bStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = a[aAt + i * aStep] + b[bAt + i * bStep];
  },
  subtract(length, out, outAt, outStep, a, aAt, aStep, b, bAt, bStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = a[aAt + i * aStep] - b[bAt + i * bStep];
  },
  multiply(length, out, outAt, outStep, a, aAt, aStep, b, bAt, bStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = a[aAt + i * aStep] * b[bAt + i * bStep];
  },
  divide(length, out, outAt, outStep, a, aAt, aStep, b, bAt, bStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = a[aAt + i * aStep] / b[bAt + i * bStep];
  },
};

type UnaryRow = (
  length: number,
  out: TensorData,
  outAt: number,
  outStep: number,
  x: TensorData,
  xAt: number,
  xStep: number,
) => void;

const callingUnaryRow =
  (f: (x: number) => number): UnaryRow =>
  (length, out, outAt, outStep, x, xAt, xStep) => {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = f(x[xAt + i * xStep]);
  };

const unaryRows: Readonly<Record<UnaryKind, UnaryRow>> = {
  ...mapValues(unaryFunctions, callingUnaryRow),
  copy(length, out, outAt, outStep, x, xAt, xStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = x[xAt + i * xStep];
  },
  negate(length, out, outAt, outStep, x, xAt, xStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = -x[xAt + i * xStep];
  },
  exp(length, out, outAt, outStep, x, xAt, xStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = Math.exp(x[xAt + i * xStep]);
  },
  log(length, out, outAt, outStep, x, xAt, xStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = Math.log(x[xAt + i * xStep]);
  },
  tanh(length, out, outAt, outStep, x, xAt, xStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = Math.tanh(x[xAt + i * xStep]);
  },
  sqrt(length, out, outAt, outStep, x, xAt, xStep) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = Math.sqrt(x[xAt + i * xStep]);
  },
};

type ScalarRow = (
  length: number,
  out: TensorData,
  outAt: number,
  outStep: number,
  x: TensorData,
  xAt: number,
  xStep: number,
  scalar: number,
) => void;

const scalarRows: Readonly<Record<ScalarKind, ScalarRow>> = {
  add(length, out, outAt, outStep, x, xAt, xStep, scalar) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = x[xAt + i * xStep] + scalar;
  },
  multiply(length, out, outAt, outStep, x, xAt, xStep, scalar) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = x[xAt + i * xStep] * scalar;
  },
  divide(length, out, outAt, outStep, x, xAt, xStep, scalar) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = x[xAt + i * xStep] / scalar;
  },
  subtractFrom(length, out, outAt, outStep, x, xAt, xStep, scalar) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = scalar - x[xAt + i * xStep];
  },
  power(length, out, outAt, outStep, x, xAt, xStep, scalar) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = x[xAt + i * xStep] ** scalar;
  },
  powerOf(length, out, outAt, outStep, x, xAt, xStep, scalar) {
    for (let i = 0; i < length; i++) out[outAt + i * outStep] = power(scalar, x[xAt + i * xStep]);
  },
};

/** PyTorch computes these exponents by products, quotients and roots, rounding in between; the bits follow from that. */
const squareRow: ScalarRow = (length, out, outAt, outStep, x, xAt, xStep) => {
  for (let i = 0; i < length; i++) out[outAt + i * outStep] = x[xAt + i * xStep] * x[xAt + i * xStep];
};
const cubeRow: ScalarRow = (length, out, outAt, outStep, x, xAt, xStep) => {
  for (let i = 0; i < length; i++) {
    const at = outAt + i * outStep;
    const value = x[xAt + i * xStep];
    out[at] = value * value;
    out[at] *= value;
  }
};
const squareRootRow: ScalarRow = (length, out, outAt, outStep, x, xAt, xStep) => {
  for (let i = 0; i < length; i++) out[outAt + i * outStep] = Math.sqrt(x[xAt + i * xStep]);
};
const inverseSquareRow: ScalarRow = (length, out, outAt, outStep, x, xAt, xStep) => {
  for (let i = 0; i < length; i++) {
    const at = outAt + i * outStep;
    out[at] = x[xAt + i * xStep] * x[xAt + i * xStep];
    out[at] = 1 / out[at];
  }
};
const inverseSquareRootRow: ScalarRow = (length, out, outAt, outStep, x, xAt, xStep) => {
  for (let i = 0; i < length; i++) {
    const at = outAt + i * outStep;
    out[at] = Math.sqrt(x[xAt + i * xStep]);
    out[at] = 1 / out[at];
  }
};
const powerRows: ReadonlyMap<number, ScalarRow> = new Map([
  [2, squareRow],
  [3, cubeRow],
  [0.5, squareRootRow],
  [-2, inverseSquareRow],
  [-0.5, inverseSquareRootRow],
]);

function mapValues<Key extends string, From, To>(from: Readonly<Record<Key, From>>, to: (value: From) => To) {
  const keys = Object.keys(from) as Key[];
  return Object.fromEntries(keys.map((key) => [key, to(from[key])])) as Record<Key, To>;
}

export function binary(kind: BinaryKind, out: Tensor, a: Tensor, b: Tensor): Kernel {
  const cursor = new RowCursor(out.shape, [out, a, b]);
  const row = binaryRows[kind];
  const { length, offsets } = cursor;
  const [outStep, aStep, bStep] = cursor.steps;
  return () => {
    const outData = out.storage.data;
    const aData = a.storage.data;
    const bData = b.storage.data;
    cursor.reset();
    do row(length, outData, offsets[0], outStep, aData, offsets[1], aStep, bData, offsets[2], bStep);
    while (cursor.next());
  };
}

export function unary(kind: UnaryKind, out: Tensor, x: Tensor): Kernel {
  const cursor = new RowCursor(out.shape, [out, x]);
  const row = unaryRows[kind];
  const { length, offsets } = cursor;
  const [outStep, xStep] = cursor.steps;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    cursor.reset();
    do row(length, outData, offsets[0], outStep, xData, offsets[1], xStep);
    while (cursor.next());
  };
}

export function scalar(kind: ScalarKind, out: Tensor, x: Tensor, value: number): Kernel {
  const cursor = new RowCursor(out.shape, [out, x]);
  const row = (kind === 'power' ? powerRows.get(value) : undefined) ?? scalarRows[kind];
  // An exponent stays as it is: PyTorch, too, keeps it in float64.
  const rounded = out.dtype === 'float32' && kind !== 'power' ? Math.fround(value) : value;
  const { length, offsets } = cursor;
  const [outStep, xStep] = cursor.steps;
  return () => {
    const outData = out.storage.data;
    const xData = x.storage.data;
    cursor.reset();
    do row(length, outData, offsets[0], outStep, xData, offsets[1], xStep, rounded);
    while (cursor.next());
  };
}

export function tanhGradient(out: Tensor, gradient: Tensor, result: Tensor): Kernel {
  return sequence(
    binary('multiply', out, result, result),
    scalar('subtractFrom', out, out, 1),
    binary('multiply', out, gradient, out),
  );
}

export function divisorGradient(out: Tensor, gradient: Tensor, a: Tensor, b: Tensor): Kernel {
  return sequence(
    binary('divide', out, a, b),
    binary('divide', out, out, b),
    binary('multiply', out, gradient, out),
    unary('negate', out, out),
  );
}

export function fill(out: Tensor, value: number): Kernel {
  const { offset, elements } = out;
  return () => {
    out.storage.data.fill(value, offset, offset + elements);
  };
}
