import { Tape, type Walk } from '../graph/tape';
import type { Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import { buildNetwork } from '../programs/registry';
import type { Settings } from '../programs/settings';
import type { Arena } from '../tensor/arena';
import { TorchGenerator } from '../tensor/generators/torch-generator';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { largestMagnitude } from './compare';
import { randomNumbers } from './random-numbers';
import { longestChains, type RoundingBounds, roundingBound } from './rounding';

export interface PointParts {
  readonly kernels: Kernels;
  readonly newArena: () => Arena;
  readonly settings: Settings;
  readonly vocabularySize: number;
  readonly batchSize: number;
}

/** Where a network stands: everything its forward pass is computed from. */
export interface Place {
  /** By name. */
  readonly parameters: ReadonlyMap<string, ArrayLike<number>>;
  readonly contexts: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
}

/** By what the walks begin: see `Point.expected`. */
export type Cotangents = ReadonlyMap<string, Float64Array>;

/** Tokens of a random batch come from so few that some come twice: where rows must add up, it shows. */
const randomTokens = 9;
/** Standard deviation of what is added to a vector's mean. */
const vectorSpread = 0.5;

/**
 * A network in float64 that can be placed anywhere, and walked back from given gradients. A formula is judged here by its
 * terms: given cotangents for the gradients that it reads, is what it gives the derivative?
 */
export class Point {
  readonly network: Network;
  readonly batchSize: number;
  readonly #tape: Tape;
  readonly #vocabularySize: number;
  readonly #below = new Map<string, ReadonlySet<string>>();
  readonly #given = new Map<string, Tensor>();
  readonly #walks = new Map<string, Walk>();
  #magnitudes: Walk | null = null;
  #chains: ReadonlyMap<Tensor, number> | null = null;

  constructor({ kernels, newArena, settings, vocabularySize, batchSize }: PointParts) {
    this.batchSize = batchSize;
    this.#vocabularySize = vocabularySize;
    this.#tape = new Tape(kernels, newArena(), 'float64');
    this.network = buildNetwork(this.#tape, { ...settings, batchSize }, vocabularySize);
  }

  /** Goes to a place, and computes values and gradients there. */
  place({ parameters, contexts, targets }: Place): void {
    const { network } = this;
    for (const { name, tensor } of network.parameters) tensor.copyFrom(parameters.get(name) ?? []);
    network.contexts.copyFrom(contexts);
    network.targets.copyFrom(targets);
    this.#tape.forward();
    this.#tape.backward();
  }

  /**
   * Goes to a random place, the same for the same seed: matrices as a layer is initialised, so that nothing saturates;
   * vectors about the mean that `near` gives, so that a gain is about one and still unlike its neighbour.
   */
  placeAtRandom(seed: number, near: Place['parameters']): void {
    const { network } = this;
    const parameters = network.parameters.map(({ name, tensor, shape }, index): [string, Float64Array] => {
      const isMatrix = shape.filter((size) => size > 1).length > 1;
      const centre = isMatrix ? 0 : meanOf(near.get(name) ?? []);
      const spread = isMatrix ? shape[0] ** -0.5 : vectorSpread;
      return [name, randomNumbers(seed + index, tensor.elements).map((value) => centre + spread * value)];
    });
    const generator = new TorchGenerator(seed);
    const tokens = (length: number, most: number) => {
      const drawn = new Int32Array(length);
      generator.randint(drawn, 0, most);
      return drawn;
    };
    this.place({
      parameters: new Map(parameters),
      contexts: tokens(network.contexts.elements, Math.min(randomTokens, this.#vocabularySize)),
      targets: tokens(network.targets.elements, this.#vocabularySize),
    });
  }

  /** A node's value, in float64. */
  value(node: string): Float64Array {
    return Float64Array.from(this.network.node(node).tensor.values());
  }

  shape(node: string): Shape {
    return this.network.node(node).shape;
  }

  /** Autograd's gradient of a node, in float64. */
  gradient(node: string): Float64Array {
    return Float64Array.from(this.#tape.gradientOf(this.network.node(node).tensor).values());
  }

  get loss(): number {
    return this.network.loss.values()[0];
  }

  /** Whether `node` is computed from `from`, by however many ops. */
  isBelow(node: string, from: string): boolean {
    let below = this.#below.get(from);
    if (below === undefined) {
      const reached = new Set([this.network.node(from).tensor]);
      for (const { inputs, output } of this.#tape.entries)
        if (inputs.some((input) => reached.has(input))) reached.add(output);
      below = new Set(
        this.network.nodes.filter(({ tensor, name }) => name !== from && reached.has(tensor)).map(({ name }) => name),
      );
      this.#below.set(from, below);
    }
    return below.has(node);
  }

  /**
   * The gradient of `node` where the gradients of the nodes in `reads` are these cotangents, and nothing passes beyond
   * them: what a formula that reads them has to give. Zeros where nothing reaches the node.
   */
  expected(node: string, reads: Iterable<string>, cotangents: Cotangents): Float64Array {
    return this.#walked(node, reads, cotangents, false);
  }

  /** The sum of the magnitudes of all terms of `expected`, element by element. */
  magnitude(node: string, reads: Iterable<string>, cotangents: Cotangents): Float64Array {
    return this.#walked(node, reads, cotangents, true);
  }

  /**
   * By how much two float32 computations of each node's gradient can differ at most, and two in float64: see rounding.ts.
   */
  roundingBounds(): ReadonlyMap<string, RoundingBounds> {
    const { loss, nodes } = this.network;
    this.#chains ??= longestChains(this.#tape.entries, loss);
    const chains = this.#chains;
    const graded = nodes.filter(({ tensor }) => tensor !== loss);
    this.#magnitudes ??= this.#tape.planWalk(new Set(graded.map(({ tensor }) => tensor)), this.#start(), true);
    const { run, gradients } = this.#magnitudes;
    run();
    return new Map(
      graded.map(({ name, tensor }) => {
        const magnitude = largestMagnitude(gradients.get(tensor)?.values() ?? []);
        return [name, roundingBound(magnitude, chains.get(tensor) ?? 0)];
      }),
    );
  }

  #walked(node: string, reads: Iterable<string>, cotangents: Cotangents, isMagnitude: boolean): Float64Array {
    const cut = [...reads].filter((read) => read !== node && this.isBelow(read, node)).toSorted();
    const { tensor } = this.network.node(node);
    const given = this.#start();
    for (const read of cut) {
      const to = this.#givenTensor(read);
      const cotangent = cotangents.get(read) ?? this.gradient(read);
      to.copyFrom(isMagnitude ? cotangent.map(Math.abs) : cotangent);
      given.set(this.network.node(read).tensor, to);
    }
    const key = `${isMagnitude} ${node} ${cut.join(' ')}`;
    let walk = this.#walks.get(key);
    if (walk === undefined) {
      walk = this.#tape.planWalk(new Set([tensor]), given, isMagnitude);
      this.#walks.set(key, walk);
    }
    walk.run();
    const gradient = walk.gradients.get(tensor);
    return gradient === undefined ? new Float64Array(tensor.elements) : Float64Array.from(gradient.values());
  }

  /** How many walks have been planned; each keeps memory. */
  get plannedWalks(): number {
    return this.#walks.size;
  }

  /** The loss's own gradient, from which every walk sets out that nothing cuts. */
  #start(): Map<Tensor, Tensor> {
    const { loss } = this.network;
    return new Map([[loss, this.#tape.gradientOf(loss)]]);
  }

  #givenTensor(node: string): Tensor {
    let tensor = this.#given.get(node);
    if (tensor === undefined) {
      tensor = this.#tape.zeros(this.shape(node));
      this.#given.set(node, tensor);
    }
    return tensor;
  }
}

/** 0 of no values. */
function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / Math.max(values.length, 1);
}
