import type { Kernels } from '../../kernels/kernels';
import type { Network } from '../../programs/network';
import type { Check, Moments, Verdict } from '../../protocol/answers';
import type { OpPosition } from '../../protocol/ops';
import { type Measurement, Measurements } from '../../stats/measurements';
import type { Arena } from '../../tensor/arena';
import type { Tensor } from '../../tensor/tensor';
import type { History } from '../history';
import type { Facts } from './vocabulary';

export interface StepFactsParts {
  readonly kernels: Kernels;
  /** For what is measured. */
  readonly arena: Arena;
  readonly network: Network;
  /** The present step's figures. */
  readonly session: {
    readonly step: number;
    readonly loss: number;
    readonly learningRate: number;
    readonly position: OpPosition | null;
    readonly history: History;
    settle(): void;
  };
  /** Asked for at most once a step, and not within one. */
  readonly check: () => Check | null;
}

/** Something measured at most once a step. */
interface Measured<Result> {
  readonly measurement: Measurement<Result>;
  /** At which `begin` it was measured last. */
  time: number;
  result: Result;
}

/** What conditions ask of the present step: planned when first asked for, measured when asked, kept until `begin`. */
export class StepFacts implements Facts {
  readonly #parts: StepFactsParts;
  readonly #measurements: Measurements;
  readonly #values = new Map<string, Measured<Moments>>();
  readonly #gradients = new Map<string, Measured<Moments>>();
  readonly #saturations = new Map<string, Measured<{ saturated: number; dead: number }>>();
  #check: Check | null = null;
  #checkedAt = Number.NaN;
  #time = 0;

  constructor(parts: StepFactsParts) {
    this.#parts = parts;
    this.#measurements = new Measurements(parts.kernels, parts.arena);
  }

  /** The session has moved. */
  begin(): void {
    this.#time++;
  }

  get step(): number {
    return this.#parts.session.step;
  }

  get loss(): number {
    return this.#parts.session.loss;
  }

  get learningRate(): number {
    return this.#parts.session.learningRate;
  }

  value(node: string): Moments {
    return this.#measure(this.#values, node, () => this.#measurements.moments(this.#tensor(node)));
  }

  gradient(node: string): Moments {
    this.#parts.session.settle();
    const plan = () => this.#measurements.moments(this.#parts.network.tape.gradientOf(this.#tensor(node)));
    return this.#measure(this.#gradients, node, plan);
  }

  elements(node: string): number {
    return this.#tensor(node).elements;
  }

  saturation(node: string): { readonly saturated: number; readonly dead: number } {
    return this.#measure(this.#saturations, node, () => this.#measurements.saturation(this.#tensor(node)));
  }

  /**
   * Of any: every intermediate node lies between the first parameter and the loss, so that a NaN in one reaches the loss or
   * that parameter's gradient. What a parameter alone has, its last update tells, whose deviations are measured anyway.
   */
  isNaN(node: string | null): boolean {
    if (node !== null) return Number.isNaN(this.value(node).mean) || Number.isNaN(this.gradient(node).mean);
    const { session, network } = this.#parts;
    if (Number.isNaN(session.loss)) return true;
    for (let index = 0; index < network.parameters.length; index++) {
      // A ratio is NaN too where nothing is to be compared: of one number, or of zeros.
      const isSuspect = index === 0 || Number.isNaN(session.history.meanUpdateRatio(session.step, 1, index));
      if (isSuspect && this.isNaN(network.parameters[index].name)) return true;
    }
    return false;
  }

  verdict(node: string): Verdict | null {
    if (this.#parts.session.position !== null) return null;
    if (this.#checkedAt !== this.#time) this.#check = this.#parts.check();
    this.#checkedAt = this.#time;
    if (this.#check === null || this.#check.unjudged !== null) return null;
    return this.#check.rows.find((row) => row.node === node)?.verdict ?? null;
  }

  #tensor(node: string): Tensor {
    return this.#parts.network.node(node).tensor;
  }

  #measure<Result>(kept: Map<string, Measured<Result>>, node: string, plan: () => Measurement<Result>): Result {
    let measured = kept.get(node);
    if (measured === undefined) {
      const measurement = plan();
      measured = { measurement, time: Number.NaN, result: measurement.read() };
      kept.set(node, measured);
    }
    if (measured.time !== this.#time) {
      measured.measurement.kernel();
      measured.result = measured.measurement.read();
      measured.time = this.#time;
    }
    return measured.result;
  }
}
