import { elementCount, type Shape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { PythonException } from '../python-exception';
import { type ElementType, elementOffsets, elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { done, listShape, numberOf, type Parameter, scalarName } from './call';

/** bool < whole number < float: the kinds between which PyTorch promotes. */
const category: Readonly<Record<ElementType, number>> = { bool: 0, int64: 1, float32: 2, float64: 2 };

export const isFloat = (type: ElementType) => category[type] === 2;

/** One side of an operation: a tensor, or a Python number, which has no type of its own within its kind. */
export interface Operand {
  readonly typed: TypedTensor;
  /** How much its type counts: a tensor's more than a scalar tensor's, and that more than a Python number's. */
  readonly priority: number;
}

/** A handle, or a number as Python prints it. */
export function operandOf(table: TensorTable, parameter: Parameter): Operand {
  if (typeof parameter === 'number') {
    const typed = table.get(parameter);
    return { typed, priority: typed.tensor.shape.length === 0 ? 1 : 2 };
  }
  const typed = table.allocate(literalType(parameter), []);
  typed.tensor.storage.data[typed.tensor.offset] = numberOf(parameter);
  return { typed, priority: 0 };
}

/** A tensor as one side of an operation whose other side is a number. */
export const asOperand = (typed: TypedTensor): Operand => ({ typed, priority: 2 });

/** Numbers are kept in float64 until the type of the other side is known. */
function literalType(literal: string): ElementType {
  if (literal === 'True' || literal === 'False') return 'bool';
  return /^-?\d+$/.test(literal) ? 'int64' : 'float64';
}

/** The type that an operation on both computes in (PyTorch's type promotion). */
export function promotedType(table: TensorTable, a: Operand, b: Operand): ElementType {
  const [typeA, typeB] = [a.typed.type, b.typed.type];
  if (category[typeA] !== category[typeB]) {
    const higher = category[typeA] > category[typeB] ? a : b;
    return higher.priority === 0 && isFloat(higher.typed.type) ? table.floatType : higher.typed.type;
  }
  if (a.priority !== b.priority) return a.priority > b.priority ? typeA : typeB;
  return typeA === 'float64' ? typeA : typeB;
}

/** The tensor in `type`; itself where it is so already. */
export function converted(table: TensorTable, x: TypedTensor, type: ElementType): TypedTensor {
  if (x.type === type) return x;
  const out = table.allocate(type, x.tensor.shape);
  writeElements(out, x);
  return out;
}

/** A contiguous copy. */
export function copied(table: TensorTable, x: TypedTensor): TypedTensor {
  const out = table.allocate(x.type, x.tensor.shape);
  writeElements(out, x);
  return out;
}

/** The tensor itself where it is contiguous, else a copy. */
export function contiguous(table: TensorTable, x: TypedTensor): TypedTensor {
  return x.tensor.isContiguous ? x : copied(table, x);
}

/** Another view of the same numbers. */
export function viewed(
  x: TypedTensor,
  shape: Shape,
  strides?: readonly number[],
  offset = x.tensor.offset,
): TypedTensor {
  return { type: x.type, block: x.block, tensor: new Tensor(x.tensor.storage, shape, strides, offset) };
}

/** The view that broadcasts to `shape`, which it must fit. */
export function expanded(x: TypedTensor, shape: Shape): TypedTensor {
  return { type: x.type, block: x.block, tensor: x.tensor.expand(shape) };
}

/**
 * Writes `source`, of the same shape, over `out`, converting: to whole numbers by cutting off, to truth by ≠ 0. Where
 * both are views of the same numbers, what is read is what was there before.
 */
export function writeElements(out: TypedTensor, source: TypedTensor): void {
  const count = elementCount(out.tensor.shape);
  if (count === 0 || isSameView(out.tensor, source.tensor)) return;
  const data = out.tensor.storage.data;
  const convert = conversion(out.type, source.type);
  const isPlain = out.tensor.isContiguous && source.tensor.isContiguous && convert === null;
  if (isPlain) {
    data.set(source.tensor.values(), out.tensor.offset);
    return;
  }
  const targets = elementOffsets(out);
  const values = elementsOf(source);
  for (let i = 0; i < count; i++) data[targets[i]] = convert === null ? values[i] : convert(values[i]);
}

function conversion(to: ElementType, from: ElementType): ((value: number) => number) | null {
  if (to === 'bool' && from !== 'bool') return (value) => (value === 0 ? 0 : 1);
  if (to === 'int64' && isFloat(from)) return Math.trunc;
  // A whole number has no sign of its zero, although float64, where it is stored, has one.
  if (isFloat(to) && from === 'int64') return (value) => value + 0;
  return null;
}

function isSameView(a: Tensor, b: Tensor): boolean {
  return (
    a.storage === b.storage && a.offset === b.offset && a.strides.every((stride, dim) => stride === b.strides[dim])
  );
}

/**
 * @throws PythonException where a result of `type` and `shape` cannot be written over `target`: what an in-place operation
 * must hold to.
 */
export function requireWritable(target: TypedTensor, type: ElementType, shape: Shape): void {
  if (category[type] > category[target.type]) {
    throw new PythonException(
      'RuntimeError',
      `result type ${scalarName(type)} can't be cast to the desired output type ${scalarName(target.type)}`,
    );
  }
  const own = target.tensor.shape;
  if (own.length !== shape.length || own.some((size, dim) => size !== shape[dim])) {
    throw new PythonException(
      'RuntimeError',
      `output with shape ${listShape(own)} doesn't match the broadcast shape ${listShape(shape)}`,
    );
  }
  requireDistinct(target);
}

/** Writes a result over `target`, as the in-place form of an operation does. */
export function overwrite(target: TypedTensor, result: TypedTensor): number {
  requireWritable(target, result.type, result.tensor.shape);
  writeElements(target, result);
  return done;
}

/** @throws PythonException where several elements are one number in memory, as after expand. */
export function requireDistinct({ tensor }: TypedTensor): void {
  if (tensor.shape.some((size, dim) => size > 1 && tensor.strides[dim] === 0)) {
    throw new PythonException(
      'RuntimeError',
      'unsupported operation: more than one element of the written-to tensor refers to a single memory location. ' +
        'Please clone() the tensor before performing the operation.',
    );
  }
}

/** The shape that both broadcast to. @throws PythonException in PyTorch's words where there is none. */
export function broadcastShape(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let dim = rank - 1; dim >= 0; dim--) {
    const sizeA = a[dim - rank + a.length] ?? 1;
    const sizeB = b[dim - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new PythonException(
        'RuntimeError',
        `The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) at non-singleton dimension ${dim} ` +
          `(shapes ${listShape(a)} and ${listShape(b)})`,
      );
    }
    shape[dim] = sizeA === 1 ? sizeB : sizeA;
  }
  return shape;
}
