import type { GraphRecorder, GraphTensor } from '../../../core/graph/recorder';

/** Two convolutions with batch norm and ReLU, pooling after each, and a linear layer. */
export function recordConvNet(recorder: GraphRecorder): void {
  const images = recorder.input('images', [2, 1, 8, 8], 'float');
  const targets = recorder.input('targets', [2], 'int64');
  const parameter = (name: string, shape: readonly number[]) => {
    const made = recorder.parameter(name, shape);
    recorder.listParameter(name, name.split('.')[0] ?? name);
    return made;
  };
  const node = (name: string, tensor: GraphTensor) =>
    recorder.node({ name, group: name.split('.')[0] ?? name, formula: '' }, tensor);
  const block = (index: number, x: GraphTensor, out: number) => {
    const channels = x.shape[1] ?? 0;
    const conv = [x, parameter(`conv${index}.weight`, [out, channels, 3, 3]), parameter(`conv${index}.bias`, [out])];
    const convolved = node(
      `conv${index}.out`,
      recorder.apply('conv2d', conv, { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 }),
    );
    const norm = [convolved, parameter(`bn${index}.weight`, [out]), parameter(`bn${index}.bias`, [out])];
    const normalised = node(`bn${index}.out`, recorder.apply('batchNormTraining', norm, { epsilon: 1e-5 }));
    const activated = node(`relu${index}`, recorder.apply('relu', [normalised], {}));
    const window = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0] };
    return node(
      `pool${index}`,
      index === 1
        ? recorder.apply('maxPool2d', [activated], { ...window, dilation: [1, 1] })
        : recorder.apply('avgPool2d', [activated], { ...window, countIncludePad: true }),
    );
  };

  const features = block(2, block(1, images, 3), 4);
  const flat = recorder.apply('reshape', [features], { shape: [2, 16] });
  const logits = node('logits', recorder.linear(flat, parameter('fc.weight', [16, 3]), parameter('fc.bias', [3])));
  const loss = recorder.apply('crossEntropy', [logits, targets], {
    reduction: 'mean',
    ignoreIndex: -100,
    labelSmoothing: 0.1,
  });
  recorder.loss({ name: 'loss', group: 'loss', formula: 'loss = F.cross_entropy(logits, targets)' }, loss);
}
