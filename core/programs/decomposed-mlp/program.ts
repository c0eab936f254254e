import { blockSize } from '../../data/dataset';
import type { GraphNode } from '../../graph/graph';
import type { GraphRecorder, GraphTensor } from '../../graph/recorder';
import { drawNormal, type TensorOf } from '../../nn/layers';
import type { TorchGenerator } from '../../tensor/generators/torch-generator';
import type { Tensor } from '../../tensor/tensor';
import { embeddingSize, type Program, type RecordingOptions } from '../program';
import type { SettingsWith } from '../settings';
import { type DecomposedMlpSettings, decomposedMlpSettings } from './settings';

/** The notebook's forward pass, one line a node. */
export const decomposedMlp: Program<DecomposedMlpSettings> = { settings: decomposedMlpSettings, record, initialise };

type Options = RecordingOptions<DecomposedMlpSettings>;

const epsilon = 1e-5;

function record(recorder: GraphRecorder, { settings, vocabularySize, examples: n, purpose }: Options): void {
  const { hiddenSize } = settings;
  const width = blockSize * embeddingSize;
  const Xb = recorder.input('Xb', [n, blockSize], 'int64');
  // In the lecture's order of `parameters`; among the nodes each stands where it is used.
  const C = recorder.parameter('C', [vocabularySize, embeddingSize]);
  const W1 = recorder.parameter('W1', [width, hiddenSize]);
  const b1 = recorder.parameter('b1', [hiddenSize]);
  const W2 = recorder.parameter('W2', [hiddenSize, vocabularySize]);
  const b2 = recorder.parameter('b2', [vocabularySize]);
  const bngain = recorder.parameter('bngain', [1, hiddenSize]);
  const bnbias = recorder.parameter('bnbias', [1, hiddenSize]);
  // The notebook's running statistics never accumulate, so that predicting measures them, as the lecture's calibration does.
  const runningMean = recorder.buffer('bnmean_running', [1, hiddenSize]);
  const runningVariance = recorder.buffer('bnvar_running', [1, hiddenSize]);
  const node = (name: string, group: string, formula: string, tensor: GraphTensor, layer: GraphNode['layer'] = null) =>
    recorder.node({ name, group, formula: `${name} = ${formula}`, layer }, tensor);

  recorder.listParameter('C', 'embedding');
  const emb = node('emb', 'embedding', 'C[Xb]', recorder.index(C, Xb));
  const embcat = node('embcat', 'embedding', 'emb.view(emb.shape[0], -1)', recorder.view(emb, [n, width]));
  recorder.listParameter('W1', 'linear 1');
  recorder.listParameter('b1', 'linear 1');
  const hprebn = node('hprebn', 'linear 1', 'embcat @ W1 + b1', recorder.linear(embcat, W1, b1));

  if (purpose === 'measuring') {
    recorder.output('measured', hprebn);
    return;
  }
  if (purpose === 'predicting') {
    const centred = recorder.subtract(hprebn, runningMean);
    const normalised = recorder.multiply(centred, recorder.power(recorder.add(runningVariance, epsilon), -0.5));
    const hidden = recorder.tanh(recorder.add(recorder.multiply(bngain, normalised), bnbias));
    recorder.output('logits', recorder.linear(hidden, W2, b2));
    return;
  }

  const bn = 'batch norm';
  const bnmeani = node(
    'bnmeani',
    bn,
    '1/n * hprebn.sum(0, keepdim=True)',
    recorder.multiply(recorder.sum(hprebn, 0, true), 1 / n),
  );
  const bndiff = node('bndiff', bn, 'hprebn - bnmeani', recorder.subtract(hprebn, bnmeani));
  const bndiff2 = node('bndiff2', bn, 'bndiff**2', recorder.power(bndiff, 2));
  const bnvar = node(
    'bnvar',
    bn,
    '1/(n-1) * bndiff2.sum(0, keepdim=True)',
    recorder.multiply(recorder.sum(bndiff2, 0, true), 1 / (n - 1)),
  );
  const bnvar_inv = node('bnvar_inv', bn, '(bnvar + 1e-5)**-0.5', recorder.power(recorder.add(bnvar, epsilon), -0.5));
  const bnraw = node('bnraw', bn, 'bndiff * bnvar_inv', recorder.multiply(bndiff, bnvar_inv));
  recorder.listParameter('bngain', bn);
  recorder.listParameter('bnbias', bn);
  const hpreact = node(
    'hpreact',
    bn,
    'bngain * bnraw + bnbias',
    recorder.add(recorder.multiply(bngain, bnraw), bnbias),
  );
  recorder.normalisation({
    node: 'hpreact',
    batchMean: bnmeani,
    batchVariance: bnvar,
    runningMean,
    runningVariance,
    momentum: null,
  });

  const h = node('h', 'tanh', 'torch.tanh(hpreact)', recorder.tanh(hpreact), { index: 0, label: 'h (Tanh)' });

  recorder.listParameter('W2', 'linear 2');
  recorder.listParameter('b2', 'linear 2');
  const logits = node('logits', 'linear 2', 'h @ W2 + b2', recorder.linear(h, W2, b2));

  const entropy = 'cross entropy';
  const logit_maxes = node('logit_maxes', entropy, 'logits.max(1, keepdim=True).values', recorder.rowMaximum(logits));
  const norm_logits = node('norm_logits', entropy, 'logits - logit_maxes', recorder.subtract(logits, logit_maxes));
  const counts = node('counts', entropy, 'norm_logits.exp()', recorder.exp(norm_logits));
  const counts_sum = node('counts_sum', entropy, 'counts.sum(1, keepdim=True)', recorder.sum(counts, 1, true));
  const counts_sum_inv = node('counts_sum_inv', entropy, 'counts_sum**-1', recorder.power(counts_sum, -1));
  const probs = node('probs', entropy, 'counts * counts_sum_inv', recorder.multiply(counts, counts_sum_inv));
  const logprobs = node('logprobs', entropy, 'probs.log()', recorder.log(probs));
  const Yb = recorder.input('Yb', [n], 'int64');
  const loss = recorder.negate(recorder.mean(recorder.pick(logprobs, Yb)));
  recorder.loss({ name: 'loss', group: entropy, formula: 'loss = -logprobs[range(n), Yb].mean()' }, loss);
}

/** The draws of the seed notebook, or of the lecture's backprop-ninja notebook, with their factors in their order. */
function initialise(
  tensorOf: TensorOf,
  { initialisation }: SettingsWith<DecomposedMlpSettings>,
  generator: TorchGenerator,
): void {
  const draw = (name: string, transform: (value: number) => number = (value) => value) => {
    const tensor: Tensor = tensorOf(name);
    tensor.copyFrom(drawNormal(generator, tensor.elements).map(transform));
  };
  const round = Math.fround;
  const times = (factor: number) => (value: number) => value * round(factor);
  const { hiddenGain } = decomposedMlpSettings;
  const root = (blockSize * embeddingSize) ** 0.5;
  draw('C');
  switch (initialisation) {
    case 'seed':
      draw('W1', times(hiddenGain / root));
      for (const name of ['b1', 'W2', 'b2']) draw(name, times(0.01));
      tensorOf('bngain').values().fill(1);
      tensorOf('bnbias').values().fill(0);
      break;
    case 'ninja':
      draw('W1', (value) => round(value * round(hiddenGain)) / round(root));
      for (const name of ['b1', 'W2', 'b2']) draw(name, times(0.1));
      draw('bngain', (value) => round(value * round(0.1)) + 1);
      draw('bnbias', times(0.1));
      break;
  }
}
