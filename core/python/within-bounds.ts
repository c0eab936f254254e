import {
  type CodeCheck,
  longestOutput,
  longestText,
  mostDimensions,
  mostEntries,
  type PythonError,
} from '../protocol/check';
import { type Shape, sameShape } from '../tensor/shape';
import { isLineOf } from './lab-answers';
import type { ManualGradient, ManualGradientsByNode } from './lab-service';

/** A check that is as long as an answer may be: whatever the code says, or however many names it has, the rest is left out. */
export function checkWithinBounds(check: CodeCheck, code: string): CodeCheck {
  return {
    ...check,
    statements: check.statements.slice(0, mostEntries).map((told) => ({ ...told, formula: cut(told.formula) })),
    rows: check.rows.map((row) => ({
      ...row,
      reason: cut(row.reason),
      notes: row.notes.slice(0, mostEntries).map((note) => cut(note)),
      answers: row.answers.slice(0, mostEntries).map((answer) => ({ ...answer, reason: cut(answer.reason) })),
    })),
    rootCauses: check.rootCauses
      .slice(0, mostEntries)
      .map((cause) => ({ ...cause, explanation: cut(cause.explanation) })),
    notes: check.notes.slice(0, mostEntries).map((note) => cut(note)),
    error: errorWithinBounds(check.error, code),
    output: cut(check.output, longestOutput),
    names: check.names
      .filter(({ name, shape }) => name.length <= longestText && shape.length <= mostDimensions)
      .slice(0, mostEntries),
  };
}

/** An error that is as long as an answer may be, and in no line that the code has not: code can compile more under its name. */
export function errorWithinBounds(error: PythonError | null, code: string): PythonError | null {
  if (error === null) return null;
  const { type, message, line } = error;
  return { type: cut(type), message: cut(message), line: isLineOf(code, line) ? line : null };
}

/** Gradients, of which no more than the shape is told where that is not the node's. */
export function gradientsWithinBounds(
  gradients: ManualGradientsByNode,
  nodes: readonly { readonly name: string; readonly shape: Shape }[],
): ManualGradientsByNode {
  const told = new Map<string, ManualGradient>();
  for (const { name, shape: expected } of nodes) {
    const given = gradients.get(name);
    if (given === undefined || given.shape.length > mostDimensions) continue;
    const { shape, values } = given;
    told.set(name, { shape, values: sameShape(shape, expected) ? typed(values) : new Float32Array() });
  }
  return told;
}

const typed = (values: ArrayLike<number>) => (values instanceof Float32Array ? values : Float64Array.from(values));

function cut(text: string, longest = longestText): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
