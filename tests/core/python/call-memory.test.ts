import { expect, test } from 'vitest';
import { referenceKernels } from '../../../core/kernels/reference/reference';
import { createEngineCall } from '../../../core/python/calls/engine-call';
import { TensorTable } from '../../../core/python/tensor-table';
import { newArena } from '../engine';

const rows = 300;
const columns = 200;
const elements = rows * columns;

/** A table of which so many bytes are left beside the tensors, and the tensors that the calls are tried with, by name. */
function setUp() {
  let left = Number.POSITIVE_INFINITY;
  const table = new TensorTable(referenceKernels, newArena(), { memoryLeft: () => left - table.memory.bytes });
  const call = createEngineCall(table);
  const made = (name: string, ...parameters: (number | string)[]) => {
    const handle = call(name, ...parameters);
    if (typeof handle === 'string') throw new Error(handle);
    return handle;
  };
  call('seed', 1, 7);
  const numbers = made('rand', 1, `${rows},${columns}`);
  const turned = made('transpose', numbers, 0, 1);
  const truths = made('less', numbers, '0.5');
  const flat = made('reshape', numbers, `${elements}`);
  const positions = made('arange', 'int64', '0', `${rows}`, '1');
  return {
    table,
    call,
    tensors: { numbers, turned, truths, flat, positions },
    leave(bytes: number) {
      left = bytes;
    },
  };
}

type Tensors = ReturnType<typeof setUp>['tensors'];

/** Every kind of call that makes something besides its result in proportion to a tensor. */
const calls: readonly (readonly [string, (of: Tensors) => readonly (number | string)[]])[] = [
  ['argsort', ({ flat }) => [flat, 0, 0]],
  ['unique', ({ numbers }) => [numbers]],
  ['numbers', ({ numbers }) => [numbers, 0, elements]],
  ['nonzero', ({ numbers }) => [numbers]],
  ['get_item', ({ numbers, truths }) => [numbers, `t${truths}`]],
  ['get_item', ({ numbers }) => [numbers, `r0:${rows}:1`]],
  ['set_item', ({ numbers, truths }) => [numbers, `t${truths}`, '0']],
  ['index_put_', ({ numbers, truths }) => [numbers, `t${truths}`, '1', 1]],
  ['one_hot', ({ positions }) => [positions, rows]],
  ['convert', ({ numbers }) => [numbers, 'int64']],
  ['max', ({ numbers }) => [numbers, '1', 0]],
  ['randn', () => [1, `${rows},${columns}`]],
  ['randint', () => [1, `${rows},${columns}`, 0, 9]],
  ['randperm', () => [1, elements]],
  ['multinomial', ({ flat }) => [flat, 1, 10, 1]],
];

test.each(calls)('%s takes what is counted, and is a MemoryError where that does not fit', (name, parametersOf) => {
  const { table, call, tensors, leave } = setUp();
  const parameters = parametersOf(tensors);
  let most = 0;
  const { take } = table.memory;
  table.memory.take = (bytes) => {
    take.call(table.memory, bytes);
    most = Math.max(most, table.memory.bytes);
  };
  expect(String(call(name, ...parameters))).not.toMatch(/^!/);
  // What is taken is given back with the call's end.
  expect(table.memory.bytes).toBe(0);
  expect(most).toBeGreaterThanOrEqual(4 * rows);
  leave(most);
  expect(String(call(name, ...parameters))).not.toMatch(/^!/);
  leave(most - 1);
  expect(call(name, ...parameters)).toMatch(/^!MemoryError: .*memory/);
  expect(table.memory.bytes).toBe(0);
  // Nothing is left of the failure.
  leave(most);
  expect(String(call(name, ...parameters))).not.toMatch(/^!/);
});

/** What an op of the table computes takes nothing but tensors. */
const planned: typeof calls = [
  ['contiguous', ({ turned }) => [turned]],
  ['convert', ({ truths }) => [truths, 'float32']],
  ['where', ({ truths, numbers }) => [truths, numbers, '0']],
  ['less', ({ turned }) => [turned, '0.5']],
  ['power', ({ turned }) => [turned, '1.5']],
  ['sin', ({ turned }) => [turned]],
  ['matmul', ({ numbers, turned }) => [numbers, turned]],
];

test.each(planned)('%s of a tensor, however large, takes next to nothing beside tensors', (name, parametersOf) => {
  const { call, tensors, leave } = setUp();
  leave(4 * columns);
  expect(String(call(name, ...parametersOf(tensors)))).not.toMatch(/^!/);
});

test('is counted with the tensors themselves', () => {
  const table = new TensorTable(referenceKernels, newArena(), { byteLimit: 3 * 2 ** 20 });
  const call = createEngineCall(table);
  // 1 MiB of float32, whose offsets and numbers are 3.
  const handle = call('full', '512,512', 'float32', '1');
  expect(call('sum', handle, '', 0)).toBeTypeOf('number');
  expect(call('unique', handle)).toMatch(/^!MemoryError: What this makes of a tensor on the way does not fit/);
});

test('what is kept is counted until the task ends', () => {
  let left = 100;
  const table = new TensorTable(referenceKernels, newArena(), { memoryLeft: () => left - table.memory.bytes });
  table.memory.keep(60);
  table.memory.take(30);
  table.endCall();
  expect(table.memory.bytes).toBe(60);
  expect(() => table.memory.take(50)).toThrow('no memory left');
  table.memory.giveBack(20);
  table.memory.take(50);
  table.memory.reset();
  left = 10;
  expect(() => table.memory.keep(11)).toThrow('no memory left');
});

test('sorting, distinct numbers and where they are not 0 are as PyTorch has them', () => {
  const table = new TensorTable(referenceKernels, newArena());
  const call = createEngineCall(table);
  const given = table.create('float32', [2, 3], [3, -0, 2, 0, Number.NaN, 2]);
  const read = (handle: number | string) => [...table.read(Number(handle)).values];
  expect(read(call('unique', given))).toEqual([0, 2, 3, Number.NaN]);
  expect(read(call('argsort', given, 1, 0))).toEqual([1, 2, 0, 0, 2, 1]);
  expect(read(call('nonzero', given))).toEqual([0, 0, 0, 2, 1, 1, 1, 2]);
  const truths = table.create('bool', [2, 3], [1, 0, 0, 1, 0, 1]);
  expect(read(call('get_item', given, `t${truths}`))).toEqual([3, 0, 2]);
});
