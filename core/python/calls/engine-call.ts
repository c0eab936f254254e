import { BroadcastError } from '../../tensor/broadcasting';
import { OutOfMemoryError } from '../../tensor/heap';
import { elementOffset } from '../../tensor/offsets';
import { PythonException } from '../python-exception';
import type { EngineCall } from '../python-runtime';
import type { TensorTable } from '../tensor-table';
import { type Call, type Calls, done, listShape, type Parameter, tensorOf } from './call';
import { creationCalls, randomCalls } from './creation';
import { elementwiseCalls } from './elementwise';
import { indexingCalls } from './indexing';
import { linearAlgebraCalls } from './linear-algebra';
import { observerCalls } from './observer';
import { reductionCalls } from './reductions';
import { viewCalls } from './views';

const tableCalls: Calls = {
  /** Lets a tensor go. */
  release(table, handle) {
    table.release(Number(handle));
    return done;
  },
  /** Sets what `float` means. */
  use_float_type(table, type) {
    table.floatType = type === 'float64' ? 'float64' : 'float32';
    return done;
  },
  float_type: (table) => table.floatType,
  /** The one number of a tensor, as text. */
  item(table, handle) {
    const { tensor } = tensorOf(table, handle);
    table.noteEscape();
    if (tensor.elements !== 1) {
      throw new PythonException(
        'RuntimeError',
        `a Tensor with ${tensor.elements} elements cannot be converted to Scalar`,
      );
    }
    return literal(tensor.storage.data[tensor.offset]);
  },
  /** So many numbers from the `start`th on, in row-major order, as `1,2.5,Infinity`: Python asks for many in pieces. */
  numbers(table, handle, start, count) {
    const { tensor } = tensorOf(table, handle);
    table.noteEscape();
    if (start === 0) table.requireRoom(tensor.elements * bytesOfPythonFloat);
    const { data } = tensor.storage;
    const end = Math.min(Number(start) + Number(count), tensor.elements);
    table.memory.take(Math.max(0, end - Number(start)) * bytesOfLiteral);
    const literals: string[] = [];
    for (let index = Number(start); index < end; index++) literals.push(literal(data[elementOffset(tensor, index)]));
    return literals.join(',');
  },
};

/** A number as text: in a list, joined with the others, and in the bytes that are handed to Python. */
const bytesOfLiteral = 96;

/** In a list of Python's: itself, and the list's pointer to it. */
const bytesOfPythonFloat = 32;

/** A number that Python's float() reads, the sign of −0 included. */
function literal(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * The engine as Python's torch module calls it. An exception is given back as text, "!RuntimeError: …", because nothing
 * but numbers and text may reach Python.
 */
export function createEngineCall(table: TensorTable): EngineCall {
  const calls = new Map<string, Call>(
    Object.entries({
      ...tableCalls,
      ...creationCalls,
      ...randomCalls(),
      ...elementwiseCalls,
      ...reductionCalls,
      ...linearAlgebraCalls,
      ...viewCalls,
      ...indexingCalls,
    }),
  );
  const tellings = new Map<string, Call>(Object.entries(observerCalls));
  return (name, ...parameters) => {
    try {
      const tell = tellings.get(name);
      if (tell !== undefined) {
        const instead = tell(table, ...parameters);
        return typeof instead === 'object' ? table.keep(instead) : instead;
      }
      const call = calls.get(name);
      if (call === undefined) throw new PythonException('RuntimeError', `The engine has no call '${name}'.`);
      const [one, other] = parameters;
      if (name === 'equal' && typeof one === 'number' && typeof other === 'number') {
        table.observer?.comparedByHand(table.peek(one), table.peek(other));
      }
      if (isInPlace(name)) return changing(table, call, parameters);
      const result = call(table, ...parameters);
      if (typeof result !== 'object') return result;
      table.noteComputed(result);
      return table.keep(result);
    } catch (error) {
      return `!${describeError(error)}`;
    } finally {
      table.endCall();
    }
  };
}

/** A call that changes its first tensor, of which something may have been written even where it fails. */
function changing(table: TensorTable, call: Call, parameters: readonly Parameter[]) {
  const target = tensorOf(table, parameters[0] ?? Number.NaN);
  try {
    call(table, ...parameters);
    return done;
  } finally {
    table.noteChange(target);
  }
}

/** Whether a call changes its first tensor: as in PyTorch, its name ends in an underscore. */
function isInPlace(name: string): boolean {
  return name.endsWith('_') || name === 'set_item';
}

function describeError(error: unknown): string {
  if (error instanceof PythonException) return `${error.type}: ${error.message}`;
  if (error instanceof BroadcastError) return `RuntimeError: ${broadcastMessage(error)}`;
  if (error instanceof OutOfMemoryError) return 'MemoryError: There is no more memory for tensors.';
  return `RuntimeError: ${error instanceof Error ? error.message : String(error)}`;
}

/** PyTorch's words for shapes that do not broadcast, and the shapes. */
function broadcastMessage({ dim, sizes: [sizeA, sizeB], shapes: [a, b] }: BroadcastError): string {
  return (
    `The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) at non-singleton dimension ${dim} ` +
    `(shapes ${listShape(a)} and ${listShape(b)})`
  );
}
