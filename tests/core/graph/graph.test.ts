import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference, type Graph, toJson } from '../../../core/graph/graph';
import { planGraph } from '../../../core/graph/plan';
import { GraphError, readGraph } from '../../../core/graph/read-graph';
import { GraphRecorder, type GraphTensor } from '../../../core/graph/recorder';
import { runGraph } from '../../../core/graph/run-graph';
import type { OpSpace } from '../../../core/ops/plan-op';
import type { Network } from '../../../core/programs/network';
import { buildNetwork } from '../../../core/programs/registry';
import { defaultSettings, type Settings } from '../../../core/programs/settings';
import { TorchGenerator } from '../../../core/tensor/generators/torch-generator';
import { type Shape, ShapeError } from '../../../core/tensor/shape';
import { Tensor } from '../../../core/tensor/tensor';
import { mutatedValue, randomOf } from '../../fuzz/mutate';
import { newArena, newTape, referenceSpace } from '../engine';
import { bitsOf } from '../sessions';

const small = { batchSize: 4, hiddenSize: 3, depth: 2 } as const;
const programs: readonly (readonly [string, Settings])[] = [
  ['decomposed-mlp', { ...defaultSettings('decomposed-mlp'), ...small }],
  ['deep-stack', { ...defaultSettings('deep-stack'), ...small }],
  ['deep-stack with batch norm', { ...defaultSettings('deep-stack'), ...small, batchNorm: true }],
];
const vocabularySize = 5;

/** A program with first values, on a minibatch, computed. */
function computed(settings: Settings): Network {
  const network = buildNetwork(newTape(), settings, vocabularySize);
  network.initialise(new TorchGenerator(42));
  network.contexts.copyFrom(Array.from({ length: network.contexts.elements }, (_, i) => (i * 3) % vocabularySize));
  network.targets.copyFrom(Array.from({ length: network.targets.elements }, (_, i) => (i * 2) % vocabularySize));
  network.tape.forward();
  network.tape.backward();
  return network;
}

/** Where ops are computed at once, in float32. */
function newOpSpace(): OpSpace {
  const arena = newArena();
  const float = (shape: Shape) => Tensor.zeros(arena, 'float32', shape);
  const whole = (shape: Shape) => Tensor.zeros(arena, 'int32', shape);
  return {
    kernels: referenceSpace.kernels,
    output: (type, shape) => (type === undefined ? float(shape) : whole(shape)),
    newTensor: float,
    newIndices: whole,
    temporary: float,
  };
}

const throughJson = (graph: Graph): Graph => readGraph(JSON.parse(JSON.stringify(toJson(graph))));

