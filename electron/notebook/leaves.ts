import type { GivenNames } from './given-names';
import { isDefinition, isTrainingLoop, trains } from './purposes';
import type { Statement } from './statements';

/** A part of a cell that is kept or left out as one. */
export interface Leaf {
  readonly leaf: Statement;
  /** The statements it stands in, the outermost first. */
  readonly path: readonly Statement[];
  /** Whether it is run by training: it stands in a training loop, or defines a function that trains. */
  readonly isTraining: boolean;
}

/** The leaves of a statement: a `with` and a training loop are taken apart, any other loop is one. */
export function leavesOf(
  statement: Statement,
  given: GivenNames,
  path: readonly Statement[] = [],
  isInside = false,
): readonly Leaf[] {
  const isLoop = isTrainingLoop(statement, given);
  const isTraining = isInside || isLoop || (isDefinition(statement) && trains(statement.use, given));
  const isTakenApart = statement.body.length > 0 && (statement.kind === 'WithStatement' || isLoop);
  if (!isTakenApart) return [{ leaf: statement, path, isTraining }];
  return statement.body.flatMap((inner) => leavesOf(inner, given, [...path, statement], isTraining));
}

/** All statements within that have no body of their own. */
export function simpleStatements(statement: Statement): readonly Statement[] {
  return statement.body.length === 0 ? [statement] : statement.body.flatMap(simpleStatements);
}

/** A statement and all that stand in it. */
export function allStatements(statement: Statement): readonly Statement[] {
  return [statement, ...statement.body.flatMap(allStatements)];
}

/** Names that must be there before a statement: what it reads or changes, but for what it defines itself beforehand. */
export function needsOf(statement: Statement): readonly string[] {
  const { kind, use, body, header } = statement;
  if (body.length === 0) {
    const needs = new Set([...use.reads, ...use.changes]);
    if (kind === 'ForStatement' || isDefinition(statement)) for (const name of use.binds) needs.delete(name);
    return [...needs];
  }
  const defined = new Set(header.binds);
  const needs = new Set(header.reads);
  for (const inner of body) {
    for (const name of needsOf(inner)) if (!defined.has(name)) needs.add(name);
    for (const name of inner.use.binds) defined.add(name);
  }
  return [...needs];
}

/** The head of a training loop, made to go round once: `for i in range(1):`. */
export function onceOnly({ text, kind }: Statement): string {
  const variable = kind === 'ForStatement' ? /^for\s+(\w+)\s+in\b/.exec(text)?.[1] : undefined;
  return `for ${variable ?? '_'} in range(1):`;
}
