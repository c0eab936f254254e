import { type GivenNames, meantName } from './given-names';
import { isDefinition } from './purposes';
import type { NameUse } from './python-names';
import type { Statement } from './statements';

/** Which names of a notebook are gradients, and what compares them. */
export interface GradientNames {
  /** Names of gradients that are nothing but None yet. */
  readonly notBegun: ReadonlySet<string>;
  /** The node that a name is the gradient of, in the person's words; null for all other names. */
  nodeOf(name: string): string | null;
  /** The functions by which gradients are compared: `cmp`, and what the person wrote in its place. */
  readonly comparers: ReadonlySet<string>;
}

const dictionaries = /^(?:d|g|dd|grads?|gradients?|d?grads?_?dict|manual_?grads?)$/i;
/** How people write the gradient of `logits`: as the notebook does, which goes for names of their own too, and else. */
const usualForm = /^d_?(\w+)$/;
const otherForms = [/^(?:grad|g)_(\w+)$/, /^(\w+?)_?(?:grad|gradient)$/];

/** "dlogits = None", as the notebook has it before one begins. */
const placeholder = /=\s*None\b(?:\s*,\s*None\b)*\s*(?:#.*)?$/;

/** @param statements of all cells, in their order. */
export function gradientNamesIn(statements: readonly Statement[], given: GivenNames): GradientNames {
  const comparers = new Set(['cmp']);
  for (const { kind, use } of statements) {
    if (isDefinition({ kind }) && use.attributesRead.has('grad')) for (const name of use.binds) comparers.add(name);
  }
  const nodes = connectedNames(statements, given);
  const compared = comparedNames(statements, comparers, nodes);
  const nodeOf = (name: string) => {
    if (given.forward.has(name) || given.others.has(name)) return null;
    const usual = usualForm.exec(name)?.[1];
    if (usual !== undefined && nodes.has(usual)) return usual;
    for (const form of [usualForm, ...otherForms]) {
      const node = form.exec(name)?.[1];
      if (node === undefined) continue;
      if (given.forward.has(node)) return node;
      // dlogits2, dlogits_fast: a part of it, or another way to it.
      const beginning = [...given.forward].find((known) => known.length > 1 && node.startsWith(known));
      if (beginning !== undefined && /^[_\d]/.test(node.slice(beginning.length))) return beginning;
    }
    return compared.has(name) ? name : null;
  };
  return { nodeOf, comparers, notBegun: emptyNames(statements) };
}

function emptyNames(statements: readonly Statement[]): ReadonlySet<string> {
  const isEmpty = ({ kind, text }: Statement) => kind === 'AssignStatement' && placeholder.test(text);
  const written = (use: NameUse) => [...use.binds, ...use.changes];
  const empty = new Set(statements.filter(isEmpty).flatMap(({ use }) => written(use)));
  for (const statement of statements)
    if (!isEmpty(statement)) for (const name of written(statement.use)) empty.delete(name);
  return empty;
}

/** Names of the forward pass: the lab's, and the person's own that are computed from them. */
function connectedNames(statements: readonly Statement[], given: GivenNames): ReadonlySet<string> {
  const inner = statements
    .flatMap(withBody)
    .filter(({ body, kind }) => body.length === 0 && kind === 'AssignStatement');
  const own = inner.flatMap(({ use }) => [...use.binds].filter((name) => meantName(name, given) !== null));
  const connected = new Set([...given.forward, ...own]);
  for (let size = 0; size !== connected.size; ) {
    size = connected.size;
    for (const { use } of inner) {
      if ([...use.reads].some((name) => connected.has(name))) for (const name of use.binds) connected.add(name);
    }
  }
  return connected;
}

function withBody(statement: Statement): readonly Statement[] {
  return [statement, ...statement.body.flatMap(withBody)];
}

/** What is compared: the arguments of a comparison that look like gradients, and `cmp`'s that are no node. */
function comparedNames(
  statements: readonly Statement[],
  comparers: ReadonlySet<string>,
  nodes: ReadonlySet<string>,
): ReadonlySet<string> {
  const compared = new Set<string>();
  for (const { use } of statements) {
    for (const { callee, names } of use.namedArguments) {
      if (!comparers.has(callee)) continue;
      // The node is the last of them; in whatever order they stand, what looks like a gradient is one.
      const gradients = names.filter((name, index) => index < names.length - 1 || /^d|grad/.test(name));
      for (const name of gradients) if (!nodes.has(name)) compared.add(name);
    }
  }
  return compared;
}

/** The nodes whose gradient a statement writes, in the person's words. */
export function gradientsWritten(
  { use, text, kind }: Statement,
  { nodeOf }: GradientNames,
  given: GivenNames,
): readonly string[] {
  if (kind === 'AssignStatement' && placeholder.test(text)) return [];
  const found = new Set<string>();
  for (const name of [...use.binds, ...use.changes, ...use.innerBinds]) {
    const node = nodeOf(name);
    if (node !== null) found.add(node);
  }
  const writesElements = [...use.changes, ...use.innerBinds].some((name) => dictionaries.test(name));
  if (writesElements)
    for (const key of use.keysWritten)
      if (given.forward.has(key.replace(/^d(?=.)/, '')) || given.forward.has(key)) found.add(key);
  return [...found];
}

/** Whether it compares gradients: by `cmp` or one of the person's own, or with `.grad` in the same statement. */
export function compares({ kind, use }: Statement, { comparers, nodeOf, notBegun }: GradientNames): boolean {
  if (isDefinition({ kind })) return false;
  const compared = use.namedArguments.filter(({ callee }) => comparers.has(callee));
  if (compared.some(({ names }) => !names.some((name) => notBegun.has(name)))) return true;
  return use.attributesRead.has('grad') && [...use.reads].some((name) => nodeOf(name) !== null);
}
