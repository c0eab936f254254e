import type { KernelDescription } from '../kernels/build';
import type { Network } from '../programs/network';
import { manualBackwardOf } from '../programs/registry';
import type { Settings } from '../programs/settings';
import type { BackwardDescription, SessionDescription } from '../protocol/answers';
import { describeOps } from './ops';
import type { NamedDataset } from './session-parts';

/** What a session is described from. */
export interface DescriptionParts {
  readonly network: Network;
  readonly settings: Settings;
  readonly data: NamedDataset;
  readonly kernels: KernelDescription;
  readonly backward: BackwardDescription | null;
}

/** All that stays the same while a session runs. */
export function describeSession({ network, settings, data, kernels, backward }: DescriptionParts): SessionDescription {
  const { dataset, name, builtIn } = data;
  const manual = manualBackwardOf(settings.program);
  const parameters = network.parameters.map((node) => ({
    name: node.name,
    shape: node.shape,
    elements: node.tensor.elements,
  }));
  return {
    settings,
    kernels,
    dataset: {
      name,
      builtIn,
      words: dataset.words,
      vocabulary: dataset.vocabulary.labels,
      train: dataset.train.count,
      dev: dataset.dev.count,
      test: dataset.test.count,
    },
    nodes: network.nodes.map(({ tensor: _, ...description }) => description),
    ops: describeOps(network),
    layers: network.layers,
    parameters,
    parameterCount: parameters.reduce((sum, { elements }) => sum + elements, 0),
    mistakes: manual?.mistakes.map(({ plant: _, ...description }) => description) ?? [],
    backward,
  };
}
