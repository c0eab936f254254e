import * as v from 'valibot';
import type {
  ProgramSettings,
  SettingDescription,
  SettingDescriptions,
  SettingRange,
  SettingValue,
  ValueOf,
} from '../programs/setting-description';
import {
  builtInSettings,
  defaultValues,
  forkSettings,
  type Rates,
  type Settings,
  type SettingsByProgram,
  settingsDescribed,
} from '../programs/settings';

export type {
  ProgramSettings,
  SettingDescription,
  SettingDescriptions,
  SettingRange,
  SettingValue,
  ValuesOf,
} from '../programs/setting-description';
export {
  type Arithmetic,
  builtInSettings,
  defaultSettings,
  defaultValues,
  forkSettings,
  hiddenGainOf,
  programNames,
  programSettingsOf,
  type Rates,
  ratesOf,
  type Settings,
  type SettingsByProgram,
  settingsDescribed,
  settingVariables,
  sharedSettings,
} from '../programs/settings';

/** "a whole number from 2 to 1024", as refusals and hints say it. */
export function describeRange({ minimum, maximum, integer }: SettingRange): string {
  return `${integer ? 'a whole number' : 'a number'} from ${minimum} to ${maximum}`;
}

/** Why `value` is outside the range, naming both; null where it is inside. */
export function refuseNumber(range: SettingRange, value: number): string | null {
  const accepted = value >= range.minimum && value <= range.maximum && (!range.integer || Number.isInteger(value));
  return accepted ? null : `${range.label} must be ${describeRange(range)}, not ${value}.`;
}

function within(range: SettingRange) {
  return v.pipe(
    v.number(),
    v.check(
      (value) => refuseNumber(range, value) === null,
      (issue) => refuseNumber(range, Number(issue.input)) ?? '',
    ),
  );
}

function valueSchema(description: SettingDescription): v.GenericSchema<SettingValue> {
  switch (description.kind) {
    case 'number':
      return within(description);
    case 'choice':
      return v.picklist(Object.keys(description.choices));
    case 'switch':
      return v.boolean();
    default:
      return description satisfies never;
  }
}

type Entries<Descriptions> = {
  readonly [Name in keyof Descriptions]: v.GenericSchema<ValueOf<Descriptions[Name]>>;
};

function entriesOf<Descriptions extends SettingDescriptions>(descriptions: Descriptions): Entries<Descriptions> {
  const entries = Object.entries(descriptions).map(([name, description]) => [name, valueSchema(description)]);
  return Object.fromEntries(entries) as Entries<Descriptions>;
}

/** Settings of one of these programs: exactly its own and those that every program has. */
export function settingsSchemaOf(programs: SettingsByProgram): v.GenericSchema<Settings> {
  const options = Object.entries(programs).map(([program, settings]) =>
    v.strictObject({ program: v.literal(program), ...entriesOf(settingsDescribed(settings)) }),
  );
  return v.variant('program', options);
}

/**
 * Settings as a file has them, which another version may have written: those of other programs are left out, and those of its
 * own that the program did not have yet are at their default.
 */
export function savedSettingsSchemaOf(programs: SettingsByProgram): v.GenericSchema<unknown, Settings> {
  const known = new Set(Object.values(programs).flatMap(({ own }) => Object.keys(own)));
  const ownOnly = (saved: unknown): unknown => {
    const settings = programOf(saved, programs);
    if (settings === undefined) return saved;
    const described = settingsDescribed(settings);
    const kept = Object.entries(saved as object).filter(([name]) => Object.hasOwn(described, name) || !known.has(name));
    return { ...defaultValues(settings.own), ...Object.fromEntries(kept) };
  };
  return v.pipe(v.unknown(), v.transform(ownOnly), settingsSchemaOf(programs));
}

function programOf(saved: unknown, programs: SettingsByProgram): ProgramSettings | undefined {
  if (typeof saved !== 'object' || saved === null || !('program' in saved)) return undefined;
  const { program } = saved;
  return typeof program === 'string' && Object.hasOwn(programs, program) ? programs[program] : undefined;
}

export const settingsSchema = settingsSchemaOf(builtInSettings);
export const savedSettingsSchema = savedSettingsSchemaOf(builtInSettings);
/** The settings that may change in the middle of a run: those of the update. */
export const ratesSchema: v.GenericSchema<Rates> = v.strictObject(entriesOf(forkSettings));
