import type { ProgramSettings, ValuesOf } from '../setting-description';
import { hiddenSizeSetting } from '../shared-settings';

/** The settings of `decomposed-mlp` besides those that every program has. */
export const decomposedMlpSettings = {
  own: {
    hiddenSize: { ...hiddenSizeSetting, default: 64 },
    initialisation: {
      kind: 'choice',
      label: 'Initialisation',
      help: 'first values',
      choices: {
        // b1, W2 and b2 small, gain one, bias zero.
        seed: 'as the seed notebook',
        // So that a wrong backward cannot hide.
        ninja: 'as the backprop-ninja lecture, no parameter trivial',
      },
      default: 'ninja',
      option: 'init',
      toolbar: null,
    },
  },
  hiddenGain: 5 / 3,
} as const satisfies ProgramSettings;

export type DecomposedMlpSettings = typeof decomposedMlpSettings.own;
export type Initialisation = ValuesOf<DecomposedMlpSettings>['initialisation'];
