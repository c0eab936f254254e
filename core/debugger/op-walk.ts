import type { Network } from '../programs/network';
import type { OpPosition } from '../protocol/ops';

/**
 * One step's forward and backward, op by op. What is not computed yet is NaN meanwhile, so that no view can take numbers of
 * the step before for this step's.
 */
export class OpWalk {
  readonly #network: Network;
  readonly #forwardOps: number;
  readonly #backwardOps: number;
  /** Number in forward order of each op of the backward walk. */
  readonly #order: readonly number[];
  /** Nodes whose gradient is complete after each op of the backward walk. */
  readonly #completed: readonly (readonly string[])[];
  #done = 0;

  constructor(network: Network) {
    this.#network = network;
    const { entries, backwardEntries } = network.tape;
    this.#forwardOps = entries.length;
    this.#backwardOps = backwardEntries.length;
    this.#order = backwardEntries.map(({ entry }) => entries.indexOf(entry));
    const completed = backwardEntries.map((): string[] => []);
    for (const { name, tensor } of network.nodes) {
      // The loss, which no op reads, has its gradient from the start.
      const last = backwardEntries.findLastIndex(({ entry }) => entry.inputs.includes(tensor));
      completed[Math.max(0, last)].push(name);
    }
    this.#completed = completed;
  }

  /** Stands before the first op. */
  begin(): void {
    this.#done = 0;
    this.#network.tape.forget();
  }

  get isDone(): boolean {
    return this.#done === this.#forwardOps + this.#backwardOps;
  }

  /** Whether the forward pass has just ended. */
  get isAtLoss(): boolean {
    return this.#done === this.#forwardOps;
  }

  /** Whether the op just done is the last of its phase; `update` is over at once. */
  get isAtEndOfPhase(): boolean {
    const ends = [0, this.#forwardOps - 1, this.#forwardOps, this.#forwardOps + this.#backwardOps];
    return ends.includes(this.#done);
  }

  /** Does the next op. */
  next(): void {
    const { tape } = this.#network;
    const back = this.#done - this.#forwardOps;
    if (back < 0) tape.entries[this.#done].forward();
    else {
      if (back === 0) tape.beginBackward();
      for (const kernel of tape.backwardEntries[back].backward) kernel();
    }
    this.#done++;
  }

  /** Nodes whose gradient the op just done has completed. */
  get completed(): readonly string[] {
    return this.#done > this.#forwardOps ? this.#completed[this.#done - this.#forwardOps - 1] : [];
  }

  /** Whether the backward walk has come to the op of this number in forward order. */
  hasWalkedBack(op: number): boolean {
    const at = this.#order.indexOf(op);
    return at >= 0 && at < this.#done - this.#forwardOps;
  }

  get position(): OpPosition {
    const done = this.#done;
    const total = this.#forwardOps + this.#backwardOps;
    if (done === 0) return { phase: 'update', op: null, done, total };
    if (done > this.#forwardOps)
      return { phase: 'backward', op: this.#order[done - this.#forwardOps - 1], done, total };
    return { phase: done === this.#forwardOps ? 'loss' : 'forward', op: done - 1, done, total };
  }
}
