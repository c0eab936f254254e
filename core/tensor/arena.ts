import type { Heap, Region } from './heap';

/** The types a network computes in. */
export type FloatType = 'float32' | 'float64';

export type DataType = FloatType | 'int32';
export type TensorData = Float32Array | Float64Array | Int32Array;

/** A run of numbers in an arena. `data` is replaced when the memory grows: read it anew, never keep it. */
export interface Storage {
  readonly dtype: DataType;
  /** Elements. */
  readonly length: number;
  /** In the heap's memory; stays for as long as the storage is in use. */
  readonly byteOffset: number;
  data: TensorData;
}

/** A cache line, and more than any SIMD register needs. */
const alignment = 64;
const bytesPerElement: Readonly<Record<DataType, number>> = { float32: 4, float64: 8, int32: 4 };

/**
 * Hands out tensor storage from a heap, in order, without ever freeing a single piece: a program's tensors are planned
 * once and reused every step. `reset` gives everything back at once.
 */
export class Arena {
  readonly #heap: Heap;
  #storages: Storage[] = [];
  #regions: Region[] = [];
  /** Where the next storage goes, in the last region. */
  #next = 0;
  #used = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Bytes handed out so far. */
  get bytesUsed(): number {
    return this.#used;
  }

  /**
   * Zeroed storage for `length` elements.
   * @throws OutOfMemoryError where the memory cannot grow enough, saying how much was wanted.
   */
  allocate(dtype: DataType, length: number): Storage {
    const bytes = length * bytesPerElement[dtype];
    const byteOffset = this.#reserve(bytes);
    this.#used += byteOffset - this.#next + bytes;
    this.#next = byteOffset + bytes;
    const storage: Storage = { dtype, length, byteOffset, data: view(this.#heap.buffer, dtype, byteOffset, length) };
    storage.data.fill(0);
    this.#storages.push(storage);
    return storage;
  }

  /** Gives all storage back. Tensors made before must not be used again. */
  reset(): void {
    this.#heap.release(this.#refresh);
    this.#heap.giveBack(this.#regions);
    this.#storages = [];
    this.#regions = [];
    this.#next = 0;
    this.#used = 0;
  }

  /** Where so many bytes have a place, aligned. */
  #reserve(bytes: number): number {
    const aligned = Math.ceil(this.#next / alignment) * alignment;
    const last = this.#regions.at(-1);
    if (last !== undefined) {
      const missing = aligned + bytes - last.end;
      if (missing <= 0) return aligned;
      const extended = this.#heap.extend(last, missing);
      if (extended !== null) {
        this.#regions[this.#regions.length - 1] = extended;
        return aligned;
      }
    }
    const region = this.#heap.take(bytes);
    if (this.#regions.length === 0) this.#heap.hold(this.#refresh);
    this.#regions.push(region);
    this.#next = region.start;
    return region.start;
  }

  readonly #refresh = (): void => {
    for (const storage of this.#storages) {
      storage.data = view(this.#heap.buffer, storage.dtype, storage.byteOffset, storage.length);
    }
  };
}

function view(buffer: ArrayBufferLike, dtype: DataType, byteOffset: number, length: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
  }
}
