import { PythonException } from '../python-exception';
import type { TensorTable, TypedTensor } from '../tensor-table';
import { binaryCalls } from './binary';
import { type Calls, type Parameter, scalarName, tensorOf } from './call';
import { computed } from './computed';
import { converted, operandOf, promotedType } from './types';
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
  const type = promotedType(table, left, right);
  const [chosen, other] = [left, right].map(({ typed }) => converted(table, typed, type));
  return computed(table, 'where', [test, chosen, other], {}, { type });
}

export const elementwiseCalls: Calls = {
  ...binaryCalls,
  ...unaryCalls,
  where,
};
