import { type OpSpace, runOp } from '../ops/plan-op';
import type { OpName } from '../ops/table';
import type { Tensor } from '../tensor/tensor';
import type { Graph, GraphOp } from './graph';

/**
 * Computes a graph once, op by op, with nothing planned.
 * @param given the values that come from outside, by name.
 * @returns the tensors, by number of the value.
 * @throws ReferenceError for one that is not given.
 */
export function runGraph(graph: Graph, given: ReadonlyMap<string, Tensor>, space: OpSpace): readonly Tensor[] {
  const tensors = new Array<Tensor>(graph.values.length);
  for (const { name, value } of [...graph.inputs, ...graph.parameters, ...graph.buffers]) {
    const tensor = given.get(name);
    if (tensor === undefined) throw new ReferenceError(`runGraph: '${name}' is not given.`);
    tensors[value] = tensor;
  }
  for (const { value, numbers } of graph.constants) {
    const { shape, type } = graph.values[value];
    tensors[value] = type === 'float' ? space.newTensor(shape) : space.newIndices(shape);
    tensors[value].copyFrom(numbers);
  }
  for (const op of graph.ops) tensors[op.output] = runOne(op, tensors, space);
  return tensors;
}

function runOne<Name extends OpName>(op: GraphOp<Name>, tensors: readonly Tensor[], space: OpSpace): Tensor {
  return runOp(
    op.op,
    op.inputs.map((input) => tensors[input]),
    op.attributes,
    space,
  );
}
