/**
 * Counts what the calls of the engine take outside of the tensors' memory, in proportion to a tensor: offsets, positions,
 * numbers in order, text. It is said before it is made, so that what does not fit is a MemoryError in Python.
 */
export class CallMemory {
  readonly #require: (bytes: number) => void;
  #inCall = 0;
  #kept = 0;

  /** @param require Throws where so many bytes more do not fit. */
  constructor(require: (bytes: number) => void) {
    this.#require = require;
  }

  /** All that is taken now. */
  get bytes(): number {
    return this.#inCall + this.#kept;
  }

  /** So many bytes are about to be taken until the present call ends. @throws PythonException (MemoryError) */
  take(bytes: number): void {
    this.#require(bytes);
    this.#inCall += bytes;
  }

  /** So many bytes are about to be taken until the task ends, or until they are given back. @throws PythonException (MemoryError) */
  keep(bytes: number): void {
    this.#require(bytes);
    this.#kept += bytes;
  }

  /** Some of what was kept is there no longer. */
  giveBack(bytes: number): void {
    this.#kept -= bytes;
  }

  endCall(): void {
    this.#inCall = 0;
  }

  /** Another task begins, of which nothing is kept. */
  reset(): void {
    this.#inCall = 0;
    this.#kept = 0;
  }
}
