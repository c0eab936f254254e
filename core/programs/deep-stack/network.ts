import type { Operations } from '../../autograd/operations';
import type { Tape } from '../../autograd/tape';
import { blockSize } from '../../data/dataset';
import { BatchNorm1d, drawNormal, type Layer, Linear, Tanh } from '../../nn/layers';
import type { TorchGenerator } from '../../tensor/generators/torch-generator';
import type { Tensor } from '../../tensor/tensor';
import { embeddingSize, type Network, NodeList } from '../network';
import type { Settings } from '../settings';

/**
 * Records the notebook's deep stack. Layer k of its `layers` list has the nodes `layers.k.weight` …, `layers.k.out`.
 * @param settings Uses batchSize, hiddenSize, depth, gain and batchNorm.
 */
export function buildDeepStack(tape: Tape, settings: Settings, vocabularySize: number): Network {
  const { batchSize } = settings;
  const layers = makeLayers(tape, settings, vocabularySize);
  const list = new NodeList();
  const Xb = tape.indices([batchSize, blockSize]);
  const Yb = tape.indices([batchSize]);
  const width = blockSize * embeddingSize;

  const C = list.add('parameter', 'C', 'embedding', tape.track(tape.zeros([vocabularySize, embeddingSize])));
  const emb = list.add('intermediate', 'emb', 'embedding', tape.index(C, Xb), 'emb = C[Xb]');
  const embcat = tape.view(emb, [batchSize, width]);
  list.add('intermediate', 'embcat', 'embedding', embcat, 'embcat = emb.view(emb.shape[0], -1)');

  let x = embcat;
  let input = 'embcat';
  for (const [index, layer] of layers.entries()) {
    const name = `layers.${index}`;
    const group = `layer ${index} (${layer.kind})`;
    for (const parameter of layer.parameters)
      list.add('parameter', `${name}.${parameter.name}`, group, parameter.tensor);
    const output = `${name}.out`;
    x = list.add(
      'intermediate',
      output,
      group,
      layer.forward(tape, x, true),
      `${output} = ${layer.formula(input, name)}`,
    );
    input = output;
  }
  const loss = tape.crossEntropy(x, Yb);
  list.add('loss', 'loss', 'loss', loss, `loss = F.cross_entropy(${input}, Yb)`);
  tape.planBackward(loss);

  return {
    tape,
    contexts: Xb,
    targets: Yb,
    nodes: list.nodes,
    node: (name) => list.node(name),
    parameters: list.nodes.filter(({ kind }) => kind === 'parameter'),
    buffers: layers.flatMap(({ buffers }) => buffers.map(({ tensor }) => tensor)),
    layers: layers.flatMap(({ kind }, index) =>
      kind === 'Tanh' ? [{ index, label: `layer ${index} (${kind})`, node: `layers.${index}.out` }] : [],
    ),
    batchNorms: layers.flatMap((layer, index) =>
      layer instanceof BatchNorm1d ? [{ node: `layers.${index}.out`, ...layer.statistics, isKept: true }] : [],
    ),
    loss,
    initialise: (generator) => initialise(C, layers, settings, generator),
    updateBuffers: () => {
      for (const layer of layers) layer.updateBuffers();
    },
    calibration: null,
    predict(operations: Operations, contexts: Tensor) {
      const embedded = operations.view(operations.index(C, contexts), [contexts.shape[0], width]);
      return layers.reduce((features, layer) => layer.forward(operations, features, false), embedded);
    },
  };
}

/** Where batch norm follows, a Linear has no bias: the normalisation would take it away again. */
function makeLayers(tape: Tape, { hiddenSize, depth, batchNorm }: Settings, vocabularySize: number): Layer[] {
  const block = (fanIn: number, fanOut: number): Layer[] => [
    new Linear(tape, fanIn, fanOut, !batchNorm),
    ...(batchNorm ? [new BatchNorm1d(tape, fanOut)] : []),
  ];
  const hidden = Array.from({ length: depth }, (_, index) => [
    ...block(index === 0 ? blockSize * embeddingSize : hiddenSize, hiddenSize),
    new Tanh(),
  ]);
  return [...hidden.flat(), ...block(hiddenSize, vocabularySize)];
}

/** The notebook's draws; then the last layer is made less confident (× 0.1) and every other Linear multiplied by the gain. */
function initialise(C: Tensor, layers: readonly Layer[], { gain }: Settings, generator: TorchGenerator): void {
  C.copyFrom(drawNormal(generator, C.elements));
  for (const layer of layers) layer.initialise(generator);
  for (const [index, layer] of layers.entries()) {
    const isLast = index === layers.length - 1;
    if (layer instanceof Linear) scale(layer.weight, isLast ? 0.1 : gain);
    if (layer instanceof BatchNorm1d && isLast) scale(layer.gamma, 0.1);
  }
}

function scale(tensor: Tensor, factor: number): void {
  const values = tensor.values();
  const rounded = Math.fround(factor);
  for (let i = 0; i < values.length; i++) values[i] *= rounded;
}
