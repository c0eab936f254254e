/** Of POSIX's interrupt, which raises KeyboardInterrupt. */
const interruptSignal = 2;

/** How running code is interrupted, as Python and the lab see it. */
export interface Interrupts {
  /** Read by CPython every so many instructions: a 2 raises KeyboardInterrupt, and then CPython writes a 0. */
  readonly signal: { [index: number]: number };
  /** Whether the present task is to be given up: no more code is to be run for it. */
  readonly isStopping: boolean;
}

/** Where each byte stands. */
const signal = 0;
const stopping = 1;

/** Two bytes through which another thread interrupts Python's. */
export class SharedInterrupts implements Interrupts {
  /** What the other thread is given, to make its own of. */
  readonly memory: SharedArrayBuffer;
  readonly signal: Uint8Array;

  constructor(memory = new SharedArrayBuffer(2)) {
    this.memory = memory;
    this.signal = new Uint8Array(memory);
  }

  /** Interrupts the code that runs, and lets none run for the present task. */
  raise(): void {
    Atomics.store(this.signal, stopping, 1);
    Atomics.store(this.signal, signal, interruptSignal);
  }

  /** A task begins: what interrupted an earlier one no longer counts. */
  clear(): void {
    Atomics.store(this.signal, stopping, 0);
    Atomics.store(this.signal, signal, 0);
  }

  get isStopping(): boolean {
    return Atomics.load(this.signal, stopping) === 1;
  }
}

/** For a process, which shares no memory with another: code is interrupted, once, when the task's time is over. */
export class Deadline implements Interrupts {
  readonly #now: () => number;
  #end = Number.POSITIVE_INFINITY;
  #isRaised = false;
  readonly signal: { [index: number]: number };

  /** @param now Milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.signal = Object.defineProperty({ 0: 0 }, 0, { get: () => this.#take(), set: () => {} });
  }

  /** A task begins that may take so long. */
  begin(milliseconds: number): void {
    this.#end = this.#now() + milliseconds;
    this.#isRaised = false;
  }

  get isStopping(): boolean {
    return this.left <= 0;
  }

  /** Milliseconds until it is reached; negative from then on. */
  get left(): number {
    return this.#end - this.#now();
  }

  #take(): number {
    if (this.#isRaised || !this.isStopping) return 0;
    this.#isRaised = true;
    return interruptSignal;
  }
}
