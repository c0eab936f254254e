import type { GraphRecorder, GraphTensor } from '../../../core/graph/recorder';

/** Sizes of a small transformer: examples, tokens of a context, channels, heads, tokens there are. */
const [batch, length, channels, heads, vocabulary] = [2, 5, 8, 2, 7];

/** A GPT of one block: embeddings, causal attention of two heads, a GELU layer, residuals, layer norms, cross entropy. */
export function recordGptBlock(recorder: GraphRecorder): void {
  const tokens = recorder.input('tokens', [batch, length], 'int64');
  const targets = recorder.input('targets', [batch * length], 'int64');
  const parameter = (name: string, shape: readonly number[]) => {
    const made = recorder.parameter(name, shape);
    recorder.listParameter(name, name.split('.')[0] ?? name);
    return made;
  };
  const node = (name: string, tensor: GraphTensor) =>
    recorder.node({ name, group: name.split('.')[0] ?? name, formula: '' }, tensor);
  const norm = (name: string, x: GraphTensor) => {
    const inputs = [x, parameter(`${name}.weight`, [channels]), parameter(`${name}.bias`, [channels])];
    return node(`${name}.out`, recorder.apply('layerNorm', inputs, { normalizedShape: [channels], epsilon: 1e-5 }));
  };
  const linear = (name: string, x: GraphTensor, out: number) => {
    const fanIn = x.shape.at(-1) ?? 0;
    return node(
      `${name}.out`,
      recorder.linear(x, parameter(`${name}.weight`, [fanIn, out]), parameter(`${name}.bias`, [out])),
    );
  };

  const wte = parameter('wte', [vocabulary, channels]);
  const wpe = parameter('wpe', [length, channels]);
  const embedded = recorder.apply('embedding', [wte, tokens], { paddingIndex: null });
  const x = node('x', recorder.add(embedded, wpe));

  const normed = norm('ln_1', x);
  const size = channels / heads;
  const split = (projected: GraphTensor) =>
    recorder.apply('permute', [recorder.apply('reshape', [projected], { shape: [batch, length, heads, size] })], {
      dims: [0, 2, 1, 3],
    });
  const [q, k, v] = ['query', 'key', 'value'].map((name) => split(linear(`attn.${name}`, normed, channels)));
  const future = Array.from({ length: length * length }, (_, at) => (at % length > Math.floor(at / length) ? 1 : 0));
  const mask = recorder.constant([length, length], future, 'int64');
  const scores = recorder.divide(recorder.matmul(q!, recorder.transpose(k!)), Math.sqrt(size));
  const causal = recorder.apply('maskedFill', [scores, mask], { value: -1e9 });
  const att = node('attn.att', recorder.apply('softmax', [causal], { dim: -1 }));
  const mixed = recorder.apply('permute', [recorder.matmul(att, v!)], { dims: [0, 2, 1, 3] });
  const attended = linear(
    'attn.proj',
    recorder.apply('reshape', [mixed], { shape: [batch, length, channels] }),
    channels,
  );
  const x2 = node('x2', recorder.add(x, attended));

  const hidden = linear('mlp.fc', norm('ln_2', x2), 4 * channels);
  const activated = node('mlp.act', recorder.apply('gelu', [hidden], { approximate: 'none' }));
  const x3 = node('x3', recorder.add(x2, linear('mlp.proj', activated, channels)));

  const logits = linear('head', norm('ln_f', x3), vocabulary);
  const rows = recorder.view(logits, [batch * length, vocabulary]);
  const loss = recorder.apply('crossEntropy', [rows, targets], {
    reduction: 'mean',
    ignoreIndex: -100,
    labelSmoothing: 0,
  });
  recorder.loss({ name: 'loss', group: 'loss', formula: 'loss = F.cross_entropy(logits, targets)' }, loss);
}
