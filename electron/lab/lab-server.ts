import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, Patience, TrainingGradients, TrainingInputs } from '../../core/python/lab-service';
import type { PythonRuntime } from '../../core/python/python-runtime';
import type { Interrupts } from './interrupts';
import type { LabMessage, LabTask } from './lab-messages';

/** What carries out the tasks: `Lab` of core/python, or a test's. */
export interface TaskLab {
  check(inputs: LabInputs, code: string, patience: Patience): LabCheck;
  gradients(inputs: TrainingInputs, code: string): TrainingGradients;
}

export interface LabServerParts {
  readonly createLab: (runtime: PythonRuntime) => TaskLab;
  readonly runtime: PythonRuntime;
  readonly interrupts: Pick<Interrupts, 'isStopping'>;
  readonly send: (message: LabMessage) => void;
}

/** The task was interrupted while Python ran. */
class InterruptedError extends Error {
  readonly line: number | null;

  constructor(line: number | null) {
    super('The code was interrupted.');
    this.line = line;
  }
}

/** The lab behind a port: carries out one task after the other. It knows no thread. */
export class LabServer {
  readonly #parts: LabServerParts;
  readonly #lab: TaskLab;

  constructor(parts: LabServerParts) {
    this.#parts = parts;
    this.#lab = parts.createLab({ call: (name, request) => this.#call(name, request) });
  }

  receive(task: LabTask): void {
    try {
      this.#parts.send(this.#carryOut(task));
    } catch (error) {
      if (error instanceof InterruptedError) this.#parts.send({ kind: 'interrupted', line: error.line });
      else this.#parts.send({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
    }
  }

  #carryOut(task: LabTask): LabMessage {
    switch (task.kind) {
      case 'check':
        return { kind: 'check', answer: this.#lab.check(task.inputs, task.code, task.patience) };
      case 'gradients':
        return { kind: 'gradients', answer: this.#lab.gradients(task.inputs, task.code) };
      default:
        return task satisfies never;
    }
  }

  /** A task runs code many times over; once it is to be given up, none of the rest is run. */
  #call(name: Parameters<PythonRuntime['call']>[0], request: string): string {
    if (this.#isStopping) throw new InterruptedError(null);
    let answer: string;
    try {
      answer = this.#parts.runtime.call(name, request);
    } catch (error) {
      throw this.#isStopping ? new InterruptedError(null) : error;
    }
    if (this.#isStopping) throw new InterruptedError(lineOf(answer));
    return answer;
  }

  get #isStopping(): boolean {
    return this.#parts.interrupts.isStopping;
  }
}

/** The line of the error in an answer of Python's, where there is one. */
function lineOf(answer: string): number | null {
  const { error } = JSON.parse(answer) as { readonly error?: { readonly line: number | null } | null };
  return error?.line ?? null;
}
