import * as v from 'valibot';
import { mostDimensions, number } from '../ops/attributes';
import { type OpName, ops } from '../ops/table';
import { elementCount, formatShape, type Shape, ShapeError, sameShape } from '../tensor/shape';
import { type Graph, type GraphOp, graphVersion, valueTypeOf } from './graph';

/** A graph that is none: what is wrong with it, and where. */
export class GraphError extends Error {
  override name = 'GraphError';
}

const mostValues = 100_000;
/** As many float64 numbers fit into the memory of an engine. */
const mostElements = 2 ** 29;
const longestName = 256;
const longestText = 2000;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(longestName));
const text = v.pipe(v.string(), v.maxLength(longestText));
/** Of a value, by its place. */
const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(mostValues));
const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.maxLength(mostValues));
const shape = v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), v.maxLength(mostDimensions));
const named = v.strictObject({ name, value: place });

const schema = v.strictObject({
  version: v.literal(graphVersion),
  values: list(v.strictObject({ shape, type: v.picklist(['float', 'int64']) })),
  inputs: list(named),
  parameters: list(named),
  buffers: list(named),
  constants: list(v.strictObject({ value: place, numbers: v.array(number) })),
  ops: list(
    v.strictObject({
      op: v.picklist(Object.keys(ops) as OpName[]),
      inputs: list(place),
      output: place,
      // What they must be, each op says.
      attributes: v.unknown(),
      source: v.nullable(v.strictObject({ line: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })),
    }),
  ),
  nodes: list(
    v.strictObject({
      name,
      kind: v.picklist(['parameter', 'intermediate', 'loss']),
      group: text,
      formula: text,
      value: place,
      layer: v.nullable(v.strictObject({ index: place, label: text })),
    }),
  ),
  normalisations: list(
    v.strictObject({
      node: name,
      batchMean: place,
      batchVariance: place,
      runningMean: place,
      runningVariance: place,
      momentum: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    }),
  ),
  loss: v.nullable(place),
  outputs: list(named),
});

/**
 * A graph from data of others, as `toJson` gives it: every part of the form it has to have, every value made once and before
 * it is read, every shape and type what the op gives.
 * @throws GraphError saying which part is not so.
 */
export function readGraph(data: unknown): Graph {
  const parsed = v.safeParse(schema, data);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new GraphError(`The graph is not valid at ${v.getDotPath(issue) ?? 'its beginning'}: ${issue.message}`);
  }
  const graph = { ...parsed.output, ops: parsed.output.ops.map(readOp) };
  requireSizes(graph);
  requireOrder(graph);
  requireUniqueNames(graph);
  requireResults(graph);
  return graph;
}

/** An op as the schema of every op has it. */
type AnyOp = Omit<GraphOp, 'attributes'> & { readonly attributes: unknown };

/** The same with attributes as its own schema has them. @throws GraphError naming op and attribute. */
function readOp(op: AnyOp, index: number): GraphOp {
  const schema: v.GenericSchema<unknown, GraphOp['attributes']> = ops[op.op].attributes;
  const parsed = v.safeParse(schema, op.attributes);
  if (parsed.success) return { ...op, attributes: parsed.output };
  const [issue] = parsed.issues;
  const attribute = v.getDotPath(issue);
  const where = attribute === null ? 'its attributes' : `its attribute '${attribute}'`;
  throw new GraphError(`Op ${index} (${op.op}) is not valid at ${where}: ${issue.message}`);
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

/** Every op gives a value of the shape and type that it is said to have. */
function requireResults(graph: Graph): void {
  for (const [index, op] of graph.ops.entries()) {
    const what = `Op ${index} (${op.op})`;
    const { shape: given, type } = graph.values[op.output];
    const own = shapeOf(graph, op, what);
    if (!sameShape(own, given)) throw new GraphError(`${what} gives ${formatShape(own)}, not ${formatShape(given)}.`);
    if (type !== valueTypeOf(op.op))
      throw new GraphError(`${what} gives numbers of type ${valueTypeOf(op.op)}, not ${type}.`);
  }
}

function shapeOf<Name extends OpName>(graph: Graph, { op, inputs, attributes }: GraphOp<Name>, what: string): Shape {
  const shapes = inputs.map((input) => graph.values[input].shape);
  try {
    const own = ops[op].shape(shapes, attributes);
    // One that is made of the input's, which is not there.
    if (own === undefined) throw new TypeError('There is no shape.');
    return own;
  } catch (error) {
    const why = error instanceof ShapeError ? error.message : `it cannot be of ${shapes.length} values of such shapes.`;
    throw new GraphError(`${what}: ${why}`, { cause: error });
  }
}
