import type { GivenNames } from './given-names';
import type { NameUse } from './python-names';
import type { Statement } from './statements';

/** Why a statement is not run: what it does is no part of a backward pass, or the lab has done it. */
export type LeftOut = 'trains' | 'reads a file' | 'makes what the lab has';

const training = /(?:^|\.)(?:step|zero_grad|retain_grad|requires_grad_)$/;
const trainingAttributes = ['data', 'grad', 'requires_grad', 'training'];
const files =
  /^(?:open|files\.|drive\.|requests\.|urllib\.|Path\b)|\.(?:read_csv|read_text|load|save|savetxt|loadtxt|urlretrieve|urlopen|load_state_dict)$/;
const drawing = /^(?:plt|pyplot|matplotlib|sns|fig\w*|axe?s?\d*|display|graphviz|dot|draw_dot|make_dot|Image)\b/;
const random = /(?:^|\.)(?:randn|rand|randint|randperm|normal|normal_|uniform_|multinomial|shuffle|kaiming_normal_)$/;

const some = (calls: ReadonlySet<string>, pattern: RegExp) => [...calls].some((call) => pattern.test(call));

/** Whether it runs autograd or changes parameters. */
export function trains({ calls, attributesWritten, changes }: NameUse, { forward }: GivenNames): boolean {
  if (some(calls, training) || trainingAttributes.some((name) => attributesWritten.has(name))) return true;
  return [...changes].some((name) => forward.has(name));
}

/** Whether it defines a function or a class. */
export function isDefinition({ kind }: Pick<Statement, 'kind'>): boolean {
  return kind === 'FunctionDefinition' || kind === 'ClassDefinition' || kind === 'DecoratedStatement';
}

/** Whether it is a loop that makes steps of training, or goes through minibatches. */
export function isTrainingLoop({ kind, use }: Statement, given: GivenNames): boolean {
  const isLoop = kind === 'ForStatement' || kind === 'WhileStatement';
  return isLoop && (trains(use, given) || (some(use.calls, random) && use.binds.has('loss')));
}

export function readsFile({ calls }: NameUse): boolean {
  return some(calls, files);
}

export function draws({ calls }: NameUse): boolean {
  return some(calls, drawing);
}

export function drawsLots({ calls }: NameUse): boolean {
  return some(calls, random);
}

/** Why a statement that holds no training loop cannot stay; null where it can. */
export function reasonToLeaveOut({ kind, use }: Statement, given: GivenNames): LeftOut | null {
  if (trains(use, given)) return 'trains';
  if (isDefinition({ kind })) return null;
  if (readsFile(use)) return 'reads a file';
  const written = [...use.binds];
  const isGiven = (name: string) => given.forward.has(name) || given.others.has(name);
  const isMaking = kind === 'AssignStatement' && written.length > 0 && written.every(isGiven);
  return isMaking ? 'makes what the lab has' : null;
}

/**
 * Where a statement defines a function that compares as the notebook's `cmp(label, gradient, node)` does, its name: the
 * lab's own is as good, and knows more. Null for all others.
 */
export function nameOfCmp({ text }: Statement): string | null {
  const [, name, node] = /^def\s+(\w+)\s*\(\s*\w+[^,)]*,\s*\w+[^,)]*,\s*(\w+)[^,)]*\)/.exec(text) ?? [];
  return name !== undefined && text.includes(`${node}.grad`) ? name : null;
}
