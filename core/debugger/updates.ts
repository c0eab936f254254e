import type { Kernel, Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import type { ManualGradientsByNode } from '../python/lab-service';
import { updateToData } from '../stats/diagnostics';
import type { Arena } from '../tensor/arena';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** Gradients by hand that no update can be made with. */
export class ManualGradientError extends Error {
  override name = 'ManualGradientError';
}

export interface UpdatesParts {
  readonly kernels: Kernels;
  /** For what is measured, and for the gradients by hand, once there are any. */
  readonly arena: Arena;
  readonly network: Network;
  /** What the next update will use. */
  readonly learningRate: () => number;
}

/** One way to update the parameters: by gradients, in the parameters' order, and the kernels that apply and measure them. */
interface Plan {
  readonly gradients: readonly Tensor[];
  readonly kernels: readonly Kernel[];
  /** What they measured: standard deviations of gradient and of data after the update. */
  readonly deviations: readonly Tensor[];
}

/** The optimizer's part of a step, by autograd's gradients or, where they are given, by others. */
export class Updates {
  readonly #parts: UpdatesParts;
  readonly #byAutograd: Plan;
  readonly #ratios: Float64Array;
  /** Gradients that others own, as recorded once. */
  #byOthers: Plan | null = null;
  #byHand: Plan | null = null;
  #next: Plan;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    const { network } = parts;
    this.#byAutograd = this.#plan(network.parameters.map(({ tensor }) => network.tape.gradientOf(tensor)));
    this.#ratios = new Float64Array(network.parameters.length);
    this.#next = this.#byAutograd;
  }

  /** Whether the next update alone uses gradients that were given for it. */
  get isPrepared(): boolean {
    return this.#next === this.#byHand;
  }

  /**
   * The next update alone will use these instead of autograd's.
   * @throws ManualGradientError, changing nothing, where a parameter has none, or one of another shape.
   */
  prepare(manual: ManualGradientsByNode): void {
    const given = this.#required(manual).map(({ values }) => values);
    const { network, arena } = this.#parts;
    this.#byHand ??= this.#plan(network.parameters.map(({ shape }) => Tensor.zeros(arena, 'float32', shape)));
    const { gradients } = this.#byHand;
    for (let index = 0; index < gradients.length; index++) gradients[index].copyFrom(given[index]);
    this.#next = this.#byHand;
  }

  /**
   * Every update from the next on uses these tensors, whose numbers are there by then; null for autograd's.
   * @throws ManualGradientError, changing nothing, where a parameter has none, or one of another shape.
   */
  follow(gradients: ReadonlyMap<string, Tensor> | null): void {
    this.#byOthers = gradients === null ? null : this.#plan(this.#required(gradients));
    this.#next = this.#byOthers ?? this.#byAutograd;
  }

  /**
   * Updates the parameters.
   * @returns log10 of std(lr · grad) / std(data), parameter by parameter, with the data as it then is. Valid until the
   * next update.
   */
  apply(): Float64Array {
    const { kernels, deviations } = this.#next;
    for (let index = 0; index < kernels.length; index++) kernels[index]();
    const learningRate = this.#parts.learningRate();
    for (let index = 0; index < deviations.length; index++) {
      const { data } = deviations[index].storage;
      this.#ratios[index] = updateToData(learningRate, data[0], data[1]);
    }
    this.#next = this.#byOthers ?? this.#byAutograd;
    return this.#ratios;
  }

  #required<Gradient extends { readonly shape: readonly number[] }>(
    manual: ReadonlyMap<string, Gradient>,
  ): readonly Gradient[] {
    return this.#parts.network.parameters.map(({ name, shape }) => {
      const gradient = manual.get(name);
      if (gradient === undefined) {
        throw new ManualGradientError(`No line writes d${name}, and an update needs the gradients of all parameters.`);
      }
      if (!sameShape(gradient.shape, shape)) {
        throw new ManualGradientError(
          `d${name} has shape ${formatShape(gradient.shape)}; ${name}, which it is to update, has ${formatShape(shape)}.`,
        );
      }
      return gradient;
    });
  }

  #plan(gradients: readonly Tensor[]): Plan {
    const { kernels, network, learningRate, arena } = this.#parts;
    const deviations = gradients.map(() => Tensor.zeros(arena, 'float64', [2]));
    const planned = network.parameters.map(({ tensor }, index) =>
      kernels.update(tensor, gradients[index], learningRate, deviations[index]),
    );
    return { gradients, kernels: planned, deviations };
  }
}
