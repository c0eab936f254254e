import { describe, expect, it } from 'vitest';
import { type PlannedGraph, planGraph } from '../../../core/graph/plan';
import { readGraph } from '../../../core/graph/read-graph';
import { GraphRecorder } from '../../../core/graph/recorder';
import type { FloatType } from '../../../core/tensor/arena';
import type { Tensor } from '../../../core/tensor/tensor';
import { loadJson } from '../../fixtures/load';
import { newTape, referenceSpace, spaces } from '../engine';
import { recordConvNet } from './conv-net';
import { recordGptBlock } from './gpt-block';

/* Networks that are not built in: each is a file that writes its graph, and nothing else knows of it. */

/** A network in PyTorch: see tests/fixtures/networks.py. */
interface Figures {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly loss: number;
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const figures = loadJson<Readonly<Record<'gpt' | 'conv', Figures>>>('networks.json');
const networks = [
  { name: 'a GPT of one block', record: recordGptBlock, figures: figures.gpt },
  { name: 'a convolutional network', record: recordConvNet, figures: figures.conv },
];

/** The network planned in a type, on PyTorch's numbers, forward and backward done. */
function computed(
  record: (recorder: GraphRecorder) => void,
  { inputs, parameters }: Figures,
  dtype: FloatType,
  space: Parameters<typeof newTape>[1] = referenceSpace,
): PlannedGraph {
  const recorder = new GraphRecorder();
  record(recorder);
  const graph = readGraph(JSON.parse(JSON.stringify(recorder.finish())));
  const planned = planGraph(graph, newTape(dtype, space));
  for (const { name, value } of [...graph.inputs, ...graph.parameters]) {
    planned.tensors[value]!.copyFrom((inputs[name] ?? parameters[name])!);
  }
  planned.tape.forward();
  planned.tape.backward();
  return planned;
}

const numbersOf = ({ storage: { data }, shape, strides, offset, elements }: Tensor) =>
  Array.from({ length: elements }, (_, position) => {
    let [rest, at] = [position, offset];
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      at += (rest % shape[dim]!) * strides[dim]!;
      rest = Math.floor(rest / shape[dim]!);
    }
    return data[at]!;
  });

/**
 * Within what float32 rounds in some thirty ops one after the other, of the largest; or of 0.01, since the biases before a batch
 * norm, and those of keys, have gradients that are zero but for rounding.
 */
function expectNear(actual: readonly number[], expected: readonly number[], what: string, tolerance = 2e-5): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs), 0.01);
  const furthest = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  expect(furthest / scale, what).toBeLessThan(tolerance);
}

describe.each(networks)('$name', ({ record, figures: expected }) => {
  it.each(spaces)('has PyTorch’s loss, values and gradients by the $build kernels', ({ space }) => {
    const { graph, tape, tensors } = computed(record, expected, 'float32', space());
    expect(tensors[graph.loss!]!.item()).toBeCloseTo(expected.loss, 5);
    for (const { name, value, kind } of graph.nodes) {
      if (kind === 'loss') continue;
      if (kind === 'intermediate') expectNear(numbersOf(tensors[value]!), expected.values[name]!, name);
      expectNear(numbersOf(tape.gradientOf(tensors[value]!)), expected.gradients[name]!, `d${name}`);
    }
  });

  it('has in float64 the gradients that central differences give', () => {
    const { graph, tape, tensors } = computed(record, expected, 'float64');
    const loss = tensors[graph.loss!]!;
    const step = 1e-6;
    for (const { name, value } of graph.parameters) {
      const parameter = tensors[value]!;
      const gradient = Array.from(tape.gradientOf(parameter).values());
      const data = parameter.values();
      const slopes = Array.from(data, (own, i) => {
        const lossAt = (moved: number) => {
          data[i] = moved;
          tape.forward();
          return loss.item();
        };
        const slope = (lossAt(own + step) - lossAt(own - step)) / (2 * step);
        data[i] = own;
        return slope;
      });
      expectNear(gradient, slopes, name, 1e-5);
    }
  });
});
