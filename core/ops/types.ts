import type { FloatType } from '../tensor/arena';
import type { ResultType } from './op';

/** What a tensor's numbers are. Whole numbers and truth values are stored as float64, exact to 2^53. */
export type ElementType = FloatType | ResultType;

/** bool < whole number < float: the kinds between which PyTorch promotes. */
const category: Readonly<Record<ElementType, number>> = { bool: 0, int64: 1, float32: 2, float64: 2 };

export const isFloat = (type: ElementType): type is FloatType => category[type] === 2;

/** Whether numbers of type `from` may be written over a tensor of type `to`: none of a higher kind may. */
export const canHold = (to: ElementType, from: ElementType) => category[from] <= category[to];

/** One side of an operation, as type promotion sees it. */
export interface Promoted {
  readonly type: ElementType;
  /** A tensor's type counts more than a scalar tensor's, and that more than a number's that is none, within the same kind. */
  readonly priority: 'number' | 'scalar' | 'tensor';
}

const priorities: Readonly<Record<Promoted['priority'], number>> = { number: 0, scalar: 1, tensor: 2 };

/**
 * The type that an operation on both computes in: PyTorch's type promotion (c10::promoteTypes and at::result_type).
 * @param floatType What a float number that is no tensor is beside whole numbers and truth values.
 */
export function promoteTypes(a: Promoted, b: Promoted, floatType: FloatType): ElementType {
  if (category[a.type] !== category[b.type]) {
    const higher = category[a.type] > category[b.type] ? a : b;
    return higher.priority === 'number' && isFloat(higher.type) ? floatType : higher.type;
  }
  if (a.priority !== b.priority) return priorities[a.priority] > priorities[b.priority] ? a.type : b.type;
  return a.type === 'float64' ? a.type : b.type;
}

/**
 * What makes a number of type `from` one of type `to`: whole by cutting off, a truth value by ≠ 0; null where it stays what it
 * is, but for the rounding of what it is stored in.
 */
export function conversion(to: ElementType, from: ElementType): ((value: number) => number) | null {
  if (to === 'bool' && from !== 'bool') return (value) => (value === 0 ? 0 : 1);
  if (to === 'int64' && isFloat(from)) return Math.trunc;
  // A whole number has no sign of its zero, although float64, where it is stored, has one.
  if (isFloat(to) && from === 'int64') return (value) => value + 0;
  return null;
}
