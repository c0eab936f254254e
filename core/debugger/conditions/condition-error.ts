/** A condition that cannot be read: where, why, and what to write instead. */
export class ConditionError extends Error {
  override name = 'ConditionError';
  /** 1-based place in the text. */
  readonly column: number;

  constructor(column: number, message: string) {
    super(`Column ${column}: ${message}`);
    this.column = column;
  }
}
