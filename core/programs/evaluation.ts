import { blockSize, type Dataset, type Split } from '../data/dataset';
import { endToken } from '../data/vocabulary';
import { planGraph } from '../graph/plan';
import { Tape } from '../graph/tape';
import type { Kernels } from '../kernels/kernels';
import type { CharacterChoice, SampledName } from '../protocol/answers';
import type { Arena } from '../tensor/arena';
import { TorchGenerator } from '../tensor/generators/torch-generator';
import type { Tensor } from '../tensor/tensor';
import type { Network } from './network';
import type { Purpose } from './program';

/** How far a long evaluation is. */
export interface EvaluationProgress {
  readonly done: number;
  readonly total: number;
}

/** Examples a pass; large enough that planning and calls cost nothing beside the arithmetic. */
const chunkExamples = 1024;
/** A name that reaches this length is cut: the network has not learned to end one. */
const longestName = 200;

/** One prediction, recorded: fill `contexts`, run `tape`, read `result`. */
interface Pass {
  readonly tape: Tape;
  readonly contexts: Tensor;
  readonly result: Tensor;
}

/**
 * Runs a trained network on whole splits and lets it write names. Long work is a generator that yields after every chunk,
 * so that whoever runs it can show progress and stop. Its tensors live in the arena it is given.
 */
export class Evaluator {
  readonly #kernels: Kernels;
  readonly #arena: Arena;
  readonly #network: Network;
  readonly #dataset: Dataset;
  readonly #passes = new Map<string, Pass>();

  constructor(kernels: Kernels, arena: Arena, network: Network, dataset: Dataset) {
    this.#kernels = kernels;
    this.#arena = arena;
    this.#network = network;
    this.#dataset = dataset;
  }

  /** Mean cross entropy over all examples of the training and the development split. */
  *losses(): Generator<EvaluationProgress, { train: number; dev: number }> {
    const { train, dev } = this.#dataset;
    yield* this.calibrate();
    return { train: yield* this.#loss(train), dev: yield* this.#loss(dev) };
  }

  /**
   * Names drawn character by character, as the notebook's sampling cell: contexts start empty, each next character is
   * drawn by torch.multinomial from the softmax of the logits. `calibrate` must have run at this step.
   * @returns null where a probability is not a number, so that nothing can be drawn.
   */
  sample(count: number, seed: number): SampledName[] | null {
    const generator = new TorchGenerator(seed);
    const pass = this.#pass('sample', 'predicting', 1, (tape, logits) => tape.softmax(logits));
    const { labels } = this.#dataset.vocabulary;
    const names: SampledName[] = [];
    while (names.length < count) {
      const context = new Array<number>(blockSize).fill(endToken);
      let name = '';
      const choices: CharacterChoice[] = [];
      let token = -1;
      while (token !== endToken && choices.length < longestName) {
        pass.contexts.copyFrom(context);
        pass.tape.forward();
        const probabilities = Float32Array.from(pass.result.values());
        if (!probabilities.every(Number.isFinite)) return null;
        token = generator.multinomial(probabilities);
        choices.push({ token, probabilities });
        if (token !== endToken) name += labels[token];
        context.shift();
        context.push(token);
      }
      names.push({ name: token === endToken ? name : `${name}…`, choices });
    }
    return names;
  }

  /** Measures, over the training split, the statistics that predicting needs and training does not keep. */
  *calibrate(): Generator<EvaluationProgress, void> {
    const norm = this.#network.batchNorms.find(({ isKept }) => !isKept);
    if (norm === undefined) return;
    const { train } = this.#dataset;
    const pass = this.#pass('calibrate', 'measuring', chunkExamples, (_, measured) => measured);
    const units = norm.runningMean.elements;
    const sums = new Float64Array(units);
    const squares = new Float64Array(units);
    for (const rows of this.#chunks(train, pass)) {
      const values = pass.result.values();
      for (let cell = 0; cell < rows * units; cell++) {
        sums[cell % units] += values[cell];
        squares[cell % units] += values[cell] * values[cell];
      }
      yield { done: 0, total: train.count };
    }
    const mean = sums.map((sum) => sum / train.count);
    norm.runningMean.copyFrom(mean);
    norm.runningVariance.copyFrom(
      squares.map((square, unit) => (square - sums[unit] * mean[unit]) / (train.count - 1)),
    );
  }

  *#loss(split: Split): Generator<EvaluationProgress, number> {
    const pass = this.#pass('loss', 'predicting', chunkExamples, (tape, logits) => tape.logSoftmax(logits));
    const columns = pass.result.shape[1];
    let sum = 0;
    let done = 0;
    for (const rows of this.#chunks(split, pass)) {
      const logProbabilities = pass.result.values();
      for (let row = 0; row < rows; row++) sum -= logProbabilities[row * columns + split.targets[done + row]];
      done += rows;
      yield { done, total: split.count };
    }
    return sum / split.count;
  }

  /** Runs `pass` over the split, chunk by chunk; gives how many rows of the result count. */
  *#chunks(split: Split, pass: Pass): Generator<number> {
    for (let start = 0; start < split.count; start += chunkExamples) {
      const rows = Math.min(chunkExamples, split.count - start);
      pass.contexts.values().set(split.contexts.subarray(start * blockSize, (start + rows) * blockSize));
      pass.tape.forward();
      yield rows;
    }
  }

  /** Plans a pass once: the graph of a purpose, and what is made of its output. */
  #pass(name: string, purpose: Purpose, examples: number, finish: (tape: Tape, output: Tensor) => Tensor): Pass {
    const present = this.#passes.get(name);
    if (present !== undefined) return present;
    const graph = this.#network.variant(purpose, examples);
    const tape = new Tape(this.#kernels, this.#arena, 'float32');
    const { tensors } = planGraph(graph, tape, this.#network.kept);
    const [contexts] = graph.inputs.map(({ value }) => tensors[value]);
    const [output] = graph.outputs.map(({ value }) => tensors[value]);
    const pass = { tape, contexts, result: finish(tape, output) };
    this.#passes.set(name, pass);
    return pass;
  }
}
