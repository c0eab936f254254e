import type { NumberSetting, SettingDescription } from './setting-description';

/** A setting that every program has. */
type SharedSetting = SettingDescription & {
  /** Whether a branch may change it in the middle of a run: true of what only the updates read. */
  readonly atFork: boolean;
};

/**
 * The settings that every program has. Two examples are the least that a batch variance (divided by n − 1) is defined for; the
 * most is what stays interactive on two cores.
 */
export const sharedSettings = {
  seed: {
    kind: 'number',
    label: 'Seed',
    help: 'seed of first values and minibatches',
    minimum: 0,
    maximum: 4294967295,
    integer: true,
    unit: '',
    default: 2147483647,
    option: 'seed',
    toolbar: null,
    atFork: false,
  },
  batchSize: {
    kind: 'number',
    label: 'Batch size',
    help: 'examples a minibatch',
    minimum: 2,
    maximum: 1024,
    integer: true,
    unit: 'examples',
    default: 32,
    option: 'batch',
    toolbar: 'batch',
    atFork: false,
  },
  learningRate: {
    kind: 'number',
    label: 'Learning rate',
    help: 'learning rate',
    minimum: 0,
    maximum: 10,
    integer: false,
    unit: '',
    default: 0.1,
    option: 'lr',
    toolbar: 'lr',
    atFork: true,
  },
  learningRateDropStep: {
    kind: 'number',
    label: 'Drops at step',
    help: 'first step of the dropped learning rate',
    minimum: 0,
    maximum: 10_000_000,
    integer: true,
    unit: '',
    default: 100_000,
    option: 'lr-drop-step',
    toolbar: null,
    atFork: true,
  },
  droppedLearningRate: {
    kind: 'number',
    label: 'Dropped learning rate',
    help: 'dropped learning rate',
    minimum: 0,
    maximum: 10,
    integer: false,
    unit: '',
    default: 0.01,
    option: 'lr-dropped',
    toolbar: null,
    atFork: true,
  },
  arithmetic: {
    kind: 'choice',
    label: 'Arithmetic',
    help: 'the same bits on every machine, or fused where this one can',
    choices: {
      reproducible: 'the same bits on every machine',
      fast: 'multiply and add fused where this one can',
    },
    default: 'reproducible',
    option: 'arithmetic',
    toolbar: null,
    atFork: false,
  },
} as const satisfies Readonly<Record<string, SharedSetting>>;

/** Of the programs that have hidden layers, all of one size; each has a default of its own. */
export const hiddenSizeSetting = {
  kind: 'number',
  label: 'Hidden size',
  help: 'units of each hidden layer',
  minimum: 1,
  maximum: 1024,
  integer: true,
  unit: 'units',
  option: 'hidden',
  toolbar: 'hidden',
  variable: 'n_hidden',
} as const satisfies Omit<NumberSetting, 'default'>;
