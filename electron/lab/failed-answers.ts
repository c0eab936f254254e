import type { PythonError } from '../../core/protocol/answers';
import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, TrainingGradients } from '../../core/python/lab-service';
import { missingRow } from '../../core/python/rows';
import type { LabAnswer, LabTask } from './lab-messages';

/** The check of code that did not end by itself: nothing that it wrote is known. */
export function failedCheck(inputs: LabInputs, error: PythonError): LabCheck {
  const rows = inputs.askedNodes.map((node) => missingRow(inputs, node, 'The code did not run to its end.'));
  const check = {
    backward: 'python',
    mistake: null,
    statements: [],
    step: inputs.step,
    unjudged: inputs.unjudged,
    rows: inputs.unjudged === null ? rows : [],
    rootCauses: [],
    isJudgedByTerms: true,
    judgedAt: [],
    search: 'complete',
    notes: [],
    error,
    output: '',
    names: [],
    milliseconds: 0,
  } as const;
  return { check, isComplete: true, hasSeenAnswers: false, gradients: new Map() };
}

/** What a task is answered with whose code did not end by itself. */
export function failedAnswer(task: LabTask, error: PythonError): Extract<LabAnswer, { kind: LabTask['kind'] }> {
  switch (task.kind) {
    case 'check':
      return { kind: 'check', answer: failedCheck(task.inputs, error) };
    case 'gradients':
      return { kind: 'gradients', answer: failedGradients(error) };
    default:
      return task satisfies never;
  }
}

/** The gradients of code that did not end by itself: none. */
function failedGradients(error: PythonError): TrainingGradients {
  return { error, gradients: new Map() };
}
