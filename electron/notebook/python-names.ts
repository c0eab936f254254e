import type { SyntaxNode } from '@lezer/common';

/** What a piece of Python does with names, as its text alone tells. */
export interface NameUse {
  /** Names of the outside whose value it uses. */
  readonly reads: Set<string>;
  /** Names it gives a value: by assignment, import, def, class or as the variable of a loop. */
  readonly binds: Set<string>;
  /** Names whose value it changes in place: `x[i] = …`, `x += …`, `x.add_(…)`, `x.append(…)`. */
  readonly changes: Set<string>;
  /** Names that a function or class in it gives a value within. */
  readonly innerBinds: Set<string>;
  /** What it calls, as it is written: "plt.plot", "loss.backward", "open". */
  readonly calls: Set<string>;
  /** Attributes it writes: "data", "grad". */
  readonly attributesWritten: Set<string>;
  /** Attributes it reads. */
  readonly attributesRead: Set<string>;
  /** Texts by which it writes an element: the "logits" of `grads['logits'] = …`. */
  readonly keysWritten: Set<string>;
  /** For each call, those of its arguments that are plain names, in their order. */
  readonly namedArguments: { readonly callee: string; readonly names: readonly string[] }[];
}

export function noUse(): NameUse {
  return {
    reads: new Set(),
    binds: new Set(),
    changes: new Set(),
    innerBinds: new Set(),
    calls: new Set(),
    attributesWritten: new Set(),
    attributesRead: new Set(),
    keysWritten: new Set(),
    namedArguments: [],
  };
}

/** Methods that change what they are called on, besides those whose name ends in "_". */
const changingMethods = new Set(['append', 'extend', 'insert', 'update', 'setdefault', 'pop', 'clear', 'remove']);

/** @param node of the tree that `text` was parsed to. */
export function usedNames(node: SyntaxNode, text: string): NameUse {
  const use = noUse();
  new Walk(text, use).visit(node);
  return use;
}

/** Goes through a syntax tree; one for each scope: the outermost, and each function, class body and comprehension. */
class Walk {
  readonly #text: string;
  readonly #use: NameUse;

  constructor(text: string, use: NameUse) {
    this.#text = text;
    this.#use = use;
  }

  visit(node: SyntaxNode): void {
    switch (node.name) {
      case 'VariableName':
        this.#use.reads.add(this.#of(node));
        break;
      case 'AssignStatement':
        this.#assign(node);
        break;
      case 'UpdateStatement':
        this.#update(node);
        break;
      case 'ForStatement':
        this.#loop(node);
        break;
      case 'WithStatement':
      case 'TryStatement':
        this.#named(node);
        break;
      case 'NamedExpression':
        this.#assign(node);
        break;
      case 'ExpressionStatement':
        // A backward() whose result nobody takes is autograd's: it writes `.grad`.
        if (/\.backward\s*\([^()]*\)$/.test(this.#of(node).trimEnd())) this.#use.attributesWritten.add('grad');
        this.#visitAll(children(node));
        break;
      case 'CallExpression':
        this.#call(node);
        break;
      case 'MemberExpression':
        this.#member(node);
        break;
      case 'FunctionDefinition':
      case 'LambdaExpression':
        this.#function(node);
        break;
      case 'ClassDefinition':
        this.#class(node);
        break;
      case 'ImportStatement':
        this.#import(node);
        break;
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
      case 'DictionaryComprehensionExpression':
      case 'SetComprehensionExpression':
        this.#comprehension(node);
        break;
      case 'ScopeStatement':
        break;
      default:
        this.#visitAll(children(node));
    }
  }

  #visitAll(nodes: readonly SyntaxNode[]): void {
    for (const node of nodes) this.visit(node);
  }

  #of(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  #assign(node: SyntaxNode): void {
    const parts = children(node);
    const last = parts.findLastIndex(({ name }) => name === 'AssignOp');
    this.#visitAll(parts.slice(last + 1));
    for (const target of parts.slice(0, Math.max(last, 0))) this.#target(target);
  }

