import type { Operations } from '../autograd/operations';
import type { Tape } from '../autograd/tape';
import type { TorchGenerator } from '../tensor/generators/torch-generator';
import type { Tensor } from '../tensor/tensor';

/** A parameter under the name it has within its layer. */
export interface LayerParameter {
  readonly name: string;
  readonly tensor: Tensor;
}

/** One element of the notebook's `layers` list. */
export interface Layer {
  /** Its class in the notebook. */
  readonly kind: 'Linear' | 'BatchNorm1d' | 'Tanh';
  /** In the notebook's order. */
  readonly parameters: readonly LayerParameter[];
  /** State that is not trained but kept: running statistics. */
  readonly buffers: readonly LayerParameter[];
  /** Gives the parameters their first values, drawing from `generator` in the notebook's order. */
  initialise(generator: TorchGenerator): void;
  /** `x` is [examples, features]. With `training` false, kept statistics replace the batch's. */
  forward(operations: Operations, x: Tensor, training: boolean): Tensor;
  /** What the layer's forward does, in the notebook's Python. */
  formula(x: string, name: string): string;
  /** Called after each training forward. */
  updateBuffers(): void;
}

/** x @ weight + bias; weight drawn as randn / √fanIn, bias zero. */
export class Linear implements Layer {
  readonly kind = 'Linear';
  readonly parameters: readonly LayerParameter[];
  readonly buffers = [];
  readonly weight: Tensor;
  readonly #bias: Tensor | null;

  constructor(tape: Tape, fanIn: number, fanOut: number, bias: boolean) {
    this.weight = tape.track(tape.zeros([fanIn, fanOut]));
    this.#bias = bias ? tape.track(tape.zeros([fanOut])) : null;
    this.parameters = [
      { name: 'weight', tensor: this.weight },
      ...(this.#bias === null ? [] : [{ name: 'bias', tensor: this.#bias }]),
    ];
  }

  initialise(generator: TorchGenerator): void {
    const weight = drawNormal(generator, this.weight.elements);
    const root = Math.fround(this.weight.shape[0] ** 0.5);
    this.weight.copyFrom(weight.map((value) => value / root));
  }

  forward(operations: Operations, x: Tensor): Tensor {
    return this.#bias === null ? operations.matmul(x, this.weight) : operations.linear(x, this.weight, this.#bias);
  }

  formula(x: string, name: string): string {
    return `${x} @ ${name}.weight${this.#bias === null ? '' : ` + ${name}.bias`}`;
  }

  updateBuffers(): void {}
}

const epsilon = 1e-5;
const momentum = 0.1;

/** gamma · (x − mean) / √(var + 1e-5) + beta over the batch; running statistics with momentum 0.1. */
export class BatchNorm1d implements Layer {
  readonly kind = 'BatchNorm1d';
  readonly parameters: readonly LayerParameter[];
  readonly buffers: readonly LayerParameter[];
  readonly gamma: Tensor;
  readonly #beta: Tensor;
  readonly #runningMean: Tensor;
  readonly #runningVariance: Tensor;
  #batch: { readonly mean: Tensor; readonly variance: Tensor } | null = null;

  constructor(tape: Tape, features: number) {
    this.gamma = tape.track(tape.zeros([features]));
    this.#beta = tape.track(tape.zeros([features]));
    this.#runningMean = tape.zeros([1, features]);
    this.#runningVariance = tape.zeros([1, features]);
    this.parameters = [
      { name: 'gamma', tensor: this.gamma },
      { name: 'beta', tensor: this.#beta },
    ];
    this.buffers = [
      { name: 'running_mean', tensor: this.#runningMean },
      { name: 'running_var', tensor: this.#runningVariance },
    ];
  }

  /** What the present batch was normalised by, and what predicting uses. @throws Error before the first training forward. */
  get statistics() {
    if (this.#batch === null) throw new Error('statistics: a training forward must be recorded first.');
    const { mean: batchMean, variance: batchVariance } = this.#batch;
    return { batchMean, batchVariance, runningMean: this.#runningMean, runningVariance: this.#runningVariance };
  }

  initialise(): void {
    this.gamma.values().fill(1);
    this.#beta.values().fill(0);
    this.#runningMean.values().fill(0);
    this.#runningVariance.values().fill(1);
  }

  forward(operations: Operations, x: Tensor, training: boolean): Tensor {
    let mean = this.#runningMean;
    let variance = this.#runningVariance;
    if (training) {
      mean = operations.mean(x, 0, true);
      variance = operations.variance(x, 0, true);
      this.#batch = { mean, variance };
    }
    return operations.batchNorm(x, this.gamma, this.#beta, { mean, variance, epsilon });
  }

  formula(x: string, name: string): string {
    return `${name}.gamma * (${x} - mean) / sqrt(var + 1e-5) + ${name}.beta`;
  }

  updateBuffers(): void {
    if (this.#batch === null) return;
    blend(this.#runningMean, this.#batch.mean);
    blend(this.#runningVariance, this.#batch.variance);
  }
}

/** (1 − momentum) · running + momentum · batch, rounded as the notebook's line rounds. */
function blend(running: Tensor, batch: Tensor): void {
  // The storage itself, since a window on it would be an object a step.
  const target = running.storage.data;
  const source = batch.storage.data;
  if (running.dtype === 'float64') {
    for (let i = 0; i < target.length; i++) target[i] = (1 - momentum) * target[i] + momentum * source[i];
    return;
  }
  const keep = Math.fround(1 - momentum);
  const take = Math.fround(momentum);
  for (let i = 0; i < target.length; i++) target[i] = Math.fround(keep * target[i]) + Math.fround(take * source[i]);
}

export class Tanh implements Layer {
  readonly kind = 'Tanh';
  readonly parameters = [];
  readonly buffers = [];

  initialise(): void {}

  forward(operations: Operations, x: Tensor): Tensor {
    return operations.tanh(x);
  }

  formula(x: string): string {
    return `torch.tanh(${x})`;
  }

  updateBuffers(): void {}
}

/** `torch.randn(count, generator=g)`. */
export function drawNormal(generator: TorchGenerator, count: number): Float32Array {
  const values = new Float32Array(count);
  generator.randn(values);
  return values;
}
