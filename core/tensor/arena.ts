/** The types a network computes in. */
export type FloatType = 'float32' | 'float64';

export type DataType = FloatType | 'int32';
export type TensorData = Float32Array | Float64Array | Int32Array;

/** Growable memory; a `WebAssembly.Memory` is one, so that SIMD kernels can work in place. */
export interface ArenaMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB. @throws RangeError where there is no more. */
  grow(pages: number): number;
}

/** The network asked for is larger than memory can be. */
export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError';
}

/** A run of numbers in the arena. `data` is replaced when the memory grows: read it anew, never keep it. */
export interface Storage {
  readonly dtype: DataType;
  /** Elements. */
  readonly length: number;
  readonly byteOffset: number;
  data: TensorData;
}

const pageBytes = 65_536;
/** A cache line, and more than any SIMD register needs. */
const alignment = 64;
const bytesPerElement: Readonly<Record<DataType, number>> = { float32: 4, float64: 8, int32: 4 };

/**
 * Hands out tensor storage from one memory, in order, without ever freeing a single piece: a program's tensors are
 * planned once and reused every step. `reset` gives everything back at once.
 */
export class Arena {
  readonly #memory: ArenaMemory;
  #storages: Storage[] = [];
  #used = 0;

  constructor(memory: ArenaMemory) {
    this.#memory = memory;
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
    const byteOffset = Math.ceil(this.#used / alignment) * alignment;
    const end = byteOffset + length * bytesPerElement[dtype];
    this.#reserve(end);
    this.#used = end;
    const storage: Storage = { dtype, length, byteOffset, data: view(this.#memory.buffer, dtype, byteOffset, length) };
    storage.data.fill(0);
    this.#storages.push(storage);
    return storage;
  }

  /** Takes all storage back. Tensors made before must not be used again. */
  reset(): void {
    this.#storages = [];
    this.#used = 0;
  }

  #reserve(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / pageBytes));
    } catch (error) {
      const mebibytes = Math.ceil(end / 2 ** 20);
      throw new OutOfMemoryError(
        `The network does not fit: ${mebibytes} MiB wanted. Use a smaller batch, hidden size or depth.`,
        {
          cause: error,
        },
      );
    }
    for (const storage of this.#storages) {
      storage.data = view(this.#memory.buffer, storage.dtype, storage.byteOffset, storage.length);
    }
  }
}

function view(buffer: ArrayBuffer, dtype: DataType, byteOffset: number, length: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
  }
}
