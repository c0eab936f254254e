import type { ProgramSettings } from '../../../core/programs/setting-description';
import { builtInSettings, type SettingsByProgram } from '../../../core/programs/settings';

/** The settings of a program that is none: a number, a word and two switches, described here and nowhere else. */
export const testSettings = {
  own: {
    heads: {
      kind: 'number',
      label: 'Heads',
      help: 'heads of each attention',
      minimum: 1,
      maximum: 16,
      integer: true,
      unit: 'heads',
      default: 4,
      option: 'heads',
      toolbar: 'heads',
      variable: 'n_head',
    },
    dropout: {
      kind: 'number',
      label: 'Dropout',
      help: 'how many activations are zeroed',
      minimum: 0,
      maximum: 0.9,
      integer: false,
      unit: '',
      default: 1 / 3,
      option: 'dropout',
      toolbar: 'dropout',
    },
    activation: {
      kind: 'choice',
      label: 'Activation',
      help: 'function between the layers',
      choices: { gelu: 'as GPT-2', relu: 'as the first transformer' },
      default: 'gelu',
      option: 'activation',
      toolbar: 'activation',
    },
    tied: {
      kind: 'switch',
      label: 'Tied weights',
      help: 'one matrix for embedding and output',
      default: true,
      option: 'tied',
      toolbar: 'tied',
    },
  },
  hiddenGain: 1,
} as const satisfies ProgramSettings;

/** Beside those that are built in. */
export const programsWithTest: SettingsByProgram = { ...builtInSettings, 'test-gpt': testSettings };
