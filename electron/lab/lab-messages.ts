import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, Patience, TrainingGradients, TrainingInputs } from '../../core/python/lab-service';
import type { PyodidePackage } from './pyodide-scripts';
import type { PythonFiles } from './python-files';

/** What is asked of the lab's thread, one at a time. */
export type LabTask =
  | {
      readonly kind: 'check';
      readonly inputs: LabInputs;
      readonly code: string;
      readonly patience: Patience;
      /** Whether it has to run in an interpreter in which nothing has run. */
      readonly isFresh: boolean;
    }
  | { readonly kind: 'gradients'; readonly inputs: TrainingInputs; readonly code: string };

/** What the lab's thread says. Every task gets one answer, unless the thread ends before. */
export type LabMessage =
  | { readonly kind: 'ready' }
  | LabAnswer
  /** Python can no longer be relied on. The thread is of no further use. */
  | { readonly kind: 'broken'; readonly message: string };

/** What a task comes to. */
export type LabAnswer = (
  | { readonly kind: 'check'; readonly answer: LabCheck }
  | { readonly kind: 'gradients'; readonly answer: TrainingGradients }
  /** The code was interrupted, at this line where it is known. */
  | { readonly kind: 'interrupted'; readonly line: number | null }
) & {
  /** Whether so much memory stays taken that the next task would miss it: it is for a new thread. */
  readonly isSpent?: boolean;
};

/** Given to the thread at its start. */
export interface LabData {
  /** Of its `Interrupts`. */
  readonly interrupts: SharedArrayBuffer;
}

/** What a process of Node's is sent: its files first, and once. */
export type LabProcessRequest =
  | { readonly kind: 'start'; readonly files: LabProcessFiles }
  | {
      readonly kind: 'task';
      readonly task: LabTask;
      /** How long it may take. */
      readonly limitMilliseconds: number;
    };

/** What Python is started from there. */
export type LabProcessFiles = PythonFiles & PyodidePackage;

/** What is asked of Python where no memory can be shared with whoever asks: an interrupt is a message as well. */
export type LabRequest =
  | { readonly kind: 'task'; readonly task: LabTask }
  /** The present task is to be given up. */
  | { readonly kind: 'interrupt' };

/** What comes back from there. */
export type LabReply = LabMessage | ({ readonly kind: 'ended' } & LabEnd);

/** How Python ended. */
export interface LabEnd {
  /** As the end of "Python broke: …". */
  readonly reason: string;
  /** Whether because it took more memory than it may. */
  readonly isOutOfMemory: boolean;
}
