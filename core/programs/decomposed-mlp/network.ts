import type { Operations } from '../../autograd/operations';
import type { Tape } from '../../autograd/tape';
import { blockSize } from '../../data/dataset';
import { drawNormal } from '../../nn/layers';
import type { TorchGenerator } from '../../tensor/generators/torch-generator';
import type { Tensor } from '../../tensor/tensor';
import { embeddingSize, type Network, NodeList } from '../network';
import type { Settings } from '../settings';

/** The trained nodes, in the lecture's order of `parameters`. */
const parameterNames = ['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'] as const;
type Parameters = Readonly<Record<(typeof parameterNames)[number], Tensor>>;

const epsilon = 1e-5;

/**
 * Records the notebook's forward pass, one line a node.
 * @param settings Uses batchSize (n), hiddenSize and initialisation.
 */
export function buildDecomposedMlp(tape: Tape, settings: Settings, vocabularySize: number): Network {
  const { batchSize: n, hiddenSize } = settings;
  const list = new NodeList();
  const parameter = (name: string, group: string, shape: readonly number[]) =>
    list.add('parameter', name, group, tape.track(tape.zeros(shape)));
  const node = (name: string, group: string, formula: string, tensor: Tensor) =>
    list.add('intermediate', name, group, tensor, `${name} = ${formula}`);

  const Xb = tape.indices([n, blockSize]);
  const Yb = tape.indices([n]);

  const C = parameter('C', 'embedding', [vocabularySize, embeddingSize]);
  const emb = node('emb', 'embedding', 'C[Xb]', tape.index(C, Xb));
  const width = blockSize * embeddingSize;
  const embcat = node('embcat', 'embedding', 'emb.view(emb.shape[0], -1)', tape.view(emb, [n, width]));

  const W1 = parameter('W1', 'linear 1', [width, hiddenSize]);
  const b1 = parameter('b1', 'linear 1', [hiddenSize]);
  const hprebn = node('hprebn', 'linear 1', 'embcat @ W1 + b1', tape.linear(embcat, W1, b1));

  const bn = 'batch norm';
  const bnmeani = node(
    'bnmeani',
    bn,
    '1/n * hprebn.sum(0, keepdim=True)',
    tape.multiply(tape.sum(hprebn, 0, true), 1 / n),
  );
  const bndiff = node('bndiff', bn, 'hprebn - bnmeani', tape.subtract(hprebn, bnmeani));
  const bndiff2 = node('bndiff2', bn, 'bndiff**2', tape.power(bndiff, 2));
  const bnvar = node(
    'bnvar',
    bn,
    '1/(n-1) * bndiff2.sum(0, keepdim=True)',
    tape.multiply(tape.sum(bndiff2, 0, true), 1 / (n - 1)),
  );
  const bnvar_inv = node('bnvar_inv', bn, '(bnvar + 1e-5)**-0.5', tape.power(tape.add(bnvar, epsilon), -0.5));
  const bnraw = node('bnraw', bn, 'bndiff * bnvar_inv', tape.multiply(bndiff, bnvar_inv));
  const bngain = parameter('bngain', bn, [1, hiddenSize]);
  const bnbias = parameter('bnbias', bn, [1, hiddenSize]);
  const hpreact = node('hpreact', bn, 'bngain * bnraw + bnbias', tape.add(tape.multiply(bngain, bnraw), bnbias));

  const h = node('h', 'tanh', 'torch.tanh(hpreact)', tape.tanh(hpreact));

  const W2 = parameter('W2', 'linear 2', [hiddenSize, vocabularySize]);
  const b2 = parameter('b2', 'linear 2', [vocabularySize]);
  const logits = node('logits', 'linear 2', 'h @ W2 + b2', tape.linear(h, W2, b2));

  const entropy = 'cross entropy';
  const logit_maxes = node('logit_maxes', entropy, 'logits.max(1, keepdim=True).values', tape.rowMaximum(logits));
  const norm_logits = node('norm_logits', entropy, 'logits - logit_maxes', tape.subtract(logits, logit_maxes));
  const counts = node('counts', entropy, 'norm_logits.exp()', tape.exp(norm_logits));
  const counts_sum = node('counts_sum', entropy, 'counts.sum(1, keepdim=True)', tape.sum(counts, 1, true));
  const counts_sum_inv = node('counts_sum_inv', entropy, 'counts_sum**-1', tape.power(counts_sum, -1));
  const probs = node('probs', entropy, 'counts * counts_sum_inv', tape.multiply(counts, counts_sum_inv));
  const logprobs = node('logprobs', entropy, 'probs.log()', tape.log(probs));
  const loss = tape.negate(tape.mean(tape.pick(logprobs, Yb)));
  list.add('loss', 'loss', entropy, loss, 'loss = -logprobs[range(n), Yb].mean()');
  tape.planBackward(loss);

  const parameters: Parameters = { C, W1, b1, W2, b2, bngain, bnbias };
  // The notebook's running statistics never accumulate, so that predicting measures them, as the lecture's calibration does.
  const mean = tape.zeros([1, hiddenSize]);
  const variance = tape.zeros([1, hiddenSize]);
  const preactivation = (operations: Operations, contexts: Tensor) => {
    const embedded = operations.view(operations.index(C, contexts), [contexts.shape[0], width]);
    return operations.linear(embedded, W1, b1);
  };
  return {
    tape,
    contexts: Xb,
    targets: Yb,
    nodes: list.nodes,
    node: (name) => list.node(name),
    parameters: parameterNames.map((name) => list.node(name)),
    buffers: [],
    batchNorms: [
      {
        node: 'hpreact',
        batchMean: bnmeani,
        batchVariance: bnvar,
        runningMean: mean,
        runningVariance: variance,
        isKept: false,
      },
    ],
    layers: [{ index: 0, label: 'h (Tanh)', node: 'h' }],
    loss,
    initialise: (generator) => initialise(parameters, settings, generator),
    updateBuffers() {},
    calibration: { measured: preactivation, mean, variance },
    predict(operations, contexts) {
      const centred = operations.subtract(preactivation(operations, contexts), mean);
      const normalised = operations.multiply(centred, operations.power(operations.add(variance, epsilon), -0.5));
      const hidden = operations.tanh(operations.add(operations.multiply(bngain, normalised), bnbias));
      return operations.linear(hidden, W2, b2);
    },
  };
}

/** The draws of the seed notebook, or of the lecture's backprop-ninja notebook, with their factors in their order. */
function initialise(parameters: Parameters, { initialisation }: Settings, generator: TorchGenerator): void {
  const { C, W1, b1, W2, b2, bngain, bnbias } = parameters;
  const draw = (tensor: Tensor, transform: (value: number) => number = (value) => value) =>
    tensor.copyFrom(drawNormal(generator, tensor.elements).map(transform));
  const round = Math.fround;
  const times = (factor: number) => (value: number) => value * round(factor);
  const root = (blockSize * embeddingSize) ** 0.5;
  draw(C);
  switch (initialisation) {
    case 'seed':
      draw(W1, times(5 / 3 / root));
      for (const tensor of [b1, W2, b2]) draw(tensor, times(0.01));
      bngain.values().fill(1);
      bnbias.values().fill(0);
      break;
    case 'ninja':
      draw(W1, (value) => round(value * round(5 / 3)) / round(root));
      for (const tensor of [b1, W2, b2]) draw(tensor, times(0.1));
      draw(bngain, (value) => round(value * round(0.1)) + 1);
      draw(bnbias, times(0.1));
      break;
  }
}
