import type { OpName } from '../ops/table';
import type { Tensor } from '../tensor/tensor';
import type { Graph, GraphOp } from './graph';
import type { Tape } from './tape';

/** A graph with storage for its values, ready to run. */
export interface PlannedGraph {
  readonly graph: Graph;
  readonly tape: Tape;
  /** By number of the value. */
  readonly tensors: readonly Tensor[];
}

/**
 * Plans a graph on a tape, in the tape's type: every value gets storage that stays, and where there is a loss, the walk back
 * from it is planned, too.
 * @param shared tensors to be used for values that come from outside, by name, instead of storage of their own: parameters of
 * another plan, for example.
 */
export function planGraph(graph: Graph, tape: Tape, shared: ReadonlyMap<string, Tensor> = new Map()): PlannedGraph {
  const tensors = new Array<Tensor>(graph.values.length);
  const place = (value: number, name: string) => {
    const { shape, type } = graph.values[value];
    tensors[value] = shared.get(name) ?? (type === 'float' ? tape.zeros(shape) : tape.indices(shape));
  };
  for (const { name, value } of [...graph.inputs, ...graph.parameters, ...graph.buffers]) place(value, name);
  if (graph.loss !== null) for (const { value } of graph.parameters) tape.track(tensors[value]);
  for (const { value, numbers } of graph.constants) {
    place(value, '');
    tensors[value].copyFrom(numbers);
  }
  for (const op of graph.ops) tensors[op.output] = applyTo(tape, op, tensors);
  if (graph.loss !== null) tape.planBackward(tensors[graph.loss]);
  return { graph, tape, tensors };
}

function applyTo<Name extends OpName>(tape: Tape, op: GraphOp<Name>, tensors: readonly Tensor[]): Tensor {
  return tape.apply(
    op.op,
    op.inputs.map((input) => tensors[input]),
    op.attributes,
  );
}
