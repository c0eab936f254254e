/** Of POSIX's interrupt, which raises KeyboardInterrupt. */
const interruptSignal = 2;

/** Where each byte stands. */
const signal = 0;
const stopping = 1;

/**
 * Two bytes through which another thread interrupts Python's: CPython reads the first, and raises KeyboardInterrupt in
 * the running code where it is 2; the second is 1 from the moment the task is to be given up until the next one, so that
 * no more code is run for it.
 */
export class Interrupts {
  /** What the other thread is given, to make its own of. */
  readonly memory: SharedArrayBuffer;
  /** For CPython. */
  readonly bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(2)) {
    this.memory = memory;
    this.bytes = new Uint8Array(memory);
  }

  /** Interrupts the code that runs, and lets none run for the present task. */
  raise(): void {
    Atomics.store(this.bytes, stopping, 1);
    Atomics.store(this.bytes, signal, interruptSignal);
  }

  /** A task begins: what interrupted an earlier one no longer counts. */
  clear(): void {
    Atomics.store(this.bytes, stopping, 0);
    Atomics.store(this.bytes, signal, 0);
  }

  /** Whether the present task is to be given up. */
  get isStopping(): boolean {
    return Atomics.load(this.bytes, stopping) === 1;
  }
}
