import { maximumSteps } from '../../core/protocol/commands';
import {
  builtInSettings,
  describeRange,
  programSettingsOf,
  type SettingDescription,
  type SettingRange,
  type Settings,
  type SettingsByProgram,
  type SettingValue,
  settingsDescribed,
  type ValuesOf,
} from '../../core/protocol/settings';
import { UsageError } from './host';
import { choiceOf, type GivenOptions, numberOf, type Option, textOf } from './options';

const stepsRange: SettingRange = { label: 'Steps', minimum: 0, maximum: maximumSteps, integer: true, unit: 'steps' };

/** What decides a session and how far it goes: the same for every command. */
export interface SessionOptions {
  readonly settings: Settings;
  /** Path of the list of names; null for the built-in one. */
  readonly names: string | null;
  /** Whole steps, updates included. */
  readonly steps: number;
}

/**
 * The options that every command has: one a setting, whichever programs have it.
 * @param defaultSteps made where `--steps` is left out.
 * @param programs what can be run; the first of them is what runs where `--program` is left out.
 */
export function sessionOptions(defaultSteps: number, programs: SettingsByProgram = builtInSettings): readonly Option[] {
  const names = Object.keys(programs);
  return [
    { name: 'program', value: 'NAME', description: `${names.join(' or ')} (default ${names[0]})` },
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
    ...Array.from(usesByOption(programs), ([option, uses]) => describeOption(option, uses, names.length)),
  ];
}

/** A program's setting. */
interface Use {
  readonly program: string;
  readonly description: SettingDescription;
}

/** Who has the setting that an option sets. */
function usesByOption(programs: SettingsByProgram): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const [program, settings] of Object.entries(programs)) {
    for (const description of Object.values(settingsDescribed(settings))) {
      const option = optionOf(description);
      uses.set(option, [...(uses.get(option) ?? []), { program, description }]);
    }
  }
  return uses;
}

/** Of yes or no, the option says what is not the default. */
const optionOf = ({ kind, option, ...description }: SettingDescription) =>
  kind === 'switch' && description.default === true ? `no-${option}` : option;

/** Programs that say the same of the setting are told of together. */
function describeOption(name: string, uses: readonly Use[], programCount: number): Option {
  const byText = new Map<string, Use[]>();
  for (const use of uses) {
    const text = describeAccepted(use.description);
    byText.set(text, [...(byText.get(text) ?? []), use]);
  }
  const texts = Array.from(byText, ([text, same]) => {
    const only = same.length < programCount ? `; ${programsOf(same)} only` : '';
    return `${text} (${describeDefaults(same)})${only}`;
  });
  return { name, value: placeholderOf(uses), description: texts.join('; ') };
}

function describeAccepted(description: SettingDescription): string {
  switch (description.kind) {
    case 'number':
      return `${description.help}: ${describeRange(description)}`;
    case 'choice':
      return `${description.help}: ${Object.keys(description.choices).join(' or ')}`;
    case 'switch':
      return description.default ? `without ${description.help}` : description.help;
    default:
      return description satisfies never;
  }
}

const programsOf = (uses: readonly Use[]) => uses.map(({ program }) => program).join(' and ');

function placeholderOf([first]: readonly Use[]): string | null {
  if (first === undefined || first.description.kind === 'switch') return null;
  return first.description.kind === 'number' ? 'N' : 'NAME';
}

/** "default 64, deep-stack 100" where programs differ. */
function describeDefaults(uses: readonly Use[]): string {
  if (placeholderOf(uses) === null) return 'default: not';
  const defaults = uses.map(({ program, description }) => ({ program, text: describeDefault(description) }));
  const usual = defaults[0]?.text;
  const others = defaults.filter(({ text }) => text !== usual).map(({ program, text }) => `, ${program} ${text}`);
  return `default ${usual}${others.join('')}`;
}

function describeDefault({ default: value }: SettingDescription): string {
  // 5/3 would fill the line with sixes.
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value);
}

/**
 * Settings, names and steps from the options given; what was left out is the program's default.
 * @throws UsageError for a value out of range, naming it, and for an option that the program does not use.
 */
export function readSessionOptions(
  given: GivenOptions,
  defaultSteps: number,
  programs: SettingsByProgram = builtInSettings,
): SessionOptions {
  const names = Object.keys(programs);
  const program = choiceOf(given, 'program', names) ?? names[0] ?? '';
  refuseUnused(given, program, programs);
  const described = settingsDescribed(programSettingsOf(program, programs));
  const values = Object.entries(described).map(([name, description]) => [name, givenValue(given, description)]);
  const settings: Settings = { program, ...(Object.fromEntries(values) as ValuesOf<typeof described>) };
  return { settings, names: textOf(given, 'names'), steps: numberOf(given, 'steps', stepsRange) ?? defaultSteps };
}

function givenValue(given: GivenOptions, description: SettingDescription): SettingValue {
  const option = optionOf(description);
  switch (description.kind) {
    case 'number':
      return numberOf(given, option, description) ?? description.default;
    case 'choice':
      return choiceOf(given, option, Object.keys(description.choices)) ?? description.default;
    case 'switch':
      return given.has(option) ? !description.default : description.default;
    default:
      return description satisfies never;
  }
}

function refuseUnused(given: GivenOptions, program: string, programs: SettingsByProgram): void {
  for (const [option, uses] of usesByOption(programs)) {
    if (given.has(option) && !uses.some((use) => use.program === program)) {
      throw new UsageError(`--${option} is for ${programsOf(uses)} only; ${program} does not use it.`);
    }
  }
}
