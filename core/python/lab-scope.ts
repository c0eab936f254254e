import type { FloatType } from '../tensor/arena';
import { elementCount, type Shape } from '../tensor/shape';
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

/** Autograd's gradients in float64, for a corrected run. */
export function gradientsOf({ nodes, comparedNodes }: LabInputs): readonly Given[] {
  return nodes
    .filter(({ name }) => comparedNodes.includes(name))
    .map(({ name, shape, doubleGradient }) => ({ name, type: 'float64', shape, values: doubleGradient }));
}

/** Every node's forward line's right side; empty for parameters. */
export function forwardLines({ nodes }: LabInputs): Readonly<Record<string, string>> {
  return Object.fromEntries(nodes.map(({ name, formula }) => [name, formula.slice(formula.indexOf('=') + 1).trim()]));
}

/** How many examples more there are elsewhere: enough that n − 1 is no number by which nothing changes. */
const moreExamples = 3;

/**
 * Another batch that no network gave: more examples, and other numbers of the same signs. A formula that is broken gives
 * another gradient here, unless the break is none at all.
 */
export function elsewhere(inputs: LabInputs): LabInputs {
  const n = inputs.n + moreExamples;
  const random = pseudoRandom();
  const another = (values: Float64Array, shape: Shape) =>
    Float64Array.from({ length: elementCount(shape) }, (_, index) => {
      const value = values[index % values.length];
      return value === 0 ? random() : value * (0.5 + random());
    });
  const repeated = (values: Int32Array, length: number) =>
    Int32Array.from({ length }, (_, index) => values[index % values.length]);
  return {
    ...inputs,
    n,
    contexts: repeated(inputs.contexts, n * contextLength),
    targets: repeated(inputs.targets, n),
    examples: repeated(inputs.examples, n),
    nodes: inputs.nodes.map((node) => {
      const isParameter = node.formula === '';
      const shape = !isParameter && node.shape[0] === inputs.n ? [n, ...node.shape.slice(1)] : node.shape;
      const doubleValue = another(node.doubleValue, shape);
      const doubleGradient = another(node.doubleGradient, shape);
      return { ...node, shape, doubleValue, doubleGradient };
    }),
  };
}

/** Numbers in [0, 1), the same ones every time: a minimal standard generator (Park and Miller). */
function pseudoRandom(): () => number {
  let state = 42;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
