import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena } from '../../../core/tensor/arena';
import { Heap } from '../../../core/tensor/heap';

type Step = { readonly arena: number; readonly length: number } | { readonly reset: number };

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ arena: fc.nat(3), length: fc.integer({ min: 1, max: 90_000 }) }) },
    { weight: 1, arbitrary: fc.record({ reset: fc.nat(3) }) },
  ),
  { maxLength: 40 },
);

describe('a heap of several arenas', () => {
  it('never gives two storages the same place, whatever is given back in between, and keeps their numbers', () => {
    fc.assert(
      fc.property(steps, (sequence: readonly Step[]) => {
        const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum: 2000 }));
        const arenas = Array.from({ length: 4 }, () => new Arena(heap));
        const held = arenas.map((): { value: number; storage: ReturnType<Arena['allocate']> }[] => []);
        for (const [value, step] of sequence.entries()) {
          if ('reset' in step) {
            arenas[step.reset]!.reset();
            held[step.reset] = [];
            continue;
          }
          const storage = arenas[step.arena]!.allocate('int32', step.length);
          expect(storage.byteOffset % 64).toBe(0);
          expect(storage.data.every((number) => number === 0)).toBe(true);
          storage.data.fill(value + 1);
          held[step.arena]!.push({ value: value + 1, storage });
        }
        for (const { value, storage } of held.flat()) {
          expect(storage.data).toHaveLength(storage.length);
          expect(storage.data.every((number) => number === value)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('uses again what was given back: memory does not grow with the sessions that come and go', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2000 });
    const heap = new Heap(memory);
    const sizes: number[] = [];
    for (let round = 0; round < 50; round++) {
      // The next one is there before the last one goes, as when a session is replaced.
      const [first, second] = [new Arena(heap), new Arena(heap)];
      for (let i = 0; i < 10; i++) {
        first.allocate('float32', 20_000);
        second.allocate('float64', 30_000);
      }
      first.reset();
      second.reset();
      sizes.push(memory.buffer.byteLength);
    }
    expect(sizes.at(-1)).toBe(sizes[0]);
  });
});
