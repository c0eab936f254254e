/** Called with a memory before it is used. */
export type LimitMemory = (memory: WebAssemblyMemory) => void;

/** Whose memory is counted: the tensors', and each interpreter's. */
export type MemoryUse = 'tensors' | 'reading' | 'running';

const pageBytes = 65_536;

/** What may stay taken from one task to the next, beyond what there was at the start: a memory never shrinks. */
const leftoverBytes = 256 * 2 ** 20;

/**
 * One limit for all memory that code can take: that of the interpreters, that of the tensors and what calls make of tensors on the
 * way, together. Beyond it nothing grows, which Python tells as a MemoryError.
 */
export class MemoryBudget {
  readonly #limit: number;
  readonly #used = new Map<MemoryUse, WebAssemblyMemory>();
  /** What is taken outside of all memories. */
  #beside = () => 0;
  /** Also those of interpreters that are no longer used, until they are collected. */
  readonly #held = new Set<WeakRef<WebAssemblyMemory>>();
  #atStart: number | null = null;

  /** @param limit Bytes. */
  constructor(limit = 2 ** 30) {
    this.#limit = limit;
  }

  /** Counts a memory from now on, in place of an earlier one of the same use, and limits how far it grows. */
  watch(use: MemoryUse, memory: WebAssemblyMemory): void {
    this.#used.set(use, memory);
    this.#held.add(new WeakRef(memory));
    const grow = memory.grow.bind(memory);
    const limited = (pages: number) => {
      if (this.#usedBytes() + pages * pageBytes > this.#limit) throw new RangeError('There is no more memory.');
      return grow(pages);
    };
    Object.defineProperty(memory, 'grow', { value: limited });
  }

  /** Counts as well, from now on, what is taken outside of all memories. */
  countBeside(bytes: () => number): void {
    this.#beside = bytes;
  }

  /** Bytes that may still be taken outside of them. */
  get left(): number {
    return this.#limit - this.#usedBytes();
  }

  /** Everything has started: what is taken now is no leftover. */
  started(): void {
    this.#atStart = this.#heldBytes();
  }

  /** Whether so much is taken that code to come would miss it. */
  get isSpent(): boolean {
    return this.#atStart !== null && this.#heldBytes() > this.#atStart + leftoverBytes;
  }

  #usedBytes(): number {
    return sum(this.#used.values()) + this.#beside();
  }

  #heldBytes(): number {
    const memories: WebAssemblyMemory[] = [];
    for (const reference of this.#held) {
      const memory = reference.deref();
      if (memory === undefined) this.#held.delete(reference);
      else memories.push(memory);
    }
    return sum(memories);
  }
}

function sum(memories: Iterable<WebAssemblyMemory>): number {
  let bytes = 0;
  for (const { buffer } of memories) bytes += buffer.byteLength;
  return bytes;
}
