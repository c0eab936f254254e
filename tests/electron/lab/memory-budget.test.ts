import { expect, test } from 'vitest';
import { MemoryBudget } from '../../../electron/lab/memory-budget';

const page = 65_536;
const newMemory = () => new WebAssembly.Memory({ initial: 1, maximum: 10_000 });

test('all memories together grow to the limit, and no further', () => {
  const budget = new MemoryBudget(10 * page);
  const [tensors, running] = [newMemory(), newMemory()];
  budget.watch('tensors', tensors);
  budget.watch('running', running);
  expect(tensors.grow(5)).toBe(1);
  expect(() => running.grow(4)).toThrow(RangeError);
  expect(running.grow(3)).toBe(1);
  expect(() => tensors.grow(1)).toThrow('no more memory');
});

test('an interpreter in place of another has what that one had', () => {
  const budget = new MemoryBudget(10 * page);
  const [old, young] = [newMemory(), newMemory()];
  budget.watch('running', old);
  old.grow(8);
  budget.watch('running', young);
  expect(young.grow(9)).toBe(1);
});

test('it is spent once far more is taken than at the start', () => {
  const budget = new MemoryBudget();
  const memory = newMemory();
  budget.watch('tensors', memory);
  memory.grow(4000);
  expect(budget.isSpent).toBe(false);
  budget.started();
  memory.grow(4000);
  expect(budget.isSpent).toBe(false);
  memory.grow(200);
  expect(budget.isSpent).toBe(true);
});

test('what is taken outside of all memories is counted with them', () => {
  const budget = new MemoryBudget(10 * page);
  const memory = newMemory();
  let beside = 4 * page;
  budget.watch('tensors', memory);
  budget.countBeside(() => beside);
  expect(budget.left).toBe(5 * page);
  expect(() => memory.grow(6)).toThrow('no more memory');
  beside = 0;
  expect(memory.grow(6)).toBe(1);
  expect(budget.left).toBe(3 * page);
});
