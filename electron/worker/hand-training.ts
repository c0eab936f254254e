import { trainingInputs } from '../../core/debugger/lab-inputs';
import type { Session } from '../../core/debugger/session';
import { ManualGradientError } from '../../core/debugger/updates';
import type { PythonError } from '../../core/protocol/answers';
import type { LabService, ManualGradientsByNode } from '../../core/python/lab-service';
import { RefusedError } from './refusals';

/** Gradients by hand of one step, or why there are none. */
type Outcome = { readonly gradients: ManualGradientsByNode } | { readonly failure: Error };

/** One step's gradients, asked for and perhaps come. */
interface Question {
  readonly step: number;
  readonly code: string;
  outcome: Outcome | null;
}

/**
 * Training a session by the gradients of a person's own code: Python runs elsewhere, so that the session asks, goes on
 * listening, and makes its step when they have come.
 */
export class HandTraining {
  readonly #lab: LabService;
  readonly #session: Session;
  /** Called when what a step waited for has come. */
  readonly #onCome: () => void;
  #code: string;
  #question: Question | null = null;

  /** Begins to measure the drift as well. */
  constructor(lab: LabService, session: Session, code: string, onCome: () => void) {
    this.#lab = lab;
    this.#session = session;
    this.#code = code;
    this.#onCome = onCome;
    session.beginDrift();
  }

  /** Whether gradients have been asked for that have not come. */
  get isWaiting(): boolean {
    return this.#question !== null && this.#question.outcome === null;
  }

  /** Another code gives the gradients from now on. */
  changeCode(code: string): void {
    this.#code = code;
  }

  /**
   * Makes the present step ready to be made by gradients by hand. Where they have not come it asks for them.
   * @returns whether it is ready.
   * @throws RefusedError where the code failed or gives gradients that no update can be made with. The next call tries
   * again.
   */
  prepareStep(): boolean {
    if (this.isWaiting) return false;
    const question = this.#question;
    this.#question = null;
    const isFresh = question?.step === this.#session.step && question.code === this.#code;
    if (!isFresh || question.outcome === null) {
      this.#ask();
      return false;
    }
    if ('failure' in question.outcome) throw this.#refused(question.outcome.failure);
    try {
      this.#session.prepareUpdate(question.outcome.gradients);
      return true;
    } catch (error) {
      if (error instanceof ManualGradientError) throw this.#refused(error);
      throw error;
    }
  }

  /** Ends it: the session's updates are autograd's again. */
  end(): void {
    this.#session.endDrift();
  }

  #ask(): void {
    const question: Question = { step: this.#session.step, code: this.#code, outcome: null };
    this.#question = question;
    this.#lab
      .gradients(trainingInputs(this.#session, question.code), question.code)
      .then(
        ({ error, gradients }): Outcome => (error === null ? { gradients } : { failure: new Error(describe(error)) }),
        (failure: Error): Outcome => ({ failure }),
      )
      .then((outcome) => {
        question.outcome = outcome;
        this.#onCome();
      });
  }

  #refused({ message }: Error): RefusedError {
    return new RefusedError('not-now', `Training with your gradients paused at step ${this.#session.step}: ${message}`);
  }
}

/** "NameError: name 'dlogit' is not defined (line 7)." */
function describe({ type, message, line }: PythonError): string {
  return `${type}: ${message}${line === null ? '' : ` (line ${line})`}.`;
}
