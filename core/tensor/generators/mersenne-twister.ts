const stateWords = 624;
const shiftWords = 397;
const twistMatrix = 0x9908b0df;
const upperBit = 0x80000000;
const lowerBits = 0x7fffffff;

/** Everything that decides the next draws of a MersenneTwister. */
export interface MersenneTwisterState {
  /** The 624 words of 32 bits. */
  readonly words: Uint32Array;
  /** How many of them have been drawn since they were last twisted, 0 to 624. */
  readonly drawn: number;
}

/**
 * MT19937 of Matsumoto and Nishimura (mt19937ar.c, 2002), the generator under both torch.Generator and Python's random.
 * The two differ only in how they seed it.
 */
export class MersenneTwister {
  readonly #words: Uint32Array;
  #drawn: number;

  /** Goes on from a state; the state itself is copied and stays as it is. */
  constructor(state: MersenneTwisterState) {
    const drawnFits = Number.isInteger(state.drawn) && state.drawn >= 0 && state.drawn <= stateWords;
    if (state.words.length !== stateWords || !drawnFits) {
      throw new RangeError(
        `A Mersenne Twister state has ${stateWords} words and 0 to ${stateWords} of them drawn, not ${state.words.length} and ${state.drawn}.`,
      );
    }
    this.#words = state.words.slice();
    this.#drawn = state.drawn;
  }

  /** Seeded by one word, as `init_genrand` (torch.Generator.manual_seed). */
  static fromSeed(seed: number): MersenneTwister {
    return new MersenneTwister({ words: wordsFromSeed(seed), drawn: stateWords });
  }

  /** Seeded by a key of one or more words, as `init_by_array` (Python's random.seed). */
  static fromKey(key: readonly number[]): MersenneTwister {
    const words = wordsFromSeed(19650218);
    let i = 1;
    let j = 0;
    const advance = () => {
      i++;
      if (i === stateWords) {
        words[0] = words[stateWords - 1];
        i = 1;
      }
    };
    for (let count = Math.max(stateWords, key.length); count > 0; count--) {
      const previous = words[i - 1];
      words[i] = (words[i] ^ Math.imul(previous ^ (previous >>> 30), 1664525)) + key[j] + j;
      advance();
      j = (j + 1) % key.length;
    }
    for (let count = stateWords - 1; count > 0; count--) {
      const previous = words[i - 1];
      words[i] = (words[i] ^ Math.imul(previous ^ (previous >>> 30), 1566083941)) - i;
      advance();
    }
    words[0] = upperBit;
    return new MersenneTwister({ words, drawn: stateWords });
  }

  /** A copy of the state; later draws do not change it. */
  saveState(): MersenneTwisterState {
    return { words: this.#words.slice(), drawn: this.#drawn };
  }

  /** The next 32 bits, as an unsigned integer. */
  next(): number {
    if (this.#drawn === stateWords) {
      this.#twist();
      this.#drawn = 0;
    }
    let y = this.#words[this.#drawn++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #twist(): void {
    const words = this.#words;
    for (let i = 0; i < stateWords; i++) {
      const y = (words[i] & upperBit) | (words[(i + 1) % stateWords] & lowerBits);
      words[i] = words[(i + shiftWords) % stateWords] ^ (y >>> 1) ^ (y & 1 ? twistMatrix : 0);
    }
  }
}

function wordsFromSeed(seed: number): Uint32Array {
  const words = new Uint32Array(stateWords);
  words[0] = seed;
  for (let i = 1; i < stateWords; i++) {
    const previous = words[i - 1];
    words[i] = Math.imul(previous ^ (previous >>> 30), 1812433253) + i;
  }
  return words;
}

/** @throws RangeError where `seed` is not a whole number from 0 to 2^53 − 1. */
export function requireSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`A seed must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not ${seed}.`);
  }
}
