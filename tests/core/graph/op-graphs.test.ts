import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference, type Graph, toJson } from '../../../core/graph/graph';
import type { Operations } from '../../../core/graph/operations';
import { planGraph } from '../../../core/graph/plan';
import { GraphError, readGraph } from '../../../core/graph/read-graph';
import { GraphRecorder } from '../../../core/graph/recorder';
import { type OpName, ops } from '../../../core/ops/table';
import type { Tensor } from '../../../core/tensor/tensor';
import { mutatedValue, pick, randomOf } from '../../fuzz/mutate';
import { newTape } from '../engine';
import { cases } from '../ops/op-cases';
import {
  type Constant,
  constantsOf,
  laidOut,
  placesOf,
  type Scenario,
  type Shaped,
  spread,
  twisterOf,
} from '../ops/scenarios';
import { bitsOf } from '../sessions';

const names = Object.keys(ops) as OpName[];
const written = (graph: Graph): string => JSON.stringify(toJson(graph));
const throughJson = (graph: Graph): Graph => readGraph(JSON.parse(written(graph)));
const valuesOf = (x: Tensor) => bitsOf(Float64Array.from(placesOf(x), (at) => x.storage.data[at]!));

/** A scenario's output, and where that is of the type that is computed in, a loss that every element of it counts in. */
function record<Value extends Shaped>(
  { record: call }: Scenario,
  name: OpName,
  operations: Operations<Value>,
  inputs: readonly Value[],
  constant: Constant<Value>,
) {
  const output = call(operations, inputs, constant);
  if (ops[name].result !== undefined) return { output, loss: null };
  const count = output.shape.reduce((product, size) => product * size, 1);
  const weights = constant(
    output.shape,
    spread(count, (fraction) => 0.5 + fraction, twisterOf(1)),
  );
  return { output, loss: operations.sum(operations.multiply(output, weights)) };
}

function graphOf(name: OpName, scenario: Scenario): Graph {
  const recorder = new GraphRecorder();
  const inputs = scenario.shapes.map((shape, index) => recorder.parameter(`x${index}`, shape));
  const { output, loss } = record(scenario, name, recorder, inputs, (shape, numbers, type) =>
    recorder.constant(shape, numbers, type),
  );
  recorder.output('output', output);
  if (loss !== null) recorder.loss({ name: 'loss', group: '', formula: '' }, loss);
  return recorder.finish();
}

/** Leaves of a tape, their numbers lying as the scenario says. */
function leavesOn(tape: ReturnType<typeof newTape>, { shapes, layouts, domain }: Scenario, seed: number): Tensor[] {
  const twister = twisterOf(seed);
  return shapes.map((shape, index) => {
    const leaf = laidOut(tape, shape, layouts[index]!);
    const values = spread(leaf.elements, domain, twister);
    for (const [i, at] of placesOf(leaf).entries()) leaf.storage.data[at] = values[i]!;
    return leaf;
  });
}

describe.each(names)('%s in a graph', (name) => {
  it('written to JSON, read and planned gives the bits of the tape', () => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        const graph = graphOf(name, scenario);
        const read = throughJson(graph);
        expect(read).toEqual(graph);
        expect(firstDifference(read, graph)).toBeNull();

        const tape = newTape();
        const leaves = leavesOn(tape, scenario, seed);
        for (const leaf of leaves) tape.track(leaf);
        const recorded = record(scenario, name, tape, leaves, constantsOf(tape));
        if (recorded.loss !== null) tape.planBackward(recorded.loss);

        const own = newTape();
        const shared = leavesOn(own, scenario, seed);
        const planned = planGraph(read, own, new Map(shared.map((leaf, index) => [`x${index}`, leaf])));
        for (const one of [tape, own]) {
          one.forward();
          if (recorded.loss !== null) one.backward();
        }
        const output = planned.tensors[graph.outputs[0]!.value]!;
        expect(output.shape).toEqual(recorded.output.shape);
        expect(valuesOf(output)).toEqual(valuesOf(recorded.output));
        for (const [index, leaf] of leaves.entries()) {
          expect(own.hasGradient(shared[index]!)).toBe(tape.hasGradient(leaf));
          if (!tape.hasGradient(leaf)) continue;
          expect(valuesOf(own.gradientOf(shared[index]!))).toEqual(valuesOf(tape.gradientOf(leaf)));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('with anything of its attributes or inputs changed is refused by a GraphError, or can be planned', () => {
    fc.assert(
      fc.property(cases[name], fc.nat(), (scenario, seed) => {
        const random = randomOf(seed);
        const json = JSON.parse(written(graphOf(name, scenario)));
        const at = json.ops.findIndex(({ op }: { op: string }) => op === name);
        for (let round = 0; round < 20; round++) {
          const part = pick(['attributes', 'inputs'], random);
          const changed = { ...json.ops[at], [part]: mutatedValue(json.ops[at][part], random) };
          let read: Graph;
          try {
            read = readGraph({ ...json, ops: json.ops.with(at, changed) });
          } catch (error) {
            expect(error).toBeInstanceOf(GraphError);
            continue;
          }
          planGraph(read, newTape());
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('numbers that JSON has no form for', () => {
  const build = (numbers: readonly number[]) => {
    const recorder = new GraphRecorder();
    const x = recorder.constant([numbers.length], numbers);
    const mask = recorder.constant(
      [numbers.length],
      numbers.map(() => 1),
      'int64',
    );
    const outputs = numbers.flatMap((value) => [
      recorder.full([2], value),
      recorder.multiply(x, value),
      recorder.apply('maskedFill', [x, mask], { value }),
      recorder.apply('clamp', [x], { min: value, max: null }),
    ]);
    for (const [index, output] of outputs.entries()) recorder.output(`y${index}`, output);
    return recorder.finish();
  };

  it('come back as they were, in attributes and constants', () => {
    const graph = build([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1.5]);
    expect(throughJson(graph)).toEqual(graph);
  });

  it('are told apart', () => {
    const all = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0];
    for (const one of all) {
      for (const other of all) {
        const difference = firstDifference(build([one]), build([other]));
        expect(difference === null, `${one} ${other}`).toBe(Object.is(one, other));
      }
    }
  });

  it('are refused where an attribute must be finite or whole, naming op and attribute', () => {
    const recorder = new GraphRecorder();
    const x = recorder.input('x', [2, 2], 'float');
    recorder.apply('softplus', [x], { beta: Number.POSITIVE_INFINITY, threshold: 20 });
    expect(() => throughJson(recorder.finish())).toThrow(
      /^Op 0 \(softplus\) is not valid at its attribute 'beta': .*finite/,
    );
    const other = new GraphRecorder();
    other.sum(other.input('x', [2, 2], 'float'), 1);
    const [op] = other.finish().ops;
    const odd = { ...other.finish(), ops: [{ ...op, attributes: { dim: 'NaN', keepdim: false } }] };
    expect(() => readGraph(odd)).toThrow(/^Op 0 \(sum\) is not valid at its attribute 'dim'/);
  });
});
