import type { BinaryKind } from '../../kernels/kernels';
import { elementCount } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { type ElementType, elementOffsets, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Call, type Calls, done, numberOf, type Parameter, scalarName, tensorOf } from './call';
import {
  asOperand,
  broadcastShape,
  converted,
  expanded,
  isFloat,
  type Operand,
  operandOf,
  overwrite,
  promotedType,
  requireWritable,
  writeElements,
} from './types';

/** An operation on two tensors, element by element. */
interface Binary {
  /** The type it computes in, given the promoted one; computed in that one otherwise. */
  readonly computes?: (table: TensorTable, promoted: ElementType) => ElementType;
  /** Of the result, where it is not the type it computes in. */
  readonly result?: ElementType;
  run(table: TensorTable, out: TypedTensor, a: TypedTensor, b: TypedTensor): void;
}

/** The engine's kernel, so that a formula by hand has the bits of autograd's. */
function byKernel(kind: BinaryKind): Binary['run'] {
  return ({ kernels }, out, a, b) => kernels.binary(kind, out.tensor, a.tensor, b.tensor)();
}

/** A function of two numbers, for what the engine has no kernel. */
function byElement(f: (a: number, b: number) => number): Binary['run'] {
  return (_, out, a, b) => {
    const count = out.tensor.elements;
    const data = out.tensor.storage.data;
    const offsetsA = elementOffsets(expanded(a, out.tensor.shape));
    const offsetsB = elementOffsets(expanded(b, out.tensor.shape));
    const dataA = a.tensor.storage.data;
    const dataB = b.tensor.storage.data;
    for (let i = 0; i < count; i++) data[out.tensor.offset + i] = f(dataA[offsetsA[i]], dataB[offsetsB[i]]);
  };
}

const inFloat = (table: TensorTable, promoted: ElementType) => (isFloat(promoted) ? promoted : table.floatType);

function inNumbers(_: TensorTable, promoted: ElementType): ElementType {
  return promoted === 'bool' ? 'int64' : promoted;
}

function comparison(f: (a: number, b: number) => boolean): Binary {
  return { result: 'bool', run: byElement((a, b) => (f(a, b) ? 1 : 0)) };
}

function bitwise(f: (a: number, b: number) => number): Binary {
  return {
    run(table, out, a, b) {
      if (isFloat(out.type)) {
        throw new PythonException(
          'RuntimeError',
          `&, | and ^ are for bool and whole numbers, not for ${scalarName(out.type)}`,
        );
      }
      byElement(f)(table, out, a, b);
    },
  };
}

/** Whole numbers have no value for a division by zero. */
function requireNoZeros(divisor: TypedTensor): void {
  if (isFloat(divisor.type)) return;
  const { data } = divisor.tensor.storage;
  if (elementOffsets(divisor).some((at) => data[at] === 0)) {
    throw new PythonException('RuntimeError', 'ZeroDivisionError');
  }
}

