/**
 * A Python interpreter with the lab's modules loaded, as the lab needs it. Only text crosses: no object of either side
 * can be reached from the other.
 */
export interface PythonRuntime {
  /**
   * Calls `lab.<name>(request)` with a JSON text and gives the JSON text it returns.
   * @throws Error where Python itself broke (not where the person's code did: that is part of the answer).
   */
  call(name: LabFunction, request: string): string;
}

/** What `lab/__init__.py` offers. */
export type LabFunction = 'analyse' | 'edits' | 'edited' | 'describe_edit' | 'load' | 'run' | 'run_formula';

/** What Python calls back: one function, numbers and text in, a number or text out, never an exception. */
export type EngineCall = (name: string, ...parameters: readonly (number | string)[]) => number | string;
