import type { TapeEntry } from '../graph/tape';
import { moments } from '../kernels/reference/moments';
import { type Network, NotFoundError } from '../programs/network';
import type { Flow, OpContribution, OpDescription, OpDetail, TensorSummary } from '../protocol/ops';
import type { Tensor } from '../tensor/tensor';

/** The ops of a network's forward pass, in their order. */
export function describeOps(network: Network): OpDescription[] {
  const names = tensorNames(network);
  return network.tape.entries.map(({ op, inputs, output }) => ({
    op,
    inputs: inputs.map((input) => nameOf(names, input)),
    output: nameOf(names, output),
  }));
}

/**
 * One op's numbers.
 * @param hasWalkedBack whether the backward walk has come to it.
 * @throws NotFoundError for an op that is not there.
 */
export function opDetail(network: Network, step: number, op: number, hasWalkedBack: boolean): OpDetail {
  const entry = network.tape.entries[op];
  if (entry === undefined) {
    throw new NotFoundError(`There is no op ${op}: the program has ${network.tape.entries.length}, counted from 0.`);
  }
  const names = tensorNames(network);
  return {
    step,
    op,
    inputs: entry.inputs.map((input) => summary(network, names, input)),
    output: summary(network, names, entry.output),
    contributions: hasWalkedBack ? contributionsOf(network, names, entry) : [],
  };
}

/** Every tensor that an op reads or makes. */
export function flow(network: Network, step: number): Flow {
  const names = tensorNames(network);
  return { step, tensors: [...names.keys()].map((tensor) => summary(network, names, tensor)) };
}

function contributionsOf(network: Network, names: Names, entry: TapeEntry): OpContribution[] {
  const inputs = [...new Set(entry.inputs)].filter((input) => network.tape.hasGradient(input));
  return inputs.flatMap((input) => {
    const all = network.tape.contributionsTo(input);
    return all.flatMap((contribution, index) =>
      contribution.entry === entry
        ? [
            {
              to: nameOf(names, input),
              contribution: moments(contribution.gradient.values()),
              part: index + 1,
              parts: all.length,
            },
          ]
        : [],
    );
  });
}

type Names = ReadonlyMap<Tensor, string>;

const nameOf = (names: Names, tensor: Tensor) => names.get(tensor) ?? '';

/** Every tensor of the tape with its name, inputs before what is made of them. */
function tensorNames({ nodes, contexts, targets, tape }: Network): Names {
  const names = new Map<Tensor, string>();
  const known = new Map<Tensor, string>(nodes.map(({ tensor, name }) => [tensor, name]));
  known.set(contexts, 'Xb').set(targets, 'Yb');
  for (const [index, { op, inputs, output }] of tape.entries.entries()) {
    for (const input of inputs) if (!names.has(input)) names.set(input, known.get(input) ?? `input of ${op}#${index}`);
    names.set(output, known.get(output) ?? `${op}#${index}`);
  }
  return names;
}

function summary({ tape }: Network, names: Names, tensor: Tensor): TensorSummary {
  return {
    name: nameOf(names, tensor),
    shape: tensor.shape,
    value: moments(tensor.values()),
    gradient: tape.hasGradient(tensor) ? moments(tape.gradientOf(tensor).values()) : null,
  };
}
