import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, type DataType } from '../../../core/tensor/arena';
import { Heap, OutOfMemoryError } from '../../../core/tensor/heap';
import { newArena } from '../engine';

const dtype = fc.constantFrom<DataType>('float32', 'float64', 'int32');

/** An arena of one page that grows to `pages` at most. */
function smallArena(pages: number): Arena {
  return new Arena(new Heap(new WebAssembly.Memory({ initial: 1, maximum: pages })));
}

describe('Arena', () => {
  it('keeps the numbers of earlier storage when the memory grows, and never lets two overlap', () => {
    const requests = fc.array(fc.tuple(dtype, fc.integer({ min: 0, max: 30_000 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(requests, (wanted) => {
        const arena = newArena();
        const storages = wanted.map(([type, length], index) => {
          const storage = arena.allocate(type, length);
          expect(storage.byteOffset % 64).toBe(0);
          expect(storage.data.every((value) => value === 0)).toBe(true);
          storage.data.fill(index + 1);
          return storage;
        });
        for (const [index, { data, length }] of storages.entries()) {
          expect(data).toHaveLength(length);
          expect(data.every((value) => value === index + 1)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('replaces the views of earlier storage, whose memory a growth takes away', () => {
    const arena = newArena();
    const storage = arena.allocate('float32', 3);
    const { data } = storage;
    storage.data.set([1, 2, 3]);
    arena.allocate('float64', 100_000);
    expect(data).toHaveLength(0);
    expect([...storage.data]).toEqual([1, 2, 3]);
  });

  it('gives each number type its own view', () => {
    const arena = newArena();
    expect(arena.allocate('float32', 1).data).toBeInstanceOf(Float32Array);
    expect(arena.allocate('float64', 1).data).toBeInstanceOf(Float64Array);
    expect(arena.allocate('int32', 1).data).toBeInstanceOf(Int32Array);
    expect(arena.bytesUsed).toBe(128 + 4);
  });

  it('says how much was wanted where the memory cannot grow, and goes on with what there is', () => {
    const arena = smallArena(2);
    const kept = arena.allocate('float32', 10);
    kept.data.fill(7);
    expect(() => arena.allocate('float32', 1_000_000)).toThrow(OutOfMemoryError);
    expect(() => arena.allocate('float32', 1_000_000)).toThrow(/does not fit: 4 MiB wanted.*smaller/);
    expect(arena.allocate('float32', 20_000).length).toBe(20_000);
    expect([...kept.data]).toEqual(new Array(10).fill(7));
  });

  it('takes everything back, and hands it out zeroed', () => {
    const arena = smallArena(1);
    for (let round = 0; round < 10; round++) {
      const storage = arena.allocate('float32', 16_000);
      expect(storage.byteOffset).toBe(0);
      expect(storage.data.every((value) => value === 0)).toBe(true);
      storage.data.fill(1);
      arena.reset();
      expect(arena.bytesUsed).toBe(0);
    }
  });
});
