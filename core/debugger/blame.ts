import type { TapeEntry } from '../autograd/tape';
import { blockSize } from '../data/dataset';
import type { Vocabulary } from '../data/vocabulary';
import { ravelIndex } from '../ops/reads';
import { readsOf } from '../ops/table';
import { type Network, NotFoundError } from '../programs/network';
import type { Blame } from '../protocol/answers';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** Whose element is asked about, and what the code gave for it. */
export interface BlameRequest {
  readonly network: Network;
  readonly vocabulary: Vocabulary;
  readonly node: string;
  readonly index: readonly number[];
  /** The manual gradient, row-major; null where there is none of the node's shape. */
  readonly manual: ArrayLike<number> | null;
}

/** A matrix product reads whole rows and columns: of an element's inputs the first ones are told. */
const mostInputs = 64;

/**
 * The chain behind one element of a node: the forward elements it was computed from, and what each use of it passes back,
 * which add up, in this order and in the run's precision, to autograd's gradient.
 * @throws NotFoundError for an unknown node, or an index outside it.
 */
export function blame({ network, vocabulary, node: name, index, manual }: BlameRequest): Blame {
  const { tensor } = network.node(name);
  if (index.length !== tensor.shape.length || index.some((at, dim) => at >= tensor.shape[dim])) {
    throw new NotFoundError(`${name} has shape ${formatShape(tensor.shape)}: there is no [${index.join(', ')}] in it.`);
  }
  const position = ravelIndex(index, tensor.shape);
  return {
    node: name,
    index,
    value: tensor.values()[position],
    autograd: network.tape.gradientOf(tensor).values()[position],
    manual: manual?.[position] ?? null,
    inputs: inputsOf(network, tensor, index).slice(0, mostInputs),
    paths: network.tape.contributionsTo(tensor).map(({ entry, gradient }) => ({
      from: nodeBehind(network, entry),
      op: entry.op,
      contribution: gradient.values()[position],
    })),
    token: tokenOf(network, vocabulary, name, index),
  };
}

/** The node that an op's result is, or is computed into by further ops. */
function nodeBehind(network: Network, entry: TapeEntry): string {
  const named = network.nodes.find(({ tensor }) => tensor === entry.output);
  if (named !== undefined) return named.name;
  const next = network.tape.entries.find(({ inputs }) => inputs.includes(entry.output));
  return next === undefined ? entry.op : nodeBehind(network, next);
}

/** The named elements from which one element is computed, through however many ops without a name. */
function inputsOf(network: Network, tensor: Tensor, index: readonly number[]): Blame['inputs'] {
  const entry = network.tape.entries.find(({ output }) => output === tensor);
  if (entry === undefined) return [];
  return readsOf(entry, index).flatMap(([input, at]) => {
    const name = input === network.contexts ? 'Xb' : input === network.targets ? 'Yb' : nameOf(network, input);
    if (name === undefined) return inputsOf(network, input, at);
    return [{ name, index: at, value: input.values()[ravelIndex(at, input.shape)] }];
  });
}

function nameOf({ nodes }: Network, tensor: Tensor): string | undefined {
  return nodes.find((node) => node.tensor === tensor)?.name;
}

/** The nodes whose last axis runs over tokens. */
const overTokens = new Set(['logits', 'norm_logits', 'counts', 'probs', 'logprobs', 'W2', 'b2']);

/**
 * The token an element belongs to: the one its column stands for, else the one to predict, after the context it is
 * predicted from: "e after .em, row 12". Null for what belongs to none, such as a hidden unit's weight.
 */
function tokenOf(
  { contexts, targets, nodes }: Network,
  { labels }: Vocabulary,
  name: string,
  index: readonly number[],
): string | null {
  const { kind, shape } = nodes.find((node) => node.name === name) ?? {};
  if (name === 'C') return labels[index[0]];
  const isOverTokens = overTokens.has(name);
  const column = isOverTokens ? labels[index[index.length - 1]] : null;
  if (kind === 'parameter' || shape?.[0] !== targets.elements) return column;
  const [row] = index;
  const context = contexts.values().slice(row * blockSize, (row + 1) * blockSize);
  const text = Array.from(context, (token) => labels[token]).join('');
  if (name === 'emb') return `${labels[context[index[1]]]}, place ${index[1] + 1} of ${text}, row ${row}`;
  return `${column ?? labels[targets.values()[row]]} after ${text}, row ${row}`;
}
