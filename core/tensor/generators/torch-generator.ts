import { logarithm, sineAndCosine } from './cephes';
import { MersenneTwister, type MersenneTwisterState, requireSeed } from './mersenne-twister';

const { fround } = Math;
const twoPi = fround(2 * Math.PI);
/** `randn` of this many elements or more draws float32 uniforms in blocks of it; below, double pairs one by one. */
const block = 16;
const half = block / 2;

/** Everything that decides the next draws of a TorchGenerator: save it to come back to this moment. */
export interface GeneratorState {
  readonly twister: MersenneTwisterState;
  /** The second normal of the last Box–Muller pair, while it is still to be given out. */
  readonly nextNormal: number | null;
}

/**
 * `torch.Generator` on a CPU: the same seed gives the same numbers as PyTorch's, draw for draw, mixed in any order.
 * Source of every rule: PyTorch's DistributionTemplates.h and TransformationHelper.h, checked on streams it drew.
 */
export class TorchGenerator {
  #twister: MersenneTwister;
  #nextNormal: number | null = null;

  /**
   * As `torch.Generator().manual_seed(seed)`, which uses the seed's low 32 bits.
   * @throws RangeError where `seed` is not a whole number from 0 to 2^53 − 1.
   */
  constructor(seed: number) {
    requireSeed(seed);
    this.#twister = MersenneTwister.fromSeed(seed >>> 0);
  }

  /** A generator that goes on where `saveState` was called. */
  static fromState(state: GeneratorState): TorchGenerator {
    const generator = new TorchGenerator(0);
    generator.#twister = new MersenneTwister(state.twister);
    generator.#nextNormal = state.nextNormal;
    return generator;
  }

