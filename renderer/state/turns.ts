/** Asks one after the other, whatever became of the one before. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** How many are asked, or still wait for that. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Asks when everything before is done. What comes of it is the caller's: a failure is theirs to show. */
  async take<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.#waiting++;
    const asked = this.#last.then(ask);
    this.#last = asked.catch(() => null);
    try {
      return await asked;
    } finally {
      this.#waiting--;
    }
  }
}
