import { decomposedMlpSettings } from './decomposed-mlp/settings';
import { deepStackSettings } from './deep-stack/settings';
import type { ProgramSettings, SettingDescriptions, ValuesOf } from './setting-description';
import { sharedSettings } from './shared-settings';

export { sharedSettings } from './shared-settings';

/** What programs have of settings, by the program's name. */
export type SettingsByProgram = Readonly<Record<string, ProgramSettings>>;

/** The settings of the programs that are built in. */
export const builtInSettings = {
  'decomposed-mlp': decomposedMlpSettings,
  'deep-stack': deepStackSettings,
} as const satisfies SettingsByProgram;

/** The programs that are built in. */
export type ProgramName = keyof typeof builtInSettings;
export const programNames = Object.keys(builtInSettings) as readonly ProgramName[];

/**
 * How numbers are computed: `reproducible` gives the same bits on every machine, `fast` fuses multiply and add where the
 * machine can.
 */
export type Arithmetic = ValuesOf<typeof sharedSettings>['arithmetic'];

/** The settings of a program that has these of its own. */
export type SettingsWith<Own extends SettingDescriptions> = { readonly program: string } & ValuesOf<
  typeof sharedSettings
> &
  ValuesOf<Own>;

/** Everything that, with the data, decides a run bit for bit: the settings that every program has, and the program's own. */
export type Settings = SettingsWith<SettingDescriptions>;

/** The settings of a program that is built in. */
export type SettingsOf<Name extends ProgramName> = Name extends ProgramName
  ? SettingsWith<(typeof builtInSettings)[Name]['own']>
  : never;

type SharedName = keyof typeof sharedSettings;
type ForkName = {
  [Name in SharedName]: (typeof sharedSettings)[Name]['atFork'] extends true ? Name : never;
}[SharedName];

const forkNames = (Object.keys(sharedSettings) as SharedName[]).filter(
  (name): name is ForkName => sharedSettings[name].atFork,
);
/** The settings that a branch may change in the middle of a run: those of the update. */
export const forkSettings = pick(sharedSettings, forkNames);
export type Rates = Pick<ValuesOf<typeof sharedSettings>, ForkName>;

/** Those of the settings that a branch may change. */
export const ratesOf = (settings: Settings): Rates => pick<Settings, ForkName>(settings, forkNames);

/** Every setting of a program, those that all have first: the order in which they are shown. */
export function settingsDescribed<Own extends SettingDescriptions>({
  own,
}: ProgramSettings<Own>): typeof sharedSettings & Own {
  return { ...sharedSettings, ...own };
}

/** What a program has of settings. @throws RangeError where there is no such program. */
export function programSettingsOf(program: string, programs: SettingsByProgram = builtInSettings): ProgramSettings {
  const found = Object.hasOwn(programs, program) ? programs[program] : undefined;
  if (found === undefined) {
    throw new RangeError(`There is no program '${program}'. The programs are ${Object.keys(programs).join(', ')}.`);
  }
  return found;
}

/** What settings are where nobody chooses: the notebook's figures. */
export function defaultValues<Descriptions extends SettingDescriptions>(
  descriptions: Descriptions,
): ValuesOf<Descriptions> {
  const defaults = Object.entries(descriptions).map(([name, description]) => [name, description.default]);
  return Object.fromEntries(defaults) as ValuesOf<Descriptions>;
}

/** The settings of a built-in program where nobody chooses. */
export function defaultSettings<Name extends ProgramName>(program: Name): SettingsOf<Name> {
  const settings: Settings = { program, ...defaultValues(settingsDescribed(programSettingsOf(program))) };
  return settings as SettingsOf<Name>;
}

/** The learning rate that the update of `step` uses. */
export function learningRateAt(rates: Rates, step: number): number {
  return step < rates.learningRateDropStep ? rates.learningRate : rates.droppedLearningRate;
}

/** What the weights of the hidden layers were multiplied by at the start. */
export function hiddenGainOf(settings: Settings): number {
  const { hiddenGain } = programSettingsOf(settings.program);
  return typeof hiddenGain === 'number' ? hiddenGain : Number(settings[hiddenGain]);
}

/** The program's own settings that a person's code reads, by the notebook's names. */
export function settingVariables(settings: Settings): Readonly<Record<string, number>> {
  const { own } = programSettingsOf(settings.program);
  const variables = Object.entries(own).flatMap(([name, description]): [string, number][] =>
    description.kind === 'number' && description.variable !== undefined
      ? [[description.variable, Number(settings[name])]]
      : [],
  );
  return Object.fromEntries(variables);
}

function pick<Whole, Name extends keyof Whole>(whole: Whole, names: readonly Name[]): Pick<Whole, Name> {
  return Object.fromEntries(names.map((name) => [name, whole[name]])) as Pick<Whole, Name>;
}
