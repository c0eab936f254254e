import * as v from 'valibot';
import { arithmetics, initialisations, programNames, type Settings } from '../programs/settings';

export {
  type Arithmetic,
  arithmetics,
  defaultSettings,
  type Initialisation,
  initialisations,
  type ProgramName,
  programNames,
  type Settings,
  settingsOfOneProgram,
} from '../programs/settings';

/** Bounds of one numeric setting, both ends included. */
export interface SettingRange {
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly integer: boolean;
  /** What the number counts, for the control's unit; empty where it has none. */
  readonly unit: string;
}

export type NumericSetting = {
  [Key in keyof Settings]: Settings[Key] extends number ? Key : never;
}[keyof Settings];

/**
 * What each numeric setting accepts. Sizes are bounded by what stays interactive on two cores; two examples is the
 * least that a batch variance (divided by n − 1) is defined for.
 */
export const settingRanges: Readonly<Record<NumericSetting, SettingRange>> = {
  seed: { label: 'Seed', minimum: 0, maximum: 4294967295, integer: true, unit: '' },
  batchSize: { label: 'Batch size', minimum: 2, maximum: 1024, integer: true, unit: 'examples' },
  hiddenSize: { label: 'Hidden size', minimum: 1, maximum: 1024, integer: true, unit: 'units' },
  depth: { label: 'Depth', minimum: 1, maximum: 20, integer: true, unit: 'hidden layers' },
  gain: { label: 'Gain', minimum: 0, maximum: 10, integer: false, unit: '×' },
  learningRate: { label: 'Learning rate', minimum: 0, maximum: 10, integer: false, unit: '' },
  learningRateDropStep: { label: 'Drops at step', minimum: 0, maximum: 10_000_000, integer: true, unit: '' },
  droppedLearningRate: { label: 'Dropped learning rate', minimum: 0, maximum: 10, integer: false, unit: '' },
};

/** "a whole number from 2 to 1024", as refusals and hints say it. */
export function describeRange({ minimum, maximum, integer }: SettingRange): string {
  return `${integer ? 'a whole number' : 'a number'} from ${minimum} to ${maximum}`;
}

/** Why `value` is outside the range, naming both; null where it is inside. */
export function refuseNumber(range: SettingRange, value: number): string | null {
  const accepted = value >= range.minimum && value <= range.maximum && (!range.integer || Number.isInteger(value));
  return accepted ? null : `${range.label} must be ${describeRange(range)}, not ${value}.`;
}

/** Why `value` is not acceptable for the setting, naming the range; null where it is. */
export function refuseSetting(setting: NumericSetting, value: number): string | null {
  return refuseNumber(settingRanges[setting], value);
}

function within(setting: NumericSetting) {
  return v.pipe(
    v.number(),
    v.check(
      (value) => refuseSetting(setting, value) === null,
      (issue) => refuseSetting(setting, Number(issue.input)) ?? '',
    ),
  );
}

export const settingsSchema = v.strictObject({
  program: v.picklist(programNames),
  seed: within('seed'),
  batchSize: within('batchSize'),
  hiddenSize: within('hiddenSize'),
  initialisation: v.picklist(initialisations),
  depth: within('depth'),
  gain: within('gain'),
  batchNorm: v.boolean(),
  learningRate: within('learningRate'),
  learningRateDropStep: within('learningRateDropStep'),
  droppedLearningRate: within('droppedLearningRate'),
  arithmetic: v.picklist(arithmetics),
});

/** The settings that may change in the middle of a run: those of the update. */
export const ratesSchema = v.pick(settingsSchema, ['learningRate', 'learningRateDropStep', 'droppedLearningRate']);
export type Rates = v.InferOutput<typeof ratesSchema>;
