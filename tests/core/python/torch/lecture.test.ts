import { beforeAll, describe, expect, it } from 'vitest';
import type { Network } from '../../../../core/programs/network';
import { buildNetwork, manualBackwardOf } from '../../../../core/programs/registry';
import { defaultSettings } from '../../../../core/programs/settings';
import { TorchGenerator } from '../../../../core/tensor/generators/torch-generator';
import { processorSeconds, secondsOfReading } from '../../../cost';
import { loadTensors } from '../../../fixtures/load';
import { newTape } from '../../engine';
import { lecture } from '../corpus/correct';
import { startPython, type TestPython } from '../python';

const { comparedNodes } = manualBackwardOf('decomposed-mlp')!;
let python: TestPython;

beforeAll(async () => {
  python = await startPython();
}, 60_000);

/** The first step of a run, with its forward values offered to Python by their names. */
function offerStep(initialisation: 'ninja' | 'seed', hiddenSize: number): Network {
  const fixture = loadTensors(`decomposed-${initialisation}-h${hiddenSize}-b32-s0.safetensors`);
  const settings = { ...defaultSettings('decomposed-mlp'), initialisation, hiddenSize, batchSize: 32 };
  const network = buildNetwork(newTape(), settings, 27);
  network.initialise(new TorchGenerator(2147483647));
  network.contexts.copyFrom(fixture.get('Xb')!.data);
  network.targets.copyFrom(fixture.get('Yb')!.data);
  network.tape.forward();
  network.tape.backward();
  const offer = (name: string, type: 'float32' | 'int64', { tensor }: { tensor: Network['contexts'] }) =>
    python.define(name, python.table.create(type, tensor.shape, tensor.values()));
  for (const node of network.nodes) offer(node.name, 'float32', node);
  offer('Xb', 'int64', { tensor: network.contexts });
  offer('Yb', 'int64', { tensor: network.targets });
  python.run('n = 32; vocab_size = 27');
  return network;
}

describe("the lecture's own solution", () => {
  it.each([
    ['ninja', 64],
    ['seed', 200],
  ] as const)("gives autograd's bits for all 26 nodes (%s, hidden %i)", (initialisation, hiddenSize) => {
    const network = offerStep(initialisation, hiddenSize);
    python.run(lecture);
    for (const node of comparedNodes) {
      const manual = python.table.read(python.evaluate<number>(`d${node}._handle`));
      expect(manual.shape, node).toEqual(network.node(node).shape);
      const autograd = network.tape.gradientOf(network.node(node).tensor).values();
      // −0 and 0 are equal numbers, as PyTorch's torch.all(a == b) has it.
      const differing = manual.values.findIndex((value, index) => value !== autograd[index]);
      expect(differing, `d${node}`).toBe(-1);
    }
  });

  it('gives its tensors back: running it again takes no more', () => {
    offerStep('ninja', 64);
    python.run(lecture);
    const before = python.table.size;
    for (let run = 0; run < 3; run++) python.run(lecture);
    expect(python.table.size).toBe(before);
  });

  it('takes a fraction of what reading 64 MiB takes, the loop into dC included', () => {
    offerStep('seed', 200);
    python.run(`code = compile(${JSON.stringify(lecture)}, 'lecture', 'exec')`);
    const times = Array.from({ length: 15 }, () => {
      const start = processorSeconds();
      python.run('exec(code)');
      return processorSeconds() - start;
    });
    expect(Math.min(...times) / secondsOfReading()).toBeLessThan(0.4);
  });
});
