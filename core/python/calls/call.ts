import type { Shape } from '../../tensor/shape';
import { PythonException } from '../python-exception';
import type { ElementType, TensorTable, TypedTensor } from '../tensor-table';

/** A parameter as Python gives it: a handle or another number, or text. */
export type Parameter = number | string;

/** What Python's side of the torch module can call. A tensor it gives is kept for Python, which gets its handle. */
export type Call = (table: TensorTable, ...parameters: readonly Parameter[]) => TypedTensor | number | string;

/** Calls by name. */
export type Calls = Readonly<Record<string, Call>>;

/** The answer of a call that changes something and gives nothing. */
export const done = 0;

/** `2,3` as the shape or the dimensions that Python means. */
export function numbersOf(parameter: Parameter): number[] {
  const text = String(parameter);
  return text === '' ? [] : text.split(',').map(Number);
}

/** The tensor that a handle stands for. */
export function tensorOf(table: TensorTable, parameter: Parameter): TypedTensor {
  return table.get(Number(parameter));
}

/** The type that Python names; `float` is what the run computes in. */
export function typeOf(table: TensorTable, parameter: Parameter): ElementType {
  switch (parameter) {
    case 'float':
      return table.floatType;
    case 'float32':
    case 'float64':
    case 'int64':
    case 'bool':
      return parameter;
    default:
      throw new PythonException('TypeError', `There is no tensor type '${parameter}'.`);
  }
}

/** A number as Python prints it: `1.0`, `-3`, `inf`, `nan`, `True`. */
export function numberOf(literal: string): number {
  switch (literal) {
    case 'True':
      return 1;
    case 'False':
      return 0;
    case 'inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return Number(literal);
  }
}

/** A shape as PyTorch's messages print it: `[32, 64]`. */
export function listShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The type's name in PyTorch's messages. */
export function scalarName(type: ElementType): string {
  return { float32: 'Float', float64: 'Double', int64: 'Long', bool: 'Bool' }[type];
}

/** A dimension counted from the end where negative. @throws PythonException (IndexError) where there is none such. */
export function dimensionOf(dim: number, rank: number): number {
  // A scalar is treated as having one dimension, as PyTorch does.
  const count = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -count || dim >= count) {
    throw new PythonException(
      'IndexError',
      `Dimension out of range (expected to be in range of [${-count}, ${count - 1}], but got ${dim})`,
    );
  }
  return dim < 0 ? dim + count : dim;
}
