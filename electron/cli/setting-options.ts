import { maximumSteps } from '../../core/protocol/commands';
import {
  arithmetics,
  defaultSettings,
  describeRange,
  initialisations,
  type NumericSetting,
  programNames,
  type SettingRange,
  type Settings,
  settingRanges,
  settingsOfOneProgram,
} from '../../core/protocol/settings';
import { UsageError } from './host';
import { choiceOf, type GivenOptions, numberOf, type Option, textOf } from './options';

type ProgramSetting = Exclude<keyof Settings, 'program'>;

const defaultProgram = 'decomposed-mlp';

interface SettingOption {
  /** Without its dashes. */
  readonly name: string;
  /** What it sets, as the help says it. */
  readonly meaning: string;
}

/** The option that sets each setting, in the order of the help. */
const settingOptions: Readonly<Record<ProgramSetting, SettingOption>> = {
  hiddenSize: { name: 'hidden', meaning: 'units of each hidden layer' },
  batchSize: { name: 'batch', meaning: 'examples a minibatch' },
  seed: { name: 'seed', meaning: 'seed of first values and minibatches' },
  initialisation: { name: 'init', meaning: 'first values' },
  depth: { name: 'depth', meaning: 'hidden layers' },
  gain: { name: 'gain', meaning: 'multiplies the weights of all Linears but the last' },
  batchNorm: { name: 'batch-norm', meaning: 'follow every Linear by a BatchNorm1d' },
  learningRate: { name: 'lr', meaning: 'learning rate' },
  learningRateDropStep: { name: 'lr-drop-step', meaning: 'first step of the dropped learning rate' },
  droppedLearningRate: { name: 'lr-dropped', meaning: 'dropped learning rate' },
  arithmetic: { name: 'arithmetic', meaning: 'the same bits on every machine, or fused where this one can' },
};
const settingNames = Object.keys(settingOptions) as ProgramSetting[];

const stepsRange: SettingRange = { label: 'Steps', minimum: 0, maximum: maximumSteps, integer: true, unit: 'steps' };

/** What decides a session and how far it goes: the same for every command. */
export interface SessionOptions {
  readonly settings: Settings;
  /** Path of the list of names; null for the built-in one. */
  readonly names: string | null;
  /** Whole steps, updates included. */
  readonly steps: number;
}

/** The options that every command has. `defaultSteps` are made where `--steps` is left out. */
export function sessionOptions(defaultSteps: number): readonly Option[] {
  return [
    { name: 'program', value: 'NAME', description: `${programNames.join(' or ')} (default ${defaultProgram})` },
    {
      name: 'steps',
      value: 'N',
      description: `whole steps, updates included: ${describeRange(stepsRange)} (default ${defaultSteps})`,
    },
    {
      name: 'names',
      value: 'FILE',
      description: 'UTF-8 text with one word a line (default: a built-in list of names)',
    },
    ...settingNames.map(describeSetting),
  ];
}

function describeSetting(setting: ProgramSetting): Option {
  const { name, meaning } = settingOptions[setting];
  const only = settingsOfOneProgram[setting];
  const end = only === undefined ? '' : `; ${only} only`;
  if (setting === 'batchNorm') return { name, value: null, description: `${meaning} (default: not)${end}` };
  const choices = setting === 'initialisation' ? initialisations : setting === 'arithmetic' ? arithmetics : null;
  const isNumeric = choices === null;
  const accepted = choices?.join(' or ') ?? describeRange(settingRanges[setting as NumericSetting]);
  const description = `${meaning}: ${accepted} (default ${describeDefault(setting)})${end}`;
  return { name, value: isNumeric ? 'N' : 'NAME', description };
}

/** "64, deep-stack 100" where programs differ. */
function describeDefault(setting: ProgramSetting): string {
  const usual = defaultOf(setting, defaultProgram);
  const others = programNames
    .filter((program) => defaultOf(setting, program) !== usual)
    .map((program) => `, ${program} ${defaultOf(setting, program)}`);
  return `${usual}${others.join('')}`;
}

function defaultOf(setting: ProgramSetting, program: Settings['program']): string {
  const value = defaultSettings(program)[setting];
  // 5/3 would fill the line with sixes.
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value);
}

/**
 * Settings, names and steps from the options given; what was left out is the program's default.
 * @throws UsageError for a value out of range, naming it, and for an option that the program does not use.
 */
export function readSessionOptions(given: GivenOptions, defaultSteps: number): SessionOptions {
  const program = choiceOf(given, 'program', programNames) ?? defaultProgram;
  refuseUnused(given, program);
  const defaults = defaultSettings(program);
  const number = (setting: NumericSetting) =>
    numberOf(given, settingOptions[setting].name, settingRanges[setting]) ?? defaults[setting];
  const settings: Settings = {
    program,
    seed: number('seed'),
    batchSize: number('batchSize'),
    hiddenSize: number('hiddenSize'),
    initialisation: choiceOf(given, settingOptions.initialisation.name, initialisations) ?? defaults.initialisation,
    depth: number('depth'),
    gain: number('gain'),
    batchNorm: given.has(settingOptions.batchNorm.name) || defaults.batchNorm,
    learningRate: number('learningRate'),
    learningRateDropStep: number('learningRateDropStep'),
    droppedLearningRate: number('droppedLearningRate'),
    arithmetic: choiceOf(given, settingOptions.arithmetic.name, arithmetics) ?? defaults.arithmetic,
  };
  return { settings, names: textOf(given, 'names'), steps: numberOf(given, 'steps', stepsRange) ?? defaultSteps };
}

function refuseUnused(given: GivenOptions, program: Settings['program']): void {
  for (const setting of settingNames) {
    const only = settingsOfOneProgram[setting];
    if (only !== undefined && only !== program && given.has(settingOptions[setting].name)) {
      throw new UsageError(`--${settingOptions[setting].name} is for ${only} only; ${program} does not use it.`);
    }
  }
}
