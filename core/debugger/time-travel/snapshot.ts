import type { Network } from '../../programs/network';
import { type GeneratorState, TorchGenerator } from '../../tensor/generators/torch-generator';

/**
 * Everything that decides a step and all that follow: taken once the update before is made, and before the step draws its
 * minibatch.
 */
export interface Snapshot {
  readonly step: number;
  /** All parameters, then all buffers, one after the other. */
  readonly values: Float32Array;
  readonly generator: GeneratorState;
}

/** What a snapshot takes of memory, in bytes. */
export function snapshotBytes({ values, generator }: Snapshot): number {
  return values.byteLength + generator.twister.words.byteLength;
}

/** The snapshot of `step`, which is about to begin. */
export function takeSnapshot(step: number, network: Network, generator: TorchGenerator): Snapshot {
  const tensors = stateOf(network);
  const values = new Float32Array(stateElements(network));
  let at = 0;
  for (const tensor of tensors) {
    values.set(tensor.values(), at);
    at += tensor.elements;
  }
  return { step, values, generator: generator.saveState() };
}

/**
 * Puts the network's numbers back, and gives the generator that goes on as it did then.
 * @throws RangeError, changing nothing, for a snapshot of a network of other sizes.
 */
export function restoreSnapshot({ values, generator }: Snapshot, network: Network): TorchGenerator {
  const tensors = stateOf(network);
  const expected = stateElements(network);
  if (values.length !== expected) {
    throw new RangeError(`A snapshot of ${values.length} numbers does not fit a network that keeps ${expected}.`);
  }
  const restored = TorchGenerator.fromState(generator);
  let at = 0;
  for (const tensor of tensors) {
    tensor.copyFrom(values.subarray(at, at + tensor.elements));
    at += tensor.elements;
  }
  return restored;
}

/** Numbers in a snapshot of the network. */
export function stateElements(network: Network): number {
  return stateOf(network).reduce((sum, { elements }) => sum + elements, 0);
}

/** All tensors that outlast a step. */
function stateOf({ parameters, buffers }: Network) {
  return [...parameters.map(({ tensor }) => tensor), ...buffers];
}
