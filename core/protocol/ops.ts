import type { Moments } from './answers';

/** One op of the forward pass. Tensors that the program does not name are called after the op that makes them: "view#2". */
export interface OpDescription {
  /** The op's name in the tape's table: "matmul". */
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** The phases of a step, in their order. */
type Phase = 'forward' | 'loss' | 'backward' | 'update';

/** Where within a step the session stands: at an op that was just done. */
export interface OpPosition {
  /** `update`: the step before was updated and the minibatch drawn; no op of this step is done yet. */
  readonly phase: Phase;
  /** Number of that op in forward order, in `backward` too; null in `update`. */
  readonly op: number | null;
  /** Ops done of the whole walk, forward and backward. */
  readonly done: number;
  readonly total: number;
}

/** A tensor as a line of text: its moments are NaN while it is not computed. */
export interface TensorSummary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: Moments;
  /** Its gradient as far as it is added up; null where no gradient reaches it. */
  readonly gradient: Moments | null;
}

/** What an op adds to the gradient of one of its inputs. */
export interface OpContribution {
  readonly to: string;
  readonly contribution: Moments;
  /** How many uses of the tensor have added theirs up to and with this op, and how many there are. */
  readonly part: number;
  readonly parts: number;
}

/** One op's numbers as the session stands. */
export interface OpDetail {
  readonly step: number;
  readonly op: number;
  readonly inputs: readonly TensorSummary[];
  readonly output: TensorSummary;
  /** Empty where the backward walk has not come to this op. */
  readonly contributions: readonly OpContribution[];
}

/** What flows along the edges of the graph: forward values one way, gradients the other. */
export interface Flow {
  readonly step: number;
  readonly tensors: readonly TensorSummary[];
}
