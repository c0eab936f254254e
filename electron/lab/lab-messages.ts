import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, Patience, TrainingGradients, TrainingInputs } from '../../core/python/lab-service';

/** What is asked of the lab's thread, one at a time. */
export type LabTask =
  | { readonly kind: 'check'; readonly inputs: LabInputs; readonly code: string; readonly patience: Patience }
  | { readonly kind: 'gradients'; readonly inputs: TrainingInputs; readonly code: string };

/** What the lab's thread says. Every task gets one answer, unless the thread ends before. */
export type LabMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'check'; readonly answer: LabCheck }
  | { readonly kind: 'gradients'; readonly answer: TrainingGradients }
  /** The code was interrupted, at this line where it is known. */
  | { readonly kind: 'interrupted'; readonly line: number | null }
  /** Python can no longer be relied on. The thread is of no further use. */
  | { readonly kind: 'broken'; readonly message: string };

/** Given to the thread at its start. */
export interface LabData {
  /** Two bytes: `interrupt.signal` and `interrupt.stopping`. */
  readonly interrupt: SharedArrayBuffer;
}

/** The bytes that both threads see. */
export const interrupt = {
  /** CPython reads this one: 2 raises KeyboardInterrupt in the running code. */
  signal: 0,
  /** 1 from the moment the task is to be given up until the next one: no more code is run for it. */
  stopping: 1,
} as const;

/** Of POSIX's interrupt, which raises KeyboardInterrupt. */
export const interruptSignal = 2;