/** With the divisor's sign, as Python's %. */
function moduloOf(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** The exact quotient's floor, which floor(a / b) need not be, because a / b is rounded first. */
function floorQuotient(a: number, b: number): number {
  return b === 0 ? a / b : Math.round((a - moduloOf(a, b)) / b);
}

/** log(eᵃ + eᵇ) where neither eᵃ nor eᵇ need be a finite number. */
function logOfSum(a: number, b: number): number {
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

const floorDivide = byElement(floorQuotient);
const remainder = byElement(moduloOf);

const binaries: Readonly<Record<string, Binary>> = {
  add: {
    run(table, out, a, b) {
      if (out.type === 'bool') byElement((x, y) => Math.max(x, y))(table, out, a, b);
      else byKernel('add')(table, out, a, b);
    },
  },
  subtract: {
    run(table, out, a, b) {
      if (a.type === 'bool' && b.type === 'bool') {
        throw new PythonException(
          'RuntimeError',
          'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.',
        );
      }
      byKernel('subtract')(table, out, a, b);
    },
  },
  multiply: { run: byKernel('multiply') },
  divide: { computes: inFloat, run: byKernel('divide') },
  floor_divide: {
    computes: inNumbers,
    run(table, out, a, b) {
      requireNoZeros(b);
      floorDivide(table, out, a, b);
    },
  },
  remainder: {
    computes: inNumbers,
    run(table, out, a, b) {
      requireNoZeros(b);
      remainder(table, out, a, b);
    },
  },
  power: {
    computes: inNumbers,
    run(table, out, a, b) {
      if (!isFloat(out.type)) {
        const { data } = b.tensor.storage;
        if (elementOffsets(b).some((at) => data[at] < 0)) {
          throw new PythonException('RuntimeError', 'Integers to negative integer powers are not allowed.');
        }
      }
      byElement((x, y) => x ** y)(table, out, a, b);
    },
  },
  fmod: {
    computes: inNumbers,
    run(table, out, a, b) {
      requireNoZeros(b);
      byElement((x, y) => x % y)(table, out, a, b);
    },
  },
  atan2: { computes: inFloat, run: byElement(Math.atan2) },
  hypot: { run: byElement((a, b) => Math.sqrt(a * a + b * b)) },
  logaddexp: { run: byElement(logOfSum) },
  xlogy: { computes: inFloat, run: byElement((a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b))) },
  maximum: { run: byElement((a, b) => Math.max(a, b)) },
  minimum: { run: byElement((a, b) => Math.min(a, b)) },
  equal: comparison((a, b) => a === b),
  not_equal: comparison((a, b) => a !== b),
  less: comparison((a, b) => a < b),
  less_equal: comparison((a, b) => a <= b),
  greater: comparison((a, b) => a > b),
  greater_equal: comparison((a, b) => a >= b),
  bitwise_and: bitwise((a, b) => a & b),
  bitwise_or: bitwise((a, b) => a | b),
  bitwise_xor: bitwise((a, b) => a ^ b),
  logical_and: comparison((a, b) => a !== 0 && b !== 0),
  logical_or: comparison((a, b) => a !== 0 || b !== 0),
  logical_xor: comparison((a, b) => (a !== 0) !== (b !== 0)),
};

/** Computes a binary operation, into a new tensor or, where `target` is given, over it. */
function compute(table: TensorTable, binary: Binary, a: Operand, b: Operand, target: TypedTensor | null): TypedTensor {
  const shape = broadcastShape(a.typed.tensor.shape, b.typed.tensor.shape);
  const promoted = promotedType(table, a, b);
  const type = binary.computes?.(table, promoted) ?? promoted;
  const resultType = binary.result ?? type;
  if (target !== null) requireWritable(target, resultType, shape);
  const left = converted(table, a.typed, type);
  const right = converted(table, b.typed, type);
  const isDirect =
    target !== null && target.type === resultType && canOverwrite(target, left) && canOverwrite(target, right);
  const out = isDirect ? target : table.allocate(resultType, shape);
  if (elementCount(shape) > 0) binary.run(table, out, left, right);
  if (target !== null && !isDirect) writeElements(target, out);
  return out;
}

/** Whether an operation may write over `target` while it reads `x`: where they are the same view, or have nothing in common. */
function canOverwrite({ tensor }: TypedTensor, x: TypedTensor): boolean {
  if (!tensor.isContiguous) return false;
  if (tensor.storage !== x.tensor.storage) return true;
  return tensor.offset === x.tensor.offset && x.tensor.isContiguous && tensor.elements === x.tensor.elements;
}

/** `x ** 2.0`, by the engine's kernel, which keeps the exponent in float64 and knows the exponents PyTorch computes apart. */
function powerByNumber(table: TensorTable, x: TypedTensor, exponent: string): TypedTensor | null {
  if (!isFloat(x.type)) return null;
  const out = table.allocate(x.type, x.tensor.shape);
  if (out.tensor.elements > 0) table.kernels.scalar('power', out.tensor, x.tensor, numberOf(exponent))();
  return out;
}

function power(table: TensorTable, a: Parameter, b: Parameter): TypedTensor {
  const scaled = typeof a === 'number' && typeof b === 'string' ? powerByNumber(table, tensorOf(table, a), b) : null;
  return scaled ?? compute(table, binaries.power, operandOf(table, a), operandOf(table, b), null);
}

/** `2.0 / x`: PyTorch multiplies by the reciprocal, and the bits follow from that. */
function divide(table: TensorTable, a: Parameter, b: Parameter): TypedTensor {
  if (typeof a === 'number') return compute(table, binaries.divide, operandOf(table, a), operandOf(table, b), null);
  const reciprocal = compute(table, binaries.divide, operandOf(table, '1'), operandOf(table, b), null);
  if (numberOf(a) === 1) return reciprocal;
  return compute(table, binaries.multiply, asOperand(reciprocal), operandOf(table, a), null);
}

/** `x.clamp(low, high)`; an empty text is no bound. */
function clamp(table: TensorTable, handle: Parameter, low: Parameter, high: Parameter): TypedTensor {
  let clamped = operandOf(table, handle);
  if (low !== '') clamped = asOperand(compute(table, binaries.maximum, clamped, operandOf(table, low), null));
  if (high !== '') clamped = asOperand(compute(table, binaries.minimum, clamped, operandOf(table, high), null));
  return clamped.typed;
}

/** `name(a, b)`, and in place `name_(a, b)`, where a and b are handles or numbers. */
function callsOfTable(): Calls {
  const calls: Record<string, Call> = {};
  for (const [name, binary] of Object.entries(binaries)) {
    calls[name] = (table, a, b) => compute(table, binary, operandOf(table, a), operandOf(table, b), null);
    calls[`${name}_`] = (table, a, b) => {
      compute(table, binary, operandOf(table, a), operandOf(table, b), tensorOf(table, a));
      return done;
    };
  }
  return calls;
}

export const binaryCalls: Calls = {
  ...callsOfTable(),
  power,
  power_: (table, a, b) => overwrite(tensorOf(table, a), power(table, a, b)),
  divide,
  clamp,
  clamp_: (table, x, low, high) => overwrite(tensorOf(table, x), clamp(table, x, low, high)),
};
