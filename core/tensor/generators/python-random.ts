import { MersenneTwister, requireSeed } from './mersenne-twister';

const twoTo32 = 2 ** 32;

/** Python's `random` module for the calls the notebook makes: `random.seed(n)`, `random.shuffle`, `random.random`. */
export class PythonRandom {
  readonly #twister: MersenneTwister;

  /**
   * As `random.seed(seed)`: the key is the integer's 32-bit words, lowest first.
   * @throws RangeError where `seed` is not a whole number from 0 to 2^53 − 1.
   */
  constructor(seed: number) {
    requireSeed(seed);
    const high = Math.floor(seed / twoTo32);
    this.#twister = MersenneTwister.fromKey(high === 0 ? [seed] : [seed >>> 0, high]);
  }

  /** A number in [0, 1) with 53 random bits, as `random.random()`. */
  random(): number {
    const high = this.#twister.next() >>> 5;
    const low = this.#twister.next() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Shuffles in place, as `random.shuffle(items)`. */
  shuffle(items: unknown[]): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }

  /** A whole number in [0, bound): draws as many bits as the bound has until the value is below it. */
  #below(bound: number): number {
    const unusedBits = Math.clz32(bound);
    for (;;) {
      const value = this.#twister.next() >>> unusedBits;
      if (value < bound) return value;
    }
  }
}
