import type { TypedTensor } from './tensor-table';

/** What a place of the code now holds: a tensor, or a number as Python prints it. */
export type Held = TypedTensor | string;

/**
 * Who is told what the person's code does while it runs. The hooks are put into the code by reading/instrument.py; all that is
 * told are tensors, numbers of places in the code, and names.
 */
export interface RunObserver {
  /** A top-level statement begins. */
  statement(index: number): void;
  /**
   * A place (`dlogits`, `grads['logits']`) was given what it now holds.
   * @param site of the code; see `Site`. −1 where it was noticed only after the statement.
   * @returns a tensor to be put there instead; null to leave it.
   */
  bound(site: number, place: string, held: Held): TypedTensor | null;
  /** A place now holds a copy of what it held. */
  moved(place: string, typed: TypedTensor): void;
  /** A place that held a tensor or a number now holds something else. */
  lost(site: number, place: string): void;
  /** A statement ended that may have changed tensors in place. */
  wrote(site: number): void;
  /** The code compares a gradient with a node's by `cmp`. */
  compared(label: string, gradient: Held, node: TypedTensor): void;
  /** The code compares two tensors by itself, element by element. */
  comparedByHand(one: TypedTensor, other: TypedTensor): void;
  /** The code reads `.grad` of a tensor. @returns its gradient; null where it has none. */
  grad(tensor: TypedTensor): TypedTensor | null;
}
