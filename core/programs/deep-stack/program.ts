import { blockSize } from '../../data/dataset';
import { GraphRecorder } from '../../graph/recorder';
import { BatchNorm1d, drawNormal, type Layer, Linear, Tanh, type TensorOf } from '../../nn/layers';
import type { TorchGenerator } from '../../tensor/generators/torch-generator';
import type { Tensor } from '../../tensor/tensor';
import { embeddingSize, type Program, type RecordingOptions } from '../program';
import type { SettingsWith } from '../settings';
import { type DeepStackSettings, deepStackSettings } from './settings';

/** The notebook's deep stack. Layer k of its `layers` list has the nodes `layers.k.weight` …, `layers.k.out`. */
export const deepStack: Program<DeepStackSettings> = { settings: deepStackSettings, record, initialise };

type Settings = SettingsWith<DeepStackSettings>;
type Options = RecordingOptions<DeepStackSettings>;

function record(recorder: GraphRecorder, { settings, vocabularySize, examples, purpose }: Options): void {
  const Xb = recorder.input('Xb', [examples, blockSize], 'int64');
  const C = recorder.parameter('C', [vocabularySize, embeddingSize]);
  const layers = makeLayers(recorder, settings, vocabularySize);
  recorder.listParameter('C', 'embedding');
  const emb = recorder.node({ name: 'emb', group: 'embedding', formula: 'emb = C[Xb]' }, recorder.index(C, Xb));
  const width = blockSize * embeddingSize;
  let x = recorder.node(
    { name: 'embcat', group: 'embedding', formula: 'embcat = emb.view(emb.shape[0], -1)' },
    recorder.view(emb, [examples, width]),
  );
  let input = 'embcat';
  for (const [index, layer] of layers.entries()) {
    const group = `layer ${index} (${layer.kind})`;
    for (const { name } of layer.parameters) recorder.listParameter(name, group);
    const name = `layers.${index}.out`;
    const formula = `${name} = ${layer.formula(input)}`;
    const watched = layer.kind === 'Tanh' ? { index, label: group } : null;
    x = recorder.node({ name, group, formula, layer: watched }, layer.forward(recorder, x, purpose === 'training'));
    input = name;
  }
  if (purpose !== 'training') {
    recorder.output('logits', x);
    return;
  }
  const Yb = recorder.input('Yb', [examples], 'int64');
  const formula = `loss = F.cross_entropy(${input}, Yb)`;
  recorder.loss({ name: 'loss', group: 'loss', formula }, recorder.crossEntropy(x, Yb));
}

/** Where batch norm follows, a Linear has no bias: the normalisation would take it away again. */
function makeLayers(
  recorder: GraphRecorder,
  { hiddenSize, depth, batchNorm }: Settings,
  vocabularySize: number,
): Layer[] {
  const layers: Layer[] = [];
  const nextName = () => `layers.${layers.length}`;
  const addBlock = (fanIn: number, fanOut: number) => {
    layers.push(new Linear(recorder, nextName(), { fanIn, fanOut, bias: !batchNorm }));
    if (batchNorm) layers.push(new BatchNorm1d(recorder, nextName(), fanOut));
  };
  for (let block = 0; block < depth; block++) {
    addBlock(block === 0 ? blockSize * embeddingSize : hiddenSize, hiddenSize);
    layers.push(new Tanh());
  }
  addBlock(hiddenSize, vocabularySize);
  return layers;
}

/** The notebook's draws; then the last layer is made less confident (× 0.1) and every other Linear multiplied by the gain. */
function initialise(tensorOf: TensorOf, settings: Settings, generator: TorchGenerator): void {
  const C = tensorOf('C');
  C.copyFrom(drawNormal(generator, C.elements));
  const layers = makeLayers(new GraphRecorder(), settings, C.shape[0]);
  for (const layer of layers) layer.initialise(tensorOf, generator);
  for (const [index, { kind }] of layers.entries()) {
    const isLast = index === layers.length - 1;
    if (kind === 'Linear') scale(tensorOf(`layers.${index}.weight`), isLast ? 0.1 : settings.gain);
    if (kind === 'BatchNorm1d' && isLast) scale(tensorOf(`layers.${index}.gamma`), 0.1);
  }
}

function scale(tensor: Tensor, factor: number): void {
  const values = tensor.values();
  const rounded = Math.fround(factor);
  for (let i = 0; i < values.length; i++) values[i] *= rounded;
}
