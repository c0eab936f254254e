import type { CheckRow, PythonError } from '../../core/protocol/answers';
import type { LabInputs } from '../../core/python/lab-inputs';
import type { LabCheck, TrainingGradients } from '../../core/python/lab-service';

/** The check of code that did not end by itself: nothing that it wrote is known. */
export function failedCheck(inputs: LabInputs, error: PythonError): LabCheck {
  const rows = inputs.comparedNodes.map((node): CheckRow => {
    const shape = inputs.nodes.find(({ name }) => name === node)?.shape ?? [];
    return {
      node,
      shape,
      exact: false,
      approximate: false,
      maxdiff: null,
      maxUlp: null,
      worstIndex: null,
      verdict: 'missing',
      reason: 'The code did not run to its end.',
      line: null,
    };
  });
  const check = {
    backward: 'python',
    mistake: null,
    statements: [],
    step: inputs.step,
    rows,
    rootCauses: [],
    error,
    output: '',
    names: [],
    milliseconds: 0,
  } as const;
  return { check, isComplete: true, gradients: new Map() };
}

/** The gradients of code that did not end by itself: none. */
export function failedGradients(error: PythonError): TrainingGradients {
  return { error, gradients: new Map() };
}
