import * as v from 'valibot';
import { type OpAttributes, type OpName, ops } from '../ops/table';
import { elementCount, formatShape, type Shape, ShapeError, sameShape } from '../tensor/shape';
import { type Graph, type GraphOp, graphVersion } from './graph';

/** A graph that is none: what is wrong with it, and where. */
export class GraphError extends Error {
  override name = 'GraphError';
}

const mostValues = 100_000;
const mostDimensions = 16;
/** As many float64 numbers fit into the memory of an engine. */
const mostElements = 2 ** 29;
const longestName = 256;
const longestText = 2000;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(longestName));
const text = v.pipe(v.string(), v.maxLength(longestText));
const number = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(mostValues));
const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.maxLength(mostValues));
const shape = v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), v.maxLength(mostDimensions));
const named = v.strictObject({ name, value: number });
const plain = v.union([v.number(), v.boolean(), v.null(), text]);
const attributes = v.record(name, v.union([plain, list(v.union([plain, list(plain)]))]));

const schema = v.strictObject({
  version: v.literal(graphVersion),
  values: list(v.strictObject({ shape, type: v.picklist(['float', 'int64']) })),
  inputs: list(named),
  parameters: list(named),
  buffers: list(named),
  constants: list(v.strictObject({ value: number, numbers: v.array(v.number()) })),
  ops: list(
    v.strictObject({
      op: v.picklist(Object.keys(ops) as OpName[]),
      inputs: list(number),
      output: number,
      attributes,
      source: v.nullable(v.strictObject({ line: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })),
    }),
  ),
  nodes: list(
    v.strictObject({
      name,
      kind: v.picklist(['parameter', 'intermediate', 'loss']),
      group: text,
      formula: text,
      value: number,
      layer: v.nullable(v.strictObject({ index: number, label: text })),
    }),
  ),
  normalisations: list(
    v.strictObject({
      node: name,
      batchMean: number,
      batchVariance: number,
      runningMean: number,
      runningVariance: number,
      momentum: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    }),
  ),
  loss: v.nullable(number),
  outputs: list(named),
});

/**
 * A graph from data of others: every part of the form it has to have, every value made once and before it is read, every shape
 * what the op gives.
 * @throws GraphError saying which part is not so.
 */
export function readGraph(data: unknown): Graph {
  const parsed = v.safeParse(schema, data);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new GraphError(`The graph is not valid at ${v.getDotPath(issue) ?? 'its beginning'}: ${issue.message}`);
  }
  // What the attributes of each op must be, `requireShapes` asks the ops.
  const graph = parsed.output as unknown as Graph;
  requireSizes(graph);
  requireOrder(graph);
  requireUniqueNames(graph);
  requireShapes(graph);
  return graph;
}

function requireSizes({ values, constants }: Graph): void {
  for (const [index, value] of values.entries()) {
    if (elementCount(value.shape) > mostElements) {
      throw new GraphError(
        `Value ${index} of shape ${formatShape(value.shape)} has more than ${mostElements} elements.`,
      );
    }
  }
  for (const { value, numbers } of constants) {
    if (values[value] !== undefined && numbers.length !== elementCount(values[value].shape)) {
      throw new GraphError(
        `The constant ${value} has ${numbers.length} numbers, which do not fill ${formatShape(values[value].shape)}.`,
      );
    }
  }
}

/** Every value is made once, and before anything reads it. */
function requireOrder(graph: Graph): void {
  const made = new Set<number>();
  const make = (value: number, what: string) => {
    if (graph.values[value] === undefined) throw new GraphError(`${what} is value ${value}, which there is none of.`);
    if (made.has(value)) throw new GraphError(`${what} makes value ${value}, which is made already.`);
    made.add(value);
  };
  const read = (value: number, what: string) => {
    if (!made.has(value)) throw new GraphError(`${what} reads value ${value}, which is not made before it.`);
  };
  for (const { name: own, value } of [...graph.inputs, ...graph.parameters, ...graph.buffers]) make(value, `'${own}'`);
  for (const { value } of graph.constants) make(value, 'A constant');
  for (const [index, { op, inputs, output }] of graph.ops.entries()) {
    for (const input of inputs) read(input, `Op ${index} (${op})`);
    make(output, `Op ${index} (${op})`);
  }
  for (const { name: own, value } of [...graph.nodes, ...graph.outputs]) read(value, `'${own}'`);
  for (const { node, batchMean, batchVariance, runningMean, runningVariance } of graph.normalisations) {
    for (const value of [batchMean, batchVariance, runningMean, runningVariance]) read(value, `The norm of '${node}'`);
  }
  if (graph.loss === null) return;
  read(graph.loss, 'The loss');
  if (elementCount(graph.values[graph.loss].shape) !== 1) {
    throw new GraphError(`The loss must be one number, not ${formatShape(graph.values[graph.loss].shape)}.`);
  }
}

function requireUniqueNames({ inputs, parameters, buffers, nodes, normalisations }: Graph): void {
  for (const group of [[...inputs, ...parameters, ...buffers], nodes]) {
    const names = new Set<string>();
    for (const { name: own } of group) {
      if (names.has(own)) throw new GraphError(`There are two of the name '${own}'.`);
      names.add(own);
    }
  }
  for (const { node } of normalisations) {
    if (!nodes.some(({ name: own }) => own === node)) throw new GraphError(`There is no node '${node}'.`);
  }
}

function requireShapes(graph: Graph): void {
  for (const [index, op] of graph.ops.entries()) {
    const given = graph.values[op.output].shape;
    const own = shapeOf(graph, op, `Op ${index} (${op.op})`);
    if (!sameShape(own, given)) {
      throw new GraphError(`Op ${index} (${op.op}) gives ${formatShape(own)}, not ${formatShape(given)}.`);
    }
  }
}

function shapeOf<Name extends OpName>(
  graph: Graph,
  { op, inputs, attributes: own }: GraphOp<Name>,
  what: string,
): Shape {
  try {
    return ops[op].shape(
      inputs.map((input) => graph.values[input].shape),
      own as OpAttributes[Name],
    );
  } catch (error) {
    throw new GraphError(`${what}: ${error instanceof ShapeError ? error.message : 'its attributes do not fit.'}`, {
      cause: error,
    });
  }
}
