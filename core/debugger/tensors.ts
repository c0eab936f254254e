import { type SafetensorsTensor, writeSafetensors } from '../formats/safetensors';
import type { Session } from './session';

/**
 * Everything of the present step as a safetensors file, under the notebook's names: every node, its gradient as `d` +
 * name, the minibatch `Xb`, `Yb` and `ix`, `loss`, and the `losses` of all steps. Readable by PyTorch.
 */
export function tensorsFile(session: Session): Uint8Array {
  session.requireWholeStep();
  session.settle();
  const { network, settings, history } = session;
  const tensors = new Map<string, SafetensorsTensor>();
  const whole = (numbers: ArrayLike<number>) => BigInt64Array.from(Array.from(numbers), BigInt);
  const { batch } = session;
  tensors.set('ix', { dtype: 'I64', shape: [batch.length], data: whole(batch) });
  tensors.set('Xb', { dtype: 'I64', shape: network.contexts.shape, data: whole(network.contexts.values()) });
  tensors.set('Yb', { dtype: 'I64', shape: network.targets.shape, data: whole(network.targets.values()) });
  const losses = Float64Array.from(history.losses());
  tensors.set('losses', { dtype: 'F64', shape: [losses.length], data: losses });
  for (const { name, kind, shape, tensor } of network.nodes) {
    const data = Float32Array.from(tensor.values());
    tensors.set(name, { dtype: 'F32', shape: kind === 'loss' ? [1] : shape, data });
    if (kind === 'loss') continue;
    const gradient = Float32Array.from(network.tape.gradientOf(tensor).values());
    tensors.set(`d${name}`, { dtype: 'F32', shape, data: gradient });
  }
  const metadata = new Map(Object.entries(settings).map(([setting, value]) => [setting, String(value)]));
  metadata.set('step', String(session.step));
  return writeSafetensors(tensors, metadata);
}