  #update(node: SyntaxNode): void {
    const [target, ...rest] = children(node);
    this.#visitAll(rest);
    if (target === undefined) return;
    if (target.name === 'VariableName') this.#use.changes.add(this.#of(target));
    else this.#target(target);
    this.visit(target);
  }

  /** What is written: a name, an element, an attribute, or several of them. */
  #target(node: SyntaxNode): void {
    if (node.name === 'VariableName') {
      this.#use.binds.add(this.#of(node));
      return;
    }
    if (node.name === 'MemberExpression') {
      this.#change(node);
      const key = lastOfName(node, 'String');
      if (key !== undefined) this.#use.keysWritten.add(this.#of(key).replaceAll(/^\w?['"]+|['"]+$/g, ''));
      const property = node.lastChild;
      if (property?.name === 'PropertyName') this.#use.attributesWritten.add(this.#of(property));
      this.#visitAll(children(node).filter(({ name }) => name !== 'PropertyName'));
      return;
    }
    if (node.name === 'TypeDef') this.visit(node);
    else for (const part of children(node)) this.#target(part);
  }

  /** Notes that the name at the beginning of `name.view(-1)[0]` has its value changed. */
  #change(node: SyntaxNode): void {
    let base: SyntaxNode | null = node;
    while (base !== null && (base.name === 'MemberExpression' || base.name === 'CallExpression')) {
      if (base !== node && base.lastChild?.name === 'PropertyName') {
        this.#use.attributesWritten.add(this.#of(base.lastChild));
      }
      base = base.firstChild;
    }
    if (base?.name === 'VariableName') this.#use.changes.add(this.#of(base));
  }

  #loop(node: SyntaxNode): void {
    let isTarget = false;
    for (const part of children(node)) {
      if (part.name === 'for') isTarget = true;
      else if (part.name === 'in') isTarget = false;
      else if (isTarget) this.#target(part);
      else this.visit(part);
    }
  }

  /** `with … as name:` and `except … as name:`. */
  #named(node: SyntaxNode): void {
    let isTarget = false;
    for (const part of children(node)) {
      if (part.name === 'as') isTarget = true;
      else if (isTarget) {
        this.#target(part);
        isTarget = false;
      } else this.visit(part);
    }
  }

  #call(node: SyntaxNode): void {
    const [callee, list] = children(node);
    if (callee === undefined) return;
    const path = this.#of(callee);
    this.#use.calls.add(path);
    this.visit(callee);
    if (callee.name === 'MemberExpression') {
      const method = path.slice(path.lastIndexOf('.') + 1);
      if (/[^_]_$/.test(method) || changingMethods.has(method)) this.#change(callee);
    }
    if (list === undefined) return;
    const names: string[] = [];
    this.#use.namedArguments.push({ callee: path, names });
    const parts = children(list);
    for (const [index, part] of parts.entries()) {
      // The word of `word=value` is no name of the code's.
      if (part.name === 'VariableName' && parts[index + 1]?.name === 'AssignOp') continue;
      if (part.name === 'VariableName') names.push(this.#of(part));
      this.visit(part);
    }
  }

  #member(node: SyntaxNode): void {
    const property = node.lastChild;
    if (property?.name === 'PropertyName') this.#use.attributesRead.add(this.#of(property));
    this.#visitAll(children(node).filter(({ name }) => name !== 'PropertyName'));
  }

  #function(node: SyntaxNode): void {
    const name = node.getChild('VariableName');
    if (node.name === 'FunctionDefinition' && name !== null) this.#use.binds.add(this.#of(name));
    const own = new Set<string>();
    const parameters = children(node.getChild('ParamList'));
    for (const [index, part] of parameters.entries()) {
      const isDefault = parameters[index - 1]?.name === 'AssignOp';
      if (isDefault || part.name === 'TypeDef') this.visit(part);
      else if (part.name === 'VariableName') own.add(this.#of(part));
    }
    for (const annotation of node.getChildren('TypeDef')) this.visit(annotation);
    const body = node.name === 'FunctionDefinition' ? node.getChild('Body') : node.lastChild;
    if (body !== null) this.#inner(body, own);
  }

  #class(node: SyntaxNode): void {
    const name = node.getChild('VariableName');
    if (name !== null) this.#use.binds.add(this.#of(name));
    this.#visitAll(children(node.getChild('ArgList')));
    const body = node.getChild('Body');
    if (body !== null) this.#inner(body, new Set());
  }

  /** Code whose names are its own, but for those it only reads. */
  #inner(body: SyntaxNode, own: Set<string>): void {
    const inner = noUse();
    new Walk(this.#text, inner).visit(body);
    const shared = new Set(globalsIn(body).map((name) => this.#of(name)));
    for (const name of [...inner.binds, ...inner.innerBinds]) {
      this.#use.innerBinds.add(name);
      if (shared.has(name)) this.#use.binds.add(name);
      else own.add(name);
    }
    for (const name of inner.reads) if (!own.has(name)) this.#use.reads.add(name);
    for (const name of inner.changes) {
      this.#use.innerBinds.add(name);
      if (!own.has(name)) this.#use.changes.add(name);
    }
    for (const name of inner.calls) this.#use.calls.add(name);
    for (const name of inner.attributesRead) this.#use.attributesRead.add(name);
    for (const name of inner.attributesWritten) this.#use.attributesWritten.add(name);
    for (const key of inner.keysWritten) this.#use.keysWritten.add(key);
  }

  #comprehension(node: SyntaxNode): void {
    const inner = noUse();
    const walk = new Walk(this.#text, inner);
    let isTarget = false;
    for (const part of children(node)) {
      if (part.name === 'for') isTarget = true;
      else if (part.name === 'in') isTarget = false;
      else if (isTarget) walk.#target(part);
      else walk.visit(part);
    }
    for (const name of inner.reads) if (!inner.binds.has(name)) this.#use.reads.add(name);
    for (const name of inner.calls) this.#use.calls.add(name);
    for (const name of inner.attributesRead) this.#use.attributesRead.add(name);
    this.#use.namedArguments.push(...inner.namedArguments);
  }

  #import(node: SyntaxNode): void {
    const parts = children(node);
    const from = parts.findIndex(({ name }) => name === 'import');
    const isFrom = parts[0]?.name === 'from';
    let expectsName = true;
    for (const [index, part] of parts.entries()) {
      if (index <= from) continue;
      if (part.name === ',') expectsName = true;
      else if (part.name === 'as') expectsName = true;
      else if (part.name === 'VariableName' && expectsName) {
        // Of `a.b as c` and `a as c`, only c is a name from then on.
        const isRenamed = renamedAt(parts, index, isFrom);
        if (!isRenamed) this.#use.binds.add(this.#of(part));
        expectsName = false;
      }
    }
  }
}

/** Whether the imported name at `index` gets another one by `as`. */
function renamedAt(parts: readonly SyntaxNode[], index: number, isFrom: boolean): boolean {
  let next = index + 1;
  while (!isFrom && parts[next]?.name === '.') next += 2;
  return parts[next]?.name === 'as';
}

export function children(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

function lastOfName(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return children(node).findLast((child) => child.name === name);
}

/** The names after `global` and `nonlocal`. */
function globalsIn(body: SyntaxNode): readonly SyntaxNode[] {
  return children(body).flatMap((child) =>
    child.name === 'ScopeStatement' ? child.getChildren('VariableName') : globalsIn(child),
  );
}
