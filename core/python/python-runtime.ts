/**
 * A Python interpreter with the lab's modules loaded, as the lab needs it. Only text crosses: no object of either side
 * can be reached from the other.
 */
export interface PythonRuntime<Name extends string> {
  /**
   * Calls a function of its package with a JSON text and gives the JSON text it returns.
   * @throws Error where Python itself broke (not where the person's code did: that is part of the answer).
   */
  call(name: Name, request: string): string;
}

/** An interpreter that reads a person's code and never runs it: what `reading/__init__.py` offers. */
export type ReadingPython = PythonRuntime<'analyse' | 'edits' | 'edited' | 'describe_edit'>;
/** An interpreter that runs a person's code: what `running/__init__.py` offers. Nothing that judges is in it. */
export type RunningPython = PythonRuntime<'load' | 'run' | 'run_formula'>;

/** What Python calls back: one function, numbers and text in, a number or text out, never an exception. */
export type EngineCall = (name: string, ...parameters: readonly (number | string)[]) => number | string;
