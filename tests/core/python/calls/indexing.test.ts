import { beforeEach, expect, it } from 'vitest';
import { referenceKernels } from '../../../../core/kernels/reference/reference';
import { createEngineCall } from '../../../../core/python/calls/engine-call';
import type { EngineCall } from '../../../../core/python/python-runtime';
import { type ElementType, TensorTable } from '../../../../core/python/tensor-table';
import { elementCount, type Shape } from '../../../../core/tensor/shape';
import { newArena } from '../../engine';

let table: TensorTable;
let call: EngineCall;

beforeEach(() => {
  table = new TensorTable(referenceKernels, newArena());
  call = createEngineCall(table);
});

const made = (type: ElementType, shape: Shape, values: readonly number[]) => table.create(type, shape, values);
const counting = (shape: Shape) => made('float32', shape, [...new Array(elementCount(shape)).keys()]);
const read = (handle: number | string) => {
  const { shape, values } = table.read(Number(handle));
  return { shape, values: [...values] };
};

it('takes truth values for as many dimensions as they have, wherever they stand', () => {
  const x = counting([2, 3, 4]);
  const mask = made('bool', [2, 3], [1, 0, 0, 0, 1, 1]);
  expect(read(call('get_item', x, `t${mask}`))).toEqual({
    shape: [3, 4],
    values: [0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23],
  });
  const last = made('bool', [4], [0, 1, 0, 1]);
  for (const index of [`...,t${last}`, `:,:,t${last}`]) {
    expect(read(call('get_item', x, `${index}`)).shape).toEqual([2, 3, 2]);
  }
  expect(read(call('get_item', x, `None,1,...,t${last}`))).toEqual({
    shape: [1, 3, 2],
    values: [13, 15, 17, 19, 21, 23],
  });
});

it.each([
  [':,tM', 'The shape of the mask [2] at index 0 does not match the shape of the indexed tensor [2, 3] at index 1'],
  ['...,tM', 'The shape of the mask [2] at index 0 does not match the shape of the indexed tensor [2, 3] at index 1'],
  ['tM,:,:', 'too many indices for tensor of dimension 2'],
])('refuses %s of truth values that do not fit', (index, message) => {
  const mask = made('bool', [2], [1, 1]);
  expect(call('get_item', counting([2, 3]), index.replace('M', String(mask)))).toBe(`!IndexError: ${message}`);
});

it('reads positions and values before it writes, where they are those that it writes over', () => {
  const x = made('int64', [3], [1, 2, 0]);
  expect(call('set_item', x, `t${x}`, '7')).toBe(0);
  expect(read(x).values).toEqual([7, 7, 7]);
  const y = counting([3]);
  const turned = made('int64', [3], [1, 2, 0]);
  expect(call('index_put_', y, `t${turned}`, y, 1)).toBe(0);
  expect(read(y).values).toEqual([2, 1, 3]);
});

it('gathers from a number by itself, and scatters over it', () => {
  const x = call('get_item', counting([5]), '3');
  const position = made('int64', [], [0]);
  expect(read(call('gather', Number(x), 0, position))).toEqual({ shape: [], values: [3] });
  expect(call('scatter_', Number(x), 0, position, '8')).toBe(0);
  expect(read(x).values).toEqual([8]);
});

it('tells of a change what it was computed from, even where the call fails half way', () => {
  const secret = counting([3]);
  const x = made('float32', [3], [0, 0, 0]);
  table.mark(table.peek(secret), 1);
  const positions = made('int64', [3], [0, 1, 9]);
  expect(call('index_put_', x, `t${positions}`, secret, 0)).toBe(
    '!IndexError: index 9 is out of bounds for dimension 0 with size 3',
  );
  expect(table.sourcesOf(table.peek(x))).toBe(1);
  expect(table.takeChanged()(table.peek(x))).toBe(true);
});

it('tells of positions outside their dimension in PyTorch’s words', () => {
  const x = counting([2, 3]);
  const far = made('int64', [1, 1], [3]);
  expect(call('gather', x, 1, far)).toBe('!RuntimeError: index 3 is out of bounds for dimension 1 with size 3');
  expect(call('scatter_', x, 1, far, '1')).toBe('!RuntimeError: index 3 is out of bounds for dimension 1 with size 3');
  expect(call('get_item', x, `0,t${far}`)).toBe('!IndexError: index 3 is out of bounds for dimension 1 with size 3');
});
