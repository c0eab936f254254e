import type { FloatType } from '../tensor/arena';
import type { LabInputs, LabNode, NotebookInputs } from './lab-inputs';
import type { Given } from './runner';

const contextLength = 3;

/** What the code sees besides tensors, by the notebook's names. */
export function numbersOf({ n, vocabularySize }: NotebookInputs): Readonly<Record<string, number>> {
  return { n, vocab_size: vocabularySize };
}

/** The minibatch: `Xb` and `Yb`. */
export function batchOf({ n, contexts, targets }: NotebookInputs): readonly Given[] {
  return [
    { name: 'Xb', type: 'int64', shape: [n, contextLength], values: contexts },
    { name: 'Yb', type: 'int64', shape: [n], values: targets },
  ];
}

/** Every forward value, and the minibatch. */
export function scopeOf(inputs: LabInputs, dtype: FloatType): readonly Given[] {
  const values = ({ value, doubleValue }: LabNode) => (dtype === 'float32' ? value : doubleValue);
  return [
    ...batchOf(inputs),
    ...inputs.nodes.map((node) => ({ name: node.name, type: dtype, shape: node.shape, values: values(node) })),
  ];
}

/** Every node's forward line's right side; empty for parameters. */
export function forwardLines({ nodes }: LabInputs): Readonly<Record<string, string>> {
  return Object.fromEntries(nodes.map(({ name, formula }) => [name, formula.slice(formula.indexOf('=') + 1).trim()]));
}
