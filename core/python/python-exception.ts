/** The exceptions of Python's that the engine's side raises. */
export type PythonExceptionType =
  | 'IndexError'
  | 'MemoryError'
  | 'RuntimeError'
  | 'TypeError'
  | 'ValueError'
  | 'ZeroDivisionError';

/** Becomes an exception of `type` in Python. */
export class PythonException extends Error {
  override name = 'PythonException';
  readonly type: PythonExceptionType;

  constructor(type: PythonExceptionType, message: string) {
    super(message);
    this.type = type;
  }
}
