import { maximumSteps } from '../../core/protocol/commands';
import {
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

/** The option that sets each setting, in the order of the help. */
const optionNames: Readonly<Record<ProgramSetting, string>> = {
  hiddenSize: 'hidden',
  batchSize: 'batch',
  seed: 'seed',
  initialisation: 'init',
  depth: 'depth',
  gain: 'gain',
  batchNorm: 'batch-norm',
  learningRate: 'lr',
  learningRateDropStep: 'lr-drop-step',
  droppedLearningRate: 'lr-dropped',
};
const settingNames = Object.keys(optionNames) as ProgramSetting[];

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
  const name = optionNames[setting];
  const only = settingsOfOneProgram[setting];
  const end = only === undefined ? '' : `; ${only} only`;
  if (setting === 'batchNorm') {
    return { name, value: null, description: `follow every Linear by a BatchNorm1d (default: without)${end}` };
  }
  const defaults = `(default ${describeDefault(setting)})${end}`;
  if (setting === 'initialisation') {
    return { name, value: 'NAME', description: `first values: ${initialisations.join(' or ')} ${defaults}` };
  }
  const range = settingRanges[setting];
  return { name, value: 'N', description: `${range.label.toLowerCase()}: ${describeRange(range)} ${defaults}` };
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
    numberOf(given, optionNames[setting], settingRanges[setting]) ?? defaults[setting];
  const settings: Settings = {
    program,
    seed: number('seed'),
    batchSize: number('batchSize'),
    hiddenSize: number('hiddenSize'),
    initialisation: choiceOf(given, optionNames.initialisation, initialisations) ?? defaults.initialisation,
    depth: number('depth'),
    gain: number('gain'),
    batchNorm: given.has(optionNames.batchNorm) || defaults.batchNorm,
    learningRate: number('learningRate'),
    learningRateDropStep: number('learningRateDropStep'),
    droppedLearningRate: number('droppedLearningRate'),
  };
  return { settings, names: textOf(given, 'names'), steps: numberOf(given, 'steps', stepsRange) ?? defaultSteps };
}

function refuseUnused(given: GivenOptions, program: Settings['program']): void {
  for (const setting of settingNames) {
    const only = settingsOfOneProgram[setting];
    if (only !== undefined && only !== program && given.has(optionNames[setting])) {
      throw new UsageError(
        `--${optionNames[setting]} is an option of ${only}; ${program} does not use it. Leave it out, or give --program ${only}.`,
      );
    }
  }
}
