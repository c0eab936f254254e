import { PythonException } from '../python-exception';
import { elementOffsets, type TensorTable, type TypedTensor } from '../tensor-table';
import { binaryCalls } from './binary';
import { type Calls, type Parameter, scalarName, tensorOf } from './call';
import { broadcastShape, expanded, operandOf, promotedType, writeElements } from './types';
import { unaryCalls } from './unary';

function where(table: TensorTable, condition: Parameter, a: Parameter, b: Parameter): TypedTensor {
  const test = tensorOf(table, condition);
  if (test.type !== 'bool') {
    const name = scalarName(test.type);
    throw new PythonException(
      'RuntimeError',
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${name}`,
    );
  }
  const [left, right] = [operandOf(table, a), operandOf(table, b)];
  const shape = broadcastShape(test.tensor.shape, broadcastShape(left.typed.tensor.shape, right.typed.tensor.shape));
  const type = promotedType(table, left, right);
  const chosen = table.allocate(type, shape);
  const other = table.allocate(type, shape);
  writeElements(chosen, expanded(left.typed, shape));
  writeElements(other, expanded(right.typed, shape));
  const tests = elementOffsets(expanded(test, shape));
  const { data } = chosen.tensor.storage;
  const otherData = other.tensor.storage.data;
  for (let i = 0; i < tests.length; i++) if (test.tensor.storage.data[tests[i]] === 0) data[i] = otherData[i];
  return chosen;
}

export const elementwiseCalls: Calls = {
  ...binaryCalls,
  ...unaryCalls,
  where,
};
