import type { PythonError } from '../../../core/protocol/answers';
import type { PythonState } from '../../../core/protocol/events';
import type { LabInputs } from '../../../core/python/lab-inputs';
import type {
  LabCheck,
  LabService,
  ManualGradient,
  ManualGradientsByNode,
  Patience,
  TrainingGradients,
  TrainingInputs,
} from '../../../core/python/lab-service';
import { codeCheckWith } from '../../core/check-rows';

interface Call<Inputs, Answer> {
  readonly inputs: Inputs;
  readonly code: string;
  answer(answer: Answer): void;
  fail(error: Error): void;
}

/** A lab without Python: it keeps what it was asked, and answers what the test says, when it says so. */
export class FakeLab implements LabService {
  readonly checks: (Call<LabInputs, LabCheck> & { readonly patience: Patience })[] = [];
  readonly trainings: Call<TrainingInputs, TrainingGradients>[] = [];
  starts = 0;
  stops = 0;
  #listener: (state: PythonState, message: string) => void = () => {};

  start(): void {
    this.starts++;
  }

  check(inputs: LabInputs, code: string, patience: Patience): Promise<LabCheck> {
    return new Promise((answer, fail) => this.checks.push({ inputs, code, patience, answer, fail }));
  }

  gradients(inputs: TrainingInputs, code: string): Promise<TrainingGradients> {
    return new Promise((answer, fail) => this.trainings.push({ inputs, code, answer, fail }));
  }

  stop(): void {
    this.stops++;
  }

  onState(listener: (state: PythonState, message: string) => void): void {
    this.#listener = listener;
  }

  tell(state: PythonState, message: string): void {
    this.#listener(state, message);
  }
}

/** What the lab answers for a step at which the code gave these gradients. */
export function labCheckOf(
  step: number,
  gradients: ManualGradientsByNode = new Map(),
  error: PythonError | null = null,
): LabCheck {
  const check = codeCheckWith([], { step, error });
  return { check, isComplete: true, hasSeenAnswers: false, gradients };
}

/** Autograd's gradients of every node of a step, as if the code had given them. */
export function autogradOf({ nodes }: LabInputs): Map<string, ManualGradient> {
  return new Map(nodes.map(({ name, shape, gradient }) => [name, { shape, values: gradient }]));
}
