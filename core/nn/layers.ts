import type { GraphRecorder, GraphTensor } from '../graph/recorder';
import type { TorchGenerator } from '../tensor/generators/torch-generator';
import type { Tensor } from '../tensor/tensor';

/** A tensor that a layer trains or keeps, by the name it has within the network. */
export interface LayerTensor {
  readonly name: string;
  readonly recorded: GraphTensor;
}

/** Storage by the network's names, to be given first values. */
export type TensorOf = (name: string) => Tensor;

/** One element of the notebook's `layers` list, written into a graph. */
export interface Layer {
  /** Its class in the notebook. */
  readonly kind: 'Linear' | 'BatchNorm1d' | 'Tanh';
  /** In the notebook's order. */
  readonly parameters: readonly LayerTensor[];
  /** Gives its tensors their first values, drawing from `generator` in the notebook's order. */
  initialise(tensorOf: TensorOf, generator: TorchGenerator): void;
  /** `x` is [examples, features]. With `training` false, kept statistics replace the batch's. */
  forward(recorder: GraphRecorder, x: GraphTensor, training: boolean): GraphTensor;
  /** What the layer's forward does, in the notebook's Python. */
  formula(x: string): string;
}

/** x @ weight + bias; weight drawn as randn / √fanIn, bias zero. */
export class Linear implements Layer {
  readonly kind = 'Linear';
  readonly parameters: readonly LayerTensor[];
  readonly #name: string;
  readonly #weight: GraphTensor;
  readonly #bias: GraphTensor | null;

  constructor(
    recorder: GraphRecorder,
    name: string,
    { fanIn, fanOut, bias }: { readonly fanIn: number; readonly fanOut: number; readonly bias: boolean },
  ) {
    this.#name = name;
    this.#weight = recorder.parameter(`${name}.weight`, [fanIn, fanOut]);
    this.#bias = bias ? recorder.parameter(`${name}.bias`, [fanOut]) : null;
    this.parameters = [
      { name: `${name}.weight`, recorded: this.#weight },
      ...(this.#bias === null ? [] : [{ name: `${name}.bias`, recorded: this.#bias }]),
    ];
  }

  initialise(tensorOf: TensorOf, generator: TorchGenerator): void {
    const weight = tensorOf(`${this.#name}.weight`);
    const root = Math.fround(this.#weight.shape[0] ** 0.5);
    weight.copyFrom(drawNormal(generator, weight.elements).map((value) => value / root));
  }

  forward(recorder: GraphRecorder, x: GraphTensor): GraphTensor {
    return this.#bias === null ? recorder.matmul(x, this.#weight) : recorder.linear(x, this.#weight, this.#bias);
  }

  formula(x: string): string {
    return `${x} @ ${this.#name}.weight${this.#bias === null ? '' : ` + ${this.#name}.bias`}`;
  }
}

const epsilon = 1e-5;
const momentum = 0.1;

/** gamma · (x − mean) / √(var + 1e-5) + beta over the batch; running statistics with momentum 0.1. */
export class BatchNorm1d implements Layer {
  readonly kind = 'BatchNorm1d';
  readonly parameters: readonly LayerTensor[];
  readonly #name: string;
  readonly #gamma: GraphTensor;
  readonly #beta: GraphTensor;
  readonly #runningMean: GraphTensor;
  readonly #runningVariance: GraphTensor;

  constructor(recorder: GraphRecorder, name: string, features: number) {
    this.#name = name;
    this.#gamma = recorder.parameter(`${name}.gamma`, [features]);
    this.#beta = recorder.parameter(`${name}.beta`, [features]);
    this.#runningMean = recorder.buffer(`${name}.running_mean`, [1, features]);
    this.#runningVariance = recorder.buffer(`${name}.running_var`, [1, features]);
    this.parameters = [
      { name: `${name}.gamma`, recorded: this.#gamma },
      { name: `${name}.beta`, recorded: this.#beta },
    ];
  }

  initialise(tensorOf: TensorOf): void {
    tensorOf(`${this.#name}.gamma`).values().fill(1);
    tensorOf(`${this.#name}.beta`).values().fill(0);
    tensorOf(`${this.#name}.running_mean`).values().fill(0);
    tensorOf(`${this.#name}.running_var`).values().fill(1);
  }

  forward(recorder: GraphRecorder, x: GraphTensor, training: boolean): GraphTensor {
    const [runningMean, runningVariance] = [this.#runningMean, this.#runningVariance];
    let [mean, variance] = [runningMean, runningVariance];
    if (training) {
      mean = recorder.mean(x, 0, true);
      variance = recorder.variance(x, 0, true);
      recorder.normalisation({
        node: `${this.#name}.out`,
        batchMean: mean,
        batchVariance: variance,
        runningMean,
        runningVariance,
        momentum,
      });
    }
    return recorder.batchNorm(x, this.#gamma, this.#beta, { mean, variance, epsilon });
  }

  formula(x: string): string {
    return `${this.#name}.gamma * (${x} - mean) / sqrt(var + 1e-5) + ${this.#name}.beta`;
  }
}

export class Tanh implements Layer {
  readonly kind = 'Tanh';
  readonly parameters = [];

  initialise(): void {}

  forward(recorder: GraphRecorder, x: GraphTensor): GraphTensor {
    return recorder.tanh(x);
  }

  formula(x: string): string {
    return `torch.tanh(${x})`;
  }
}

/** `torch.randn(count, generator=g)`. */
export function drawNormal(generator: TorchGenerator, count: number): Float32Array {
  const values = new Float32Array(count);
  generator.randn(values);
  return values;
}
