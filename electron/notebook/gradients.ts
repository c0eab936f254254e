import { type GivenNames, meantName } from './given-names';
import { isDefinition } from './purposes';
import type { Statement } from './statements';

/** Which names of a notebook are gradients, and what compares them. */
export interface GradientNames {
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
  const bound = new Set(statements.flatMap(({ use }) => [...use.binds]));
  const nodeOf = (name: string) => {
    if (given.forward.has(name) || given.others.has(name)) return null;
    const usual = usualForm.exec(name)?.[1];
    if (usual !== undefined && nodes.has(usual)) return usual;
    for (const form of [usualForm, ...otherForms]) {
      const node = form.exec(name)?.[1];
      if (node === undefined) continue;
      if (given.forward.has(node)) return node;
      // dlogits_fast, where there is no dlogits; else it is another way to it, or a part.
      const beginning = [...given.forward].find((known) => known.length > 1 && node.startsWith(known));
      if (beginning === undefined || bound.has(`d${beginning}`)) continue;
      if (/^[_\d]/.test(node.slice(beginning.length))) return beginning;
    }
    return compared.has(name) ? name : null;
  };
  return { nodeOf, comparers };
}

/** Whether a statement says of gradients only that they are not written yet. */
export function isPlaceholder({ kind, text, use }: Statement, { nodeOf }: GradientNames): boolean {
  return kind === 'AssignStatement' && placeholder.test(text) && [...use.binds].some((name) => nodeOf(name) !== null);
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
export function gradientsWritten(statement: Statement, gradients: GradientNames, given: GivenNames): readonly string[] {
  const { use } = statement;
  const { nodeOf } = gradients;
  if (isPlaceholder(statement, gradients)) return [];
  const found = new Set<string>();
  for (const name of [...use.binds, ...use.changes, ...use.innerBinds]) {
    const node = nodeOf(name);
    if (node !== null) found.add(node);
  }
  const writesElements = [...use.changes, ...use.innerBinds].some((name) => dictionaries.test(name));
  const keys = writesElements ? [...use.keysWritten] : [];
  const isNode = (key: string) => given.forward.has(key) || given.forward.has(key.replace(/^d(?=.)/, ''));
  return [...found, ...keys.filter(isNode)];
}

/** Whether it compares gradients: by `cmp` or one of the person's own, or with `.grad` in the same statement. */
export function compares({ kind, use }: Statement, { comparers, nodeOf }: GradientNames): boolean {
  if (isDefinition({ kind })) return false;
  if ([...use.calls].some((call) => comparers.has(call))) return true;
  return use.attributesRead.has('grad') && [...use.reads].some((name) => nodeOf(name) !== null);
}
