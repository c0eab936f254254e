/** Growable memory; a `WebAssembly.Memory` is one, so that SIMD kernels can work in place. */
export interface GrowableMemory {
  readonly buffer: ArrayBufferLike;
  /** Adds pages of 64 KiB. @throws RangeError where there is no more. */
  grow(pages: number): number;
}

/** The network asked for is larger than memory can be. */
export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError';
}

/** Whole pages of a heap, held by one arena. Bytes. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

const pageBytes = 65_536;
/** What an arena takes at least once others stand in its way: few, large regions do not scatter. */
const leastRegionBytes = 4 * pageBytes;

/**
 * Divides one memory among arenas, in regions of whole pages. All tensors that meet in a kernel are of one heap, since a
 * SIMD kernel sees one memory only.
 */
export class Heap {
  readonly #memory: GrowableMemory;
  /** In order, never adjacent. */
  #free: Region[] = [];
  /** Bytes below this belong to a region or are free. */
  #end = 0;
  /** Whoever holds views on the buffer, which a growth may replace. */
  readonly #holders = new Set<() => void>();

  constructor(memory: GrowableMemory) {
    this.#memory = memory;
  }

  /** The memory's buffer as it is now; a growth may replace it. */
  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  /**
   * A region of at least so many bytes.
   * @throws OutOfMemoryError where the memory cannot grow enough, saying how much was wanted.
   */
  take(bytes: number): Region {
    const wanted = Math.max(wholePages(bytes), this.#end === 0 ? 0 : leastRegionBytes);
    const index = this.#free.findIndex(({ start, end }) => end - start >= wanted);
    const found = this.#free[index];
    if (found !== undefined) {
      this.#free[index] = { start: found.start + wanted, end: found.end };
      if (found.end - found.start === wanted) this.#free.splice(index, 1);
      return { start: found.start, end: found.start + wanted };
    }
    const region = { start: this.#end, end: this.#end + wanted };
    this.#growTo(region.end);
    return region;
  }

  /**
   * The region with at least so many bytes more at its end, where nobody stands there; else null.
   * @throws OutOfMemoryError as `take`.
   */
  extend(region: Region, bytes: number): Region | null {
    if (region.end !== this.#end) return null;
    const extended = { start: region.start, end: region.end + wholePages(bytes) };
    this.#growTo(extended.end);
    return extended;
  }

  /** Takes regions back. */
  giveBack(regions: readonly Region[]): void {
    const sorted = [...this.#free, ...regions].sort((a, b) => a.start - b.start);
    this.#free = [];
    for (const region of sorted) {
      const last = this.#free.at(-1);
      if (last?.end === region.start) this.#free[this.#free.length - 1] = { start: last.start, end: region.end };
      else this.#free.push(region);
    }
    const last = this.#free.at(-1);
    if (last?.end === this.#end) {
      this.#end = last.start;
      this.#free.pop();
    }
  }

  /** Calls back whenever the buffer is another one. */
  hold(refresh: () => void): void {
    this.#holders.add(refresh);
  }

  /** Calls back no more. */
  release(refresh: () => void): void {
    this.#holders.delete(refresh);
  }

  #growTo(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / pageBytes));
      } catch (error) {
        const mebibytes = Math.ceil(end / 2 ** 20);
        throw new OutOfMemoryError(
          `The network does not fit: ${mebibytes} MiB wanted. Use a smaller batch, hidden size or depth.`,
          { cause: error },
        );
      }
      for (const refresh of this.#holders) refresh();
    }
    this.#end = end;
  }
}

const wholePages = (bytes: number) => Math.ceil(bytes / pageBytes) * pageBytes;
