import type { TapeEntry } from '../autograd/tape';
import { blockSize } from '../data/dataset';
import type { Vocabulary } from '../data/vocabulary';
import { type Network, NotFoundError } from '../programs/network';
import type { Blame } from '../protocol/answers';
import { elementCount, formatShape, type Shape, unravelIndex } from '../tensor/shape';
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

/** Row-major position of an element. */
function ravelIndex(index: readonly number[], shape: Shape): number {
  return index.reduce((position, at, dim) => position * shape[dim] + at, 0);
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
  return elementsRead(entry, index).flatMap(([input, at]) => {
    const name = input === network.contexts ? 'Xb' : input === network.targets ? 'Yb' : nameOf(network, input);
    if (name === undefined) return inputsOf(network, input, at);
    return [{ name, index: at, value: input.values()[ravelIndex(at, input.shape)] }];
  });
}

function nameOf({ nodes }: Network, tensor: Tensor): string | undefined {
  return nodes.find((node) => node.tensor === tensor)?.name;
}

type Element = readonly [Tensor, readonly number[]];

/** The elements of an op's inputs that one element of its output is computed from. */
function elementsRead({ op, inputs, output, saved }: TapeEntry, index: readonly number[]): readonly Element[] {
  const [first, second] = inputs;
  switch (op) {
    case 'view':
      return [[first, unravelIndex(ravelIndex(index, output.shape), first.shape)]];
    case 'transpose':
      return [[first, index.toReversed()]];
    case 'matmul':
    case 'linear': {
      const inner = Array.from({ length: first.shape[1] }, (_, k) => k);
      const [row, column] = index;
      return [
        ...inner.map((k): Element => [first, [row, k]]),
        ...inner.map((k): Element => [second, [k, column]]),
        ...inputs.slice(2).map((bias): Element => [bias, [column]]),
      ];
    }
    case 'sum':
    case 'mean':
    case 'variance':
    case 'logSoftmax':
      return reduced(first, output, index, op === 'logSoftmax');
    case 'rowMaximum':
      return [[first, [index[0], saved[0].values()[index[0]]]]];
    case 'index': {
      const at = index.slice(0, -1);
      const row = second.values()[ravelIndex(at, second.shape)];
      return [
        [second, at],
        [first, [row, index[index.length - 1]]],
      ];
    }
    case 'pick':
      return [
        [second, index],
        [first, [index[0], second.values()[index[0]]]],
      ];
    case 'rowArgmax':
    case 'batchNormBackward':
    case 'scatterPick':
    case 'putRows':
    case 'full':
      return [];
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'addScalar':
    case 'multiplyScalar':
    case 'divideScalar':
    case 'power':
    case 'negate':
    case 'exp':
    case 'log':
    case 'tanh':
    case 'sqrt':
    case 'clone':
    case 'expand':
    case 'batchNorm':
    case 'tanhBackward':
      return inputs.map((input): Element => [input, broadcastIndex(index, input.shape)]);
    default:
      return op satisfies never;
  }
}

/** The elements that are summed into one: those that agree with it wherever the axis was not summed. */
function reduced(input: Tensor, output: Tensor, index: readonly number[], isWholeRow: boolean): readonly Element[] {
  const last = input.shape.length - 1;
  const isKept = output.shape.length === input.shape.length;
  const elements: Element[] = [];
  for (let position = 0; position < elementCount(input.shape); position++) {
    const at = unravelIndex(position, input.shape);
    const agrees = isKept && at.every((place, dim) => isSummed(dim) || place === index[dim]);
    if (output.elements === 1 || agrees) elements.push([input, at]);
  }
  return elements;

  function isSummed(dim: number): boolean {
    return isWholeRow ? dim === last : output.shape[dim] === 1 && input.shape[dim] !== 1;
  }
}

/** Where an element comes from in an input that was broadcast. */
function broadcastIndex(index: readonly number[], shape: Shape): number[] {
  const lead = index.length - shape.length;
  return shape.map((size, dim) => (size === 1 ? 0 : index[dim + lead]));
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