  saveState(): GeneratorState {
    return { twister: this.#twister.saveState(), nextNormal: this.#nextNormal };
  }

  /** Fills `target` with uniform numbers in [0, 1), as `torch.rand`. */
  rand(target: Float32Array): void {
    for (let i = 0; i < target.length; i++) target[i] = this.#uniform24();
  }

  /**
   * Fills `target` with whole numbers in [low, high), as `torch.randint`.
   * @throws RangeError where the range is empty or not of int32 numbers.
   */
  randint(target: Int32Array, low: number, high: number): void {
    const fits = Number.isInteger(low) && Number.isInteger(high) && low >= -(2 ** 31) && high <= 2 ** 31 - 1;
    if (!fits || low >= high)
      throw new RangeError(`randint needs int32 bounds with low < high, not [${low}, ${high}).`);
    for (let i = 0; i < target.length; i++) target[i] = (this.#twister.next() % (high - low)) + low;
  }

  /**
   * Fills `target` with 1, of the given probability each, or 0, as `tensor.bernoulli_(probability)`. That is the stream of a
   * PyTorch built without MKL; one built with it draws these by MKL's own generator.
   * @throws RangeError where the probability is not from 0 to 1.
   */
  bernoulli(target: Float32Array, probability: number): void {
    requireProbability('bernoulli', probability);
    for (let i = 0; i < target.length; i++) target[i] = this.#uniform53() < probability ? 1 : 0;
  }

  /**
   * Fills `target` with the mask of `F.dropout(x, p)`: 1 where an element stays, 0 where not, in row-major order however x
   * lies. Nothing is drawn for a p of 0 or 1, as in PyTorch.
   * @throws RangeError where p is not from 0 to 1.
   */
  dropoutMask(target: Float32Array, p: number): void {
    requireProbability('dropout', p);
    if (p === 0 || p === 1) target.fill(1 - p);
    else this.bernoulli(target, 1 - p);
  }

  /** Fills `target` with numbers of the standard normal distribution, as `torch.randn`. */
  randn(target: Float32Array): void {
    if (target.length < block) {
      for (let i = 0; i < target.length; i++) target[i] = this.#normal();
      return;
    }
    this.rand(target);
    for (let start = 0; start + block <= target.length; start += block) {
      transformBlock(target.subarray(start, start + block));
    }
    if (target.length % block !== 0) {
      // PyTorch draws the last 16 afresh, also those of them that a full block had already given.
      const tail = target.subarray(target.length - block);
      this.rand(tail);
      transformBlock(tail);
    }
  }

  /**
   * One sample from a row of probabilities, as `torch.multinomial(probabilities, 1)`: the index at which probability over
   * a fresh exponential is largest.
   * @throws RangeError where a probability is negative or not finite, or none is positive.
   */
  multinomial(probabilities: Float32Array): number {
    return this.multinomialWithoutReplacement(probabilities, 1)[0];
  }

  /**
   * Different samples, as `torch.multinomial(probabilities, count)`: the indices at which probability over a fresh
   * exponential is largest, the largest first.
   * @throws RangeError where a probability is negative or not finite, or none is positive.
   */
  multinomialWithoutReplacement(probabilities: Float32Array, count: number): Int32Array {
    requireProbabilities(probabilities);
    const ratios = probabilities.map((probability) => probability / fround(-Math.log(1 - this.#uniform53())));
    return Int32Array.from(ratios.keys())
      .sort((a, b) => ratios[b] - ratios[a])
      .slice(0, count);
  }

  /**
   * Samples of which one may come again, as `torch.multinomial(probabilities, count, replacement=True)` with a count above
   * 1: where a uniform number falls among the cumulated probabilities.
   * @throws RangeError where a probability is negative or not finite, or none is positive.
   */
  multinomialWithReplacement(probabilities: Float32Array, count: number): Int32Array {
    requireProbabilities(probabilities);
    const cumulated = new Float32Array(probabilities.length);
    let sum = 0;
    for (const [index, probability] of probabilities.entries()) {
      sum = fround(sum + probability);
      cumulated[index] = sum;
    }
    for (let index = 0; index < cumulated.length; index++) cumulated[index] /= sum;
    return Int32Array.from({ length: count }, () => {
      const drawn = this.#uniform53();
      const index = cumulated.findIndex((upTo) => upTo >= drawn);
      return index === -1 ? cumulated.length - 1 : index;
    });
  }

  /** 0 to n − 1 in random order, as `torch.randperm(n)`. */
  randperm(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, index) => index);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.#twister.next() % (n - i));
      const value = order[i];
      order[i] = order[j];
      order[j] = value;
    }
    return order;
  }

  /** 24 random bits: all that a float32 in [0, 1) holds evenly. */
  #uniform24(): number {
    return (this.#twister.next() & 0xffffff) / 2 ** 24;
  }

  /** The low 53 of 64 random bits, of which the first draw is the high half. */
  #uniform53(): number {
    const high = this.#twister.next() & 0x1fffff;
    const low = this.#twister.next();
    return (high * 2 ** 32 + low) / 2 ** 53;
  }

  /** One normal number by Box–Muller in float64, which gives two and keeps the second for the next call. */
  #normal(): number {
    if (this.#nextNormal !== null) {
      const kept = this.#nextNormal;
      this.#nextNormal = null;
      return kept;
    }
    const theta = 2 * Math.PI * this.#uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#nextNormal = radius * Math.sin(theta);
    return radius * Math.cos(theta);
  }
}

function requireProbability(op: string, probability: number): void {
  if (probability >= 0 && probability <= 1) return;
  throw new RangeError(`${op} needs a probability from 0 to 1, not ${probability}.`);
}

function requireProbabilities(probabilities: Float32Array): void {
  for (const [index, probability] of probabilities.entries()) {
    if (probability >= 0 && probability < Number.POSITIVE_INFINITY) continue;
    throw new RangeError(`multinomial needs finite probabilities of at least 0; number ${index} is ${probability}.`);
  }
  if (!probabilities.some((probability) => probability > 0)) {
    throw new RangeError('multinomial needs at least one positive probability.');
  }
}

/** Box–Muller in float32 on 16 uniforms in place: element j of the first half pairs with element j of the second. */
function transformBlock(values: Float32Array): void {
  for (let j = 0; j < half; j++) {
    const radius = fround(Math.sqrt(fround(-2 * logarithm(fround(1 - values[j])))));
    const { sine, cosine } = sineAndCosine(fround(twoPi * values[j + half]));
    // PyTorch ends with · std + mean; adding the mean 0 turns −0 into 0.
    values[j] = radius * cosine + 0;
    values[j + half] = radius * sine + 0;
  }
}
