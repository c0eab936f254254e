import * as v from 'valibot';
import type { PythonError } from '../../core/protocol/answers';
import { isLineOf } from '../../core/python/lab-answers';
import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, Patience, TrainingGradients, TrainingInputs } from '../../core/python/lab-service';
import { PythonException } from '../../core/python/python-exception';
import type { PythonRuntime, ReadingPython, RunningPython } from '../../core/python/python-runtime';
import { OutOfMemoryError } from '../../core/tensor/heap';
import { failedAnswer } from './failed-answers';
import type { Interrupts } from './interrupts';
import type { LabAnswer, LabMessage, LabTask } from './lab-messages';
import type { MemoryBudget } from './memory-budget';

/** What carries out the tasks: `Lab` of core/python, or a test's. */
export interface TaskLab {
  check(inputs: LabInputs, code: string, patience: Patience): LabCheck;
  gradients(inputs: TrainingInputs, code: string): TrainingGradients;
  /** Code runs in this interpreter from now on. */
  runIn(running: RunningPython): void;
}

export interface LabServerParts {
  readonly createLab: (reading: ReadingPython, running: RunningPython) => TaskLab;
  readonly reading: ReadingPython;
  readonly running: RunningPython;
  /** Starts another interpreter for code to run in. */
  readonly startRunning: () => Promise<RunningPython>;
  readonly interrupts: Pick<Interrupts, 'isStopping'>;
  readonly memory: Pick<MemoryBudget, 'isSpent'>;
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
  /** Whether code has run in the present interpreter. */
  #isUsed = false;
  /** Settles when the interpreter is there in which the next task's code is to run. */
  #ready: Promise<void> = Promise.resolve();

  constructor(parts: LabServerParts) {
    this.#parts = parts;
    this.#lab = parts.createLab(this.#guarded(parts.reading), this.#guarded(parts.running));
  }

  async receive(task: LabTask): Promise<void> {
    try {
      // Of code that is graded nothing may be left by the code before; and no code may have seen the answers.
      if (task.kind === 'check' && task.isFresh && this.#isUsed) this.#renew();
      await this.#ready;
      this.#isUsed = true;
      const message = this.#carryOut(task);
      this.#answer(message);
      if (message.kind === 'check' && message.answer.hasSeenAnswers) this.#renew();
    } catch (error) {
      if (error instanceof InterruptedError) this.#answer({ kind: 'interrupted', line: lineIn(task, error) });
      else if (isShortage(error)) this.#answer(failedAnswer(task, shortage(error)));
      else this.#parts.send({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
    }
  }

  #answer(message: LabAnswer): void {
    this.#parts.send(this.#parts.memory.isSpent ? { ...message, isSpent: true } : message);
  }

  #renew(): void {
    this.#isUsed = false;
    this.#ready = this.#parts.startRunning().then((running) => this.#lab.runIn(this.#guarded(running)));
    // Whoever waits for it hears of it; until then nobody need.
    this.#ready.catch(() => {});
  }

  #carryOut(task: LabTask): LabAnswer {
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
  #guarded<Name extends string>(python: PythonRuntime<Name>): PythonRuntime<Name> {
    return {
      call: (name, request) => {
        if (this.#isStopping) throw new InterruptedError(null);
        let answer: string;
        try {
          answer = python.call(name, request);
        } catch (error) {
          throw this.#isStopping ? new InterruptedError(null) : error;
        }
        if (this.#isStopping) throw new InterruptedError(lineOf(answer));
        return answer;
      },
    };
  }

  get #isStopping(): boolean {
    return this.#parts.interrupts.isStopping;
  }
}

/** Memory ran out outside of a call of Python's: while the code was given its tensors, or was asked what it holds. */
function isShortage(error: unknown): error is Error {
  return error instanceof OutOfMemoryError || (error instanceof PythonException && error.type === 'MemoryError');
}

const shortage = ({ message }: Error): PythonError => ({ type: 'MemoryError', message, line: null });

/** Where it was interrupted, if that is in the code: code can compile more under its name. */
function lineIn({ code }: LabTask, { line }: InterruptedError): number | null {
  return isLineOf(code, line) ? line : null;
}

const withErrorSchema = v.object({ error: v.object({ line: v.pipe(v.number(), v.safeInteger()) }) });

/** The line of the error in an answer of Python's, where there is one; the answer is what the code makes of it. */
function lineOf(answer: string): number | null {
  const given = v.safeParse(v.pipe(v.string(), v.parseJson(), withErrorSchema), answer);
  return given.success ? given.output.error.line : null;
}
