import { numberToJson } from '../ops/attributes';
import { type OpAttributes, type OpName, ops } from '../ops/table';
import type { NodeKind } from '../protocol/answers';
import { formatShape, type Shape } from '../tensor/shape';

/** What a value's numbers are; `float` is the type that the graph is planned in. */
export type ValueType = 'float' | 'int64';

/** What an op gives. */
export const valueTypeOf = (op: OpName): ValueType => (ops[op].result === undefined ? 'float' : 'int64');

/** A tensor of the computation; others name it by its place in `Graph.values`. */
export interface GraphValue {
  readonly shape: Shape;
  readonly type: ValueType;
}

/** A value that comes from outside: an input, a parameter, a buffer. */
export interface NamedValue {
  readonly name: string;
  readonly value: number;
}

/** A value that is the same at every step, row-major. */
export interface GraphConstant {
  readonly value: number;
  readonly numbers: readonly number[];
}

/** Where an op was written. */
interface Source {
  /** Counted from 1. */
  readonly line: number;
}

/** One use of an op of the table. */
export interface GraphOp<Name extends OpName = OpName> {
  readonly op: Name;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly attributes: OpAttributes[Name];
  /** Null where it is of no text. */
  readonly source: Source | null;
}

/** A value with a name. */
export interface GraphNode {
  readonly name: string;
  readonly kind: NodeKind;
  /** Heading it stands under in lists. */
  readonly group: string;
  /** The forward line that makes it; empty for parameters. */
  readonly formula: string;
  readonly value: number;
  /** Its number and heading among the layers whose activations are watched; null where it is none. */
  readonly layer: { readonly index: number; readonly label: string } | null;
}

/** A batch norm: what it normalises by, and what it keeps for predicting. Values of [1, features] each. */
export interface Normalisation {
  /** The node that is its output. */
  readonly node: string;
  readonly batchMean: number;
  readonly batchVariance: number;
  readonly runningMean: number;
  readonly runningVariance: number;
  /**
   * After each training step, running = (1 − momentum) · running + momentum · batch; null where they are measured over the
   * training set before predicting.
   */
  readonly momentum: number | null;
}

/**
 * One iteration's computation as a value: plain data, which can be sent, kept, compared, planned and run. Everything refers to
 * values by number.
 */
export interface Graph {
  readonly version: typeof graphVersion;
  readonly values: readonly GraphValue[];
  /** What changes from step to step: the minibatch. */
  readonly inputs: readonly NamedValue[];
  /** Trained, in the order of the program's list of parameters. */
  readonly parameters: readonly NamedValue[];
  /** What is kept and not trained. */
  readonly buffers: readonly NamedValue[];
  readonly constants: readonly GraphConstant[];
  /** In the order in which they run. */
  readonly ops: readonly GraphOp[];
  /** In forward order. */
  readonly nodes: readonly GraphNode[];
  readonly normalisations: readonly Normalisation[];
  /** The one number whose gradient is walked back; null for a graph that only predicts. */
  readonly loss: number | null;
  /** What the graph is asked for besides, by name: "logits" of one that predicts. */
  readonly outputs: readonly NamedValue[];
}

/** Of the form that `Graph` has; a file of another is refused. */
export const graphVersion = 1;

/**
 * The graph as JSON can say it, for `JSON.stringify`: of its numbers those that are not finite, and −0, are texts, which
 * `readGraph` reads. Keys come in one order, so that equal graphs are equal texts.
 */
export function toJson(graph: Graph): unknown {
  return sayable(graph);
}

function sayable(value: unknown): unknown {
  if (typeof value === 'number') return numberToJson(value);
  if (Array.isArray(value)) return value.map(sayable);
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(parts.map(([key, part]) => [key, sayable(part)]));
}

/**
 * Where two graphs first compute otherwise, in words; null where they compute the same.
 * What things are called makes no difference.
 */
export function firstDifference(a: Graph, b: Graph): string | null {
  for (const part of ['inputs', 'parameters', 'buffers'] as const) {
    const [own, other] = [a, b].map((graph) =>
      graph[part].map(({ name, value }) => ({ name, ...graph.values[value] })),
    );
    if (!isSame(own, other)) return `its ${part} are others`;
  }
  for (let index = 0; index < Math.max(a.ops.length, b.ops.length); index++) {
    const [own, other] = [describeOp(a, index), describeOp(b, index)];
    if (own !== other) return `op ${index} is ${own}, not ${other}`;
  }
  const rest = ({ constants, normalisations, loss, outputs }: Graph) => ({ constants, normalisations, loss, outputs });
  return isSame(rest(a), rest(b)) ? null : 'what it gives is another';
}

const textOf = (part: unknown) => JSON.stringify(sayable(part));
const isSame = (a: unknown, b: unknown) => textOf(a) === textOf(b);

function describeOp({ ops, values }: Graph, index: number): string {
  const entry = ops[index];
  if (entry === undefined) return 'none';
  const { op, inputs, output, attributes } = entry;
  const read = inputs.map((input) => `${input} ${formatShape(values[input].shape)}`).join(', ');
  return `${op}(${read}) ${textOf(attributes)} → ${output} ${formatShape(values[output].shape)}`;
}
