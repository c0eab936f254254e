import type { ProgramSettings } from '../setting-description';
import { hiddenSizeSetting } from '../shared-settings';

/** The settings of `deep-stack` besides those that every program has. */
export const deepStackSettings = {
  own: {
    hiddenSize: { ...hiddenSizeSetting, default: 100 },
    depth: {
      kind: 'number',
      label: 'Depth',
      help: 'hidden layers',
      minimum: 1,
      maximum: 20,
      integer: true,
      unit: 'hidden layers',
      default: 5,
      option: 'depth',
      toolbar: 'depth',
    },
    gain: {
      kind: 'number',
      label: 'Gain',
      help: 'what multiplies the weights of every Linear but the last',
      minimum: 0,
      maximum: 10,
      integer: false,
      unit: '×',
      default: 5 / 3,
      option: 'gain',
      toolbar: 'gain',
    },
    batchNorm: {
      kind: 'switch',
      label: 'Batch norm',
      help: 'a BatchNorm1d after every Linear',
      default: false,
      option: 'batch-norm',
      toolbar: 'batch norm',
    },
  },
  hiddenGain: 'gain',
} as const satisfies ProgramSettings;

export type DeepStackSettings = typeof deepStackSettings.own;
