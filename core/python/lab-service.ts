import type { Arithmetic } from '../programs/settings';
import type { PythonState } from '../protocol/events';
import type { Shape } from '../tensor/shape';
import type { LabCheck, TrainingGradients } from './lab-answers';
import type { LabInputs, NotebookInputs } from './lab-inputs';

export type { LabCheck, TrainingGradients } from './lab-answers';

/** What the person's code needs of one step to give its gradients, in float32 only. Plain data. */
export interface TrainingInputs extends NotebookInputs {
  /** Of the session, so that the same formula gives the same bits. */
  readonly arithmetic: Arithmetic;
  /** Every node but the loss, in forward order. Asked for are the gradients of `parameters`. */
  readonly nodes: readonly { readonly name: string; readonly shape: Shape; readonly value: Float32Array }[];
}

/** A gradient by hand, of whatever shape the code gave it. */
export interface ManualGradient {
  readonly shape: Shape;
  /** Row-major; of the lab's, none where the shape is not the node's. */
  readonly values: ArrayLike<number>;
}

/** By node. A node that no line writes is not there. */
export type ManualGradientsByNode = ReadonlyMap<string, ManualGradient>;

/**
 * What a check looks for: `brief` the verdicts, where a person types and is to be answered at once; `thorough` the names of
 * the mistakes as well.
 */
export type Patience = 'brief' | 'thorough';

/**
 * The lab as the session sees it. Calls are carried out one after the other, in their order. Whatever the code does is
 * part of the answer: code that was stopped, by `stop` or by the time limit, answers with an `error` that says so.
 */
export interface LabService {
  /** Begins to start Python where it has not been; called by every other method as well. */
  start(): void;
  /** @throws Error (rejection) where Python could not start; the message says why. */
  check(inputs: LabInputs, code: string, patience: Patience): Promise<LabCheck>;
  /** One plain float32 run. @throws Error (rejection) where Python could not start. */
  gradients(inputs: TrainingInputs, code: string): Promise<TrainingGradients>;
  /** Stops the call at work, soon; where it does not listen, Python is started anew. Does nothing where none is. */
  stop(): void;
  /** Calls `listener` with every change of state. */
  onState(listener: (state: PythonState, message: string) => void): void;
}