describe.each(programs)('the graph of %s', (_, settings) => {
  const network = computed(settings);
  const { graph } = network;
  const given = new Map<string, Tensor>([...network.kept, ['Xb', network.contexts], ['Yb', network.targets]]);

  it('is plain data: written and read again it is the same', () => {
    expect(throughJson(graph)).toEqual(graph);
    expect(firstDifference(throughJson(graph), graph)).toBeNull();
  });

  it('planned anew gives the same values and gradients, to the bit', () => {
    const { tape, tensors } = planGraph(throughJson(graph), newTape(), given);
    tape.forward();
    tape.backward();
    for (const { name, value } of graph.nodes) {
      const { tensor } = network.node(name);
      expect(bitsOf(tensors[value]!.values()), name).toEqual(bitsOf(tensor.values()));
      const [own, other] = [tape.gradientOf(tensors[value]!), network.tape.gradientOf(tensor)];
      expect(bitsOf(own.values()), `d${name}`).toEqual(bitsOf(other.values()));
    }
  });

  it('run op by op, at once, gives the same values, to the bit', () => {
    const tensors = runGraph(graph, given, newOpSpace());
    for (const { name, value } of graph.nodes) {
      expect(bitsOf(tensors[value]!.values()), name).toEqual(bitsOf(network.node(name).tensor.values()));
    }
  });

  it('is told apart from others, with where it computes otherwise', () => {
    for (const [other, changed] of [
      ['batch size', { ...settings, batchSize: 5 }],
      ['hidden size', { ...settings, hiddenSize: 4 }],
    ] as const) {
      expect(firstDifference(buildNetwork(newTape(), changed, vocabularySize).graph, graph), other).not.toBeNull();
    }
    const [first, ...rest] = graph.ops;
    const without = { ...graph, ops: rest };
    expect(firstDifference(graph, without)).toMatch(new RegExp(`^op 0 is ${first!.op}\\(.*, not `));
    const renamed = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, group: 'another' })) };
    expect(firstDifference(graph, renamed)).toBeNull();
  });

  it('with anything in it changed is refused by a GraphError, or sound', { timeout: 120_000 }, () => {
    const random = randomOf(7);
    let refused = 0;
    for (let round = 0; round < 2000; round++) {
      const changed = mutatedValue(JSON.parse(JSON.stringify(toJson(graph))), random);
      try {
        // What is accepted can be planned.
        const read = readGraph(changed);
        if (read.values.every(({ shape }) => shape.length < 5)) planGraph(read, newTape());
      } catch (error) {
        expect(error).toBeInstanceOf(GraphError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
  });
});

describe('a graph that cannot be', () => {
  const graph = computed(programs[0]![1]).graph;
  const [first, second, ...rest] = graph.ops;
  it.each<readonly [string, unknown, RegExp]>([
    ['nothing', null, /^The graph is not valid at/],
    ['another version', { ...graph, version: 2 }, /not valid at version/],
    ['an op that there is none of', { ...graph, ops: [{ ...first, op: 'frobnicate' }] }, /not valid at ops\.0\.op/],
    [
      'ops in another order',
      { ...graph, ops: [second, first, ...rest] },
      /^Op 0 \(.*\) reads value \d+, which is not made/,
    ],
    ['a value made twice', { ...graph, ops: [first, first, ...rest] }, /makes value \d+, which is made already/],
    [
      'another shape',
      { ...graph, values: graph.values.with(second!.output, { shape: [2, 60], type: 'float' }) },
      /^Op 1 \(view\) gives \(4, 30\), not \(2, 60\)/,
    ],
    [
      'another type',
      { ...graph, values: graph.values.with(second!.output, { shape: [4, 30], type: 'int64' }) },
      /^Op 1 \(view\) gives numbers of type float, not int64/,
    ],
    [
      'an op without its inputs',
      { ...graph, ops: [{ ...first, op: 'relu', inputs: [], attributes: {} }, second, ...rest] },
      /^Op 0 \(relu\): it cannot be of 0 values/,
    ],
    [
      'an op without its attributes',
      { ...graph, ops: [first, { ...second, attributes: {} }, ...rest] },
      /^Op 1 \(view\) is not valid at its attribute 'shape'/,
    ],
    [
      'an attribute too many',
      { ...graph, ops: [first, { ...second, attributes: { ...second!.attributes, size: 1 } }, ...rest] },
      /^Op 1 \(view\) is not valid at its attribute 'size'/,
    ],
    [
      'attributes of another op',
      { ...graph, ops: [{ ...first, attributes: { index: [{ kind: 'position', position: 0.5 }] } }, second, ...rest] },
      /^Op 0 \(index\) is not valid at its attribute 'index\.0\.position'/,
    ],
    ['a loss that is no number', { ...graph, loss: graph.parameters[0]!.value }, /^The loss must be one number/],
    ['two nodes of a name', { ...graph, nodes: [...graph.nodes, graph.nodes[0]] }, /two of the name 'C'/],
    [
      'too large a value',
      { ...graph, values: [...graph.values, { shape: [2 ** 20, 2 ** 20], type: 'float' }] },
      /has more than/,
    ],
  ])('is refused: %s', (_, data, message) => {
    expect(() => readGraph(data)).toThrow(GraphError);
    expect(() => readGraph(data)).toThrow(message);
  });

  it('is refused while it is written: a loss of several numbers, a constant that does not fill its shape', () => {
    const recorder = new GraphRecorder();
    const x = recorder.input('x', [2], 'float');
    expect(() => recorder.loss({ name: 'loss', group: '', formula: '' }, x)).toThrow(ShapeError);
    expect(() => recorder.constant([2, 2], [1, 2, 3])).toThrow(ShapeError);
    expect(() => recorder.listParameter('w', '')).toThrow(ReferenceError);
  });
});

describe('any graph', () => {
  type Step = readonly [kind: number, a: number, b: number];
  const steps = fc.array(fc.tuple(fc.nat(4), fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 20 });
  const build = (operations: GraphRecorder, [kind, a, b]: Step, made: GraphTensor[]): GraphTensor => {
    const [x, y] = [made[a % made.length]!, made[b % made.length]!];
    switch (kind) {
      case 0:
        return operations.add(x, y);
      case 1:
        return operations.multiply(x, y);
      case 2:
        return operations.tanh(x);
      case 3:
        return operations.subtract(x, operations.mean(y, 0, true));
      default:
        return operations.multiply(x, 0.5);
    }
  };

  it('computes, planned, what it computes op by op, with constants in it', () => {
    fc.assert(
      fc.property(steps, (chosen) => {
        const recorder = new GraphRecorder();
        const made = [recorder.input('x', [3, 2], 'float'), recorder.constant([2], [0.5, -1.5])];
        for (const step of chosen) made.push(build(recorder, step, made));
        recorder.output('y', made.at(-1)!);
        const graph = throughJson(recorder.finish());
        const x = newTape().zeros([3, 2]);
        x.copyFrom([1, -2, 0.5, 0.25, -1, 3]);
        const planned = planGraph(graph, newTape(), new Map([['x', x]]));
        planned.tape.forward();
        const eager = runGraph(graph, new Map([['x', x]]), newOpSpace());
        const [{ value } = { value: 0 }] = graph.outputs;
        expect(bitsOf(planned.tensors[value]!.values())).toEqual(bitsOf(eager[value]!.values()));
      }),
      { numRuns: 200 },
    );
  });
});
