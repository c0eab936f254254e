import type { Network } from '../programs/network';
import type { DriftHistory } from '../protocol/answers';
import { buckets, StepRows } from './step-rows';
import type { Updates } from './updates';

/**
 * How far the losses of a run are from those of a twin that is trained by autograd on the same minibatches, from the step
 * at which this was made.
 */
export class Drift {
  readonly #network: Network;
  readonly #twin: Network;
  readonly #updates: Updates;
  readonly #firstStep: number;
  readonly #differences = new StepRows(1);

  /**
   * @param network the network that is watched, with its forward and backward done.
   * @param twin a network of the same settings, whose parameters are overwritten.
   * @param updates of the twin.
   */
  constructor(network: Network, twin: Network, updates: Updates, firstStep: number) {
    this.#network = network;
    this.#twin = twin;
    this.#updates = updates;
    this.#firstStep = firstStep;
    twin.copyParameters(network);
    this.follow();
  }

  /** What the differences take of memory. */
  get bytes(): number {
    return this.#differences.bytes;
  }

  /** The twin's update, at the time of the watched network's own. */
  update(): void {
    this.#updates.apply();
  }

  /** The twin's forward, loss and backward on the minibatch at which the watched network stands. */
  follow(): void {
    const { tape, loss } = this.#twin;
    this.#twin.copyBatch(this.#network);
    tape.forward();
    tape.backward();
    this.#differences.push([Math.abs(this.#network.loss.item() - loss.item())]);
  }

  /** Thinned to at most `points` buckets of equally many steps, by the largest of each. */
  history(points: number): DriftHistory {
    const { count, stepsOf } = buckets(this.#differences.length, points);
    const steps = new Float64Array(count);
    const drift = new Float64Array(count);
    for (let bucket = 0; bucket < count; bucket++) {
      const { start, end } = stepsOf(bucket);
      steps[bucket] = this.#firstStep + start;
      for (let step = start; step < end; step++) drift[bucket] = Math.max(drift[bucket], this.#differences.get(step));
    }
    return { steps, drift };
  }
}
