import type { Graph } from '../graph/graph';
import { moments } from '../kernels/reference/moments';
import { type Network, NotFoundError } from '../programs/network';
import type { Flow, OpContribution, OpDescription, OpDetail, TensorSummary } from '../protocol/ops';

/** The ops of a network's forward pass, in their order. */
export function describeOps({ graph }: Network): OpDescription[] {
  const names = valueNames(graph);
  return graph.ops.map(({ op, inputs, output }) => ({
    op,
    inputs: inputs.map((input) => names[input]),
    output: names[output],
  }));
}

/**
 * One op's numbers.
 * @param hasWalkedBack whether the backward walk has come to it.
 * @throws NotFoundError for an op that is not there.
 */
export function opDetail(network: Network, step: number, op: number, hasWalkedBack: boolean): OpDetail {
  const { ops } = network.graph;
  const entry = ops[op];
  if (entry === undefined) {
    throw new NotFoundError(`There is no op ${op}: the program has ${ops.length}, counted from 0.`);
  }
  const names = valueNames(network.graph);
  return {
    step,
    op,
    inputs: entry.inputs.map((input) => summary(network, names, input)),
    output: summary(network, names, entry.output),
    contributions: hasWalkedBack ? contributionsOf(network, names, op) : [],
  };
}

/** Every tensor that an op reads or makes, inputs before what is made of them. */
export function flow(network: Network, step: number): Flow {
  const names = valueNames(network.graph);
  const used = new Set(network.graph.ops.flatMap(({ inputs, output }) => [...inputs, output]));
  return { step, tensors: Array.from(used, (value) => summary(network, names, value)) };
}

/** What an op passes back to its inputs. Its number is that of the tape's entry, since the graph is planned op by op. */
function contributionsOf({ graph, tape, tensors }: Network, names: readonly string[], op: number): OpContribution[] {
  const inputs = [...new Set(graph.ops[op].inputs)].filter((input) => tape.hasGradient(tensors[input]));
  return inputs.flatMap((input) => {
    const all = tape.contributionsTo(tensors[input]);
    return all.flatMap((contribution, index) =>
      contribution.entry === tape.entries[op]
        ? [
            {
              to: names[input],
              contribution: moments(contribution.gradient.values()),
              part: index + 1,
              parts: all.length,
            },
          ]
        : [],
    );
  });
}

/** What each value is called: by its own name where it has one, else by the op that makes it, or is the first to read it. */
function valueNames({ values, inputs, buffers, nodes, ops }: Graph): string[] {
  const names = new Array<string>(values.length).fill('');
  for (const { name, value } of [...inputs, ...buffers, ...nodes]) names[value] = name;
  for (const [index, { op, inputs: read, output }] of ops.entries()) {
    for (const input of read) names[input] ||= `input of ${op}#${index}`;
    names[output] ||= `${op}#${index}`;
  }
  return names;
}

function summary({ tape, tensors }: Network, names: readonly string[], value: number): TensorSummary {
  const tensor = tensors[value];
  return {
    name: names[value],
    shape: tensor.shape,
    value: moments(tensor.values()),
    gradient: tape.hasGradient(tensor) ? moments(tape.gradientOf(tensor).values()) : null,
  };
}
