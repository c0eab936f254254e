import { canHold, conversion, type ElementType, isFloat, type Promoted, promoteTypes } from '../../ops/types';
import { elementCount, type Shape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { PythonException } from '../python-exception';
import { elementOffsets, elementsOf, type TensorTable, type TypedTensor } from '../tensor-table';
import { done, listShape, numberOf, type Parameter, scalarName } from './call';
import { computed } from './computed';

export { isFloat };

/** One side of an operation: a tensor, or a Python number, which has no type of its own within its kind. */
export interface Operand {
  readonly typed: TypedTensor;
  readonly priority: Promoted['priority'];
}

/** A handle, or a number as Python prints it. */
export function operandOf(table: TensorTable, parameter: Parameter): Operand {
  if (typeof parameter === 'number') {
    const typed = table.get(parameter);
    return { typed, priority: typed.tensor.shape.length === 0 ? 'scalar' : 'tensor' };
  }
  const typed = table.allocate(literalType(parameter), []);
  typed.tensor.storage.data[typed.tensor.offset] = numberOf(parameter);
  return { typed, priority: 'number' };
}

/** A tensor as one side of an operation whose other side is a number. */
export const asOperand = (typed: TypedTensor): Operand => ({ typed, priority: 'tensor' });

/** Numbers are kept in float64 until the type of the other side is known. */
function literalType(literal: string): ElementType {
  if (literal === 'True' || literal === 'False') return 'bool';
  return /^-?\d+$/.test(literal) ? 'int64' : 'float64';
}

/** The type that an operation on both computes in. */
export function promotedType({ floatType }: TensorTable, a: Operand, b: Operand): ElementType {
  return promoteTypes(promoted(a), promoted(b), floatType);
}

const promoted = ({ typed: { type }, priority }: Operand): Promoted => ({ type, priority });

/** The tensor in `type`; itself where it is so already. */
export function converted(table: TensorTable, x: TypedTensor, type: ElementType): TypedTensor {
  if (x.type === type) return x;
  if (conversion(type, x.type) === null) return computed(table, 'clone', [x], {}, { type });
  const out = table.allocate(type, x.tensor.shape);
  writeElements(out, x);
  return out;
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
  if (!canHold(target.type, type)) {
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
