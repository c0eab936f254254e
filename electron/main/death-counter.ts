/** Says when something dies too often to be started again unasked. */
export class DeathCounter {
  readonly #limit: number;
  readonly #window: number;
  readonly #now: () => number;
  #deaths: number[] = [];

  /** Tolerates fewer than `limit` deaths within `window` milliseconds; `now` gives milliseconds. */
  constructor(limit: number, window: number, now: () => number) {
    this.#limit = limit;
    this.#window = window;
    this.#now = now;
  }

  /** Counts a death; true where it is one too many. */
  isOneTooMany(): boolean {
    const now = this.#now();
    this.#deaths = [...this.#deaths.filter((death) => now - death < this.#window), now];
    return this.#deaths.length >= this.#limit;
  }

  /** Begins to count anew, because it was seen to work. */
  forget(): void {
    this.#deaths = [];
  }
}
