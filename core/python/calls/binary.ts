import { ops, type PlainOpName } from '../../ops/table';
import { type ElementType, isFloat } from '../../ops/types';
import { broadcastShapes } from '../../tensor/broadcasting';
import { elementCount } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import { elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { type Call, type Calls, done, numberOf, type Parameter, scalarName, tensorOf } from './call';
import { computed } from './computed';
import {
  asOperand,
  converted,
  type Operand,
  operandOf,
  overwrite,
  promotedType,
  requireWritable,
  writeElements,
} from './types';

/** An operation on two tensors, element by element. */
interface Binary {
  readonly op: PlainOpName;
  /** The op that it is of truth values, where that is another one. */
  readonly ofBool?: PlainOpName;
  /** What it computes in, given the promoted type; in that one otherwise. */
  readonly computesIn?: 'floats' | 'numbers';
  /** @throws PythonException for tensors of which there is none. @param type That it computes in. */
  readonly require?: (type: ElementType, a: TypedTensor, b: TypedTensor) => void;
}

/** Whole numbers have no value for a division by zero. */
function requireNoZeros(type: ElementType, _: TypedTensor, divisor: TypedTensor): void {
  if (isFloat(type)) return;
  if (elementsOf(divisor).some((value) => value === 0)) throw new PythonException('RuntimeError', 'ZeroDivisionError');
}

function requireNoNegatives(type: ElementType, _: TypedTensor, exponent: TypedTensor): void {
  if (isFloat(type)) return;
  if (elementsOf(exponent).some((value) => value < 0)) {
    throw new PythonException('RuntimeError', 'Integers to negative integer powers are not allowed.');
  }
}

function requireNumbers(_: ElementType, a: TypedTensor, b: TypedTensor): void {
  if (a.type !== 'bool' || b.type !== 'bool') return;
  throw new PythonException(
    'RuntimeError',
    'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.',
  );
}

function requireWhole(type: ElementType): void {
  if (!isFloat(type)) return;
  throw new PythonException('RuntimeError', `&, | and ^ are for bool and whole numbers, not for ${scalarName(type)}`);
}

const division = { computesIn: 'numbers', require: requireNoZeros } as const;

const binaries = {
  add: { op: 'add', ofBool: 'logicalOr' },
  subtract: { op: 'subtract', require: requireNumbers },
  multiply: { op: 'multiply' },
  divide: { op: 'divide', computesIn: 'floats' },
  floor_divide: { op: 'floorDivide', ...division },
  remainder: { op: 'remainder', ...division },
  fmod: { op: 'fmod', ...division },
  power: { op: 'powerTensor', computesIn: 'numbers', require: requireNoNegatives },
  atan2: { op: 'atan2', computesIn: 'floats' },
  hypot: { op: 'hypot' },
  logaddexp: { op: 'logaddexp' },
  xlogy: { op: 'xlogy', computesIn: 'floats' },
  maximum: { op: 'maximum' },
  minimum: { op: 'minimum' },
  equal: { op: 'equal' },
  not_equal: { op: 'notEqual' },
  less: { op: 'less' },
  less_equal: { op: 'lessEqual' },
  greater: { op: 'greater' },
  greater_equal: { op: 'greaterEqual' },
  bitwise_and: { op: 'bitwiseAnd', ofBool: 'logicalAnd', require: requireWhole },
  bitwise_or: { op: 'bitwiseOr', ofBool: 'logicalOr', require: requireWhole },
  bitwise_xor: { op: 'bitwiseXor', ofBool: 'logicalXor', require: requireWhole },
  logical_and: { op: 'logicalAnd' },
  logical_or: { op: 'logicalOr' },
  logical_xor: { op: 'logicalXor' },
} satisfies Record<string, Binary>;

/** The type that it computes in. */
function typeIn({ computesIn }: Binary, promoted: ElementType, table: TensorTable): ElementType {
  if (computesIn === 'floats' && !isFloat(promoted)) return table.floatType;
  return computesIn === 'numbers' && promoted === 'bool' ? 'int64' : promoted;
}

/** Computes a binary operation, into a new tensor or, where `target` is given, over it. */
function compute(table: TensorTable, binary: Binary, a: Operand, b: Operand, target: TypedTensor | null): TypedTensor {
  const type = typeIn(binary, promotedType(table, a, b), table);
  const op = type === 'bool' ? (binary.ofBool ?? binary.op) : binary.op;
  const resultType = ops[op].result ?? type;
  const shape = broadcastShapes(op, a.typed.tensor.shape, b.typed.tensor.shape);
  if (target !== null) requireWritable(target, resultType, shape);
  if (elementCount(shape) > 0) binary.require?.(type, a.typed, b.typed);
  const inputs = [converted(table, a.typed, type), converted(table, b.typed, type)];
  const isOver = target !== null && target.type === resultType && inputs.every((input) => canOverwrite(target, input));
  const result = computed(table, op, inputs, {}, isOver ? { type, over: target } : { type });
  if (target !== null && !isOver) writeElements(target, result);
  return result;
}

/** Whether an operation may write over `target` while it reads `x`: where they are the same view, or have nothing in common. */
function canOverwrite({ tensor }: TypedTensor, x: TypedTensor): boolean {
  if (!tensor.isContiguous) return false;
  if (tensor.storage !== x.tensor.storage) return true;
  return tensor.offset === x.tensor.offset && x.tensor.isContiguous && tensor.elements === x.tensor.elements;
}

/** `x ** 2.0`: the exponent stays in float64, and some exponents are computed otherwise, as PyTorch does. */
function power(table: TensorTable, a: Parameter, b: Parameter): TypedTensor {
  if (typeof a === 'number' && typeof b === 'string') {
    const base = tensorOf(table, a);
    if (isFloat(base.type)) return computed(table, 'power', [base], { scalar: numberOf(b) }, { type: base.type });
  }
  return compute(table, binaries.power, operandOf(table, a), operandOf(table, b), null);
}

/** `2.0 / x`: PyTorch multiplies by the reciprocal, and the bits follow from that. */
function divide(table: TensorTable, a: Parameter, b: Parameter): TypedTensor {
  if (typeof a === 'number') return compute(table, binaries.divide, operandOf(table, a), operandOf(table, b), null);
  const divisor = tensorOf(table, b);
  const type = isFloat(divisor.type) ? divisor.type : table.floatType;
  const reciprocal = computed(table, 'reciprocal', [converted(table, divisor, type)], {}, { type });
  const scalar = numberOf(a);
  return scalar === 1
    ? reciprocal
    : computed(table, 'multiplyScalar', [reciprocal], { scalar }, { type, over: reciprocal });
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
