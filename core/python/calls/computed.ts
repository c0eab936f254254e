import { runOp } from '../../ops/plan-op';
import type { OpAttributes, OpName } from '../../ops/table';
import type { ElementType, TensorTable, TypedTensor } from '../tensor-table';

/** What a result is computed as. */
export interface ComputedAs {
  /** The type it is computed in; every input but indices and truth values is of it. */
  readonly type: ElementType;
  /** Where it goes instead of into a tensor of its own: contiguous, of its type and shape; nothing else may need what is there. */
  readonly over?: TypedTensor;
}

/**
 * An op of the table on tensors of Python's, computed now. A result that only views the first input shares its numbers.
 * @throws ShapeError where the inputs do not fit.
 */
export function computed<Name extends OpName>(
  table: TensorTable,
  name: Name,
  inputs: readonly TypedTensor[],
  attributes: OpAttributes[Name],
  { type, over }: ComputedAs,
): TypedTensor {
  let result: TypedTensor | null = null;
  // Whole numbers and truth values stand in float64, in which they are computed, too.
  const float = type === 'float32' ? 'float32' : 'float64';
  const tensor = runOp(
    name,
    inputs.map((input) => input.tensor),
    attributes,
    {
      kernels: table.kernels,
      output(own, shape) {
        result = over ?? table.allocate(own ?? type, shape);
        return result.tensor;
      },
      newTensor: (shape) => table.allocate(float, shape).tensor,
      newIndices: (shape) => table.allocate('int64', shape).tensor,
      temporary: (shape) => table.allocate(float, shape).tensor,
    },
  );
  return result ?? { type: inputs[0].type, block: inputs[0].block, tensor };
}
