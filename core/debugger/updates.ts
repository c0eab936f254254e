import type { Kernel, Kernels } from '../kernels/kernels';
import type { Network } from '../programs/network';
import type { ManualGradientsByNode } from '../python/lab-service';
import type { Arena } from '../tensor/arena';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** Gradients by hand that no update can be made with. */
export class ManualGradientError extends Error {
  override name = 'ManualGradientError';
}

export interface UpdatesParts {
  readonly kernels: Kernels;
  /** For the gradients by hand, once there are any. */
  readonly arena: Arena;
  readonly network: Network;
  /** What the next update will use. */
  readonly learningRate: () => number;
}

/** One way to update the parameters: their gradients, in the parameters' order, and the kernels that apply them. */
interface Plan {
  readonly gradients: readonly Tensor[];
  readonly kernels: readonly Kernel[];
}

/** The optimizer's part of a step, by autograd's gradients or, where they are given, by others. */
export class Updates {
  readonly #parts: UpdatesParts;
  readonly #byAutograd: Plan;
  #byHand: Plan | null = null;
  #next: Plan;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    const { network } = parts;
    this.#byAutograd = this.#plan(network.parameters.map(({ tensor }) => network.tape.gradientOf(tensor)));
    this.#next = this.#byAutograd;
  }

  /**
   * The next update alone will use these instead of autograd's.
   * @throws ManualGradientError, changing nothing, where a parameter has none, or one of another shape.
   */
  prepare(manual: ManualGradientsByNode): void {
    const { network, arena } = this.#parts;
    const given = network.parameters.map(({ name, shape }) => {
      const gradient = manual.get(name);
      if (gradient === undefined) {
        throw new ManualGradientError(`No line writes d${name}, and an update needs the gradients of all parameters.`);
      }
      if (!sameShape(gradient.shape, shape)) {
        throw new ManualGradientError(
          `d${name} has shape ${formatShape(gradient.shape)}; ${name}, which it is to update, has ${formatShape(shape)}.`,
        );
      }
      return gradient.values;
    });
    this.#byHand ??= this.#plan(network.parameters.map(({ shape }) => Tensor.zeros(arena, 'float32', shape)));
    const { gradients } = this.#byHand;
    for (let index = 0; index < gradients.length; index++) gradients[index].copyFrom(given[index]);
    this.#next = this.#byHand;
  }

  /** Updates the parameters. @returns the gradients it used, in the parameters' order. */
  apply(): readonly Tensor[] {
    const { gradients, kernels } = this.#next;
    for (let index = 0; index < kernels.length; index++) kernels[index]();
    this.#next = this.#byAutograd;
    return gradients;
  }

  #plan(gradients: readonly Tensor[]): Plan {
    const { kernels, network, learningRate } = this.#parts;
    const planned = network.parameters.map(({ tensor }, index) => kernels.sgd(tensor, gradients[index], learningRate));
    return { gradients, kernels: planned };
  }
}
