import { parseArgs } from 'node:util';
import { describeRange, refuseNumber, type SettingRange } from '../../core/protocol/settings';
import { UsageError } from './host';
import { nearest } from './nearest';

/** An option of a command. */
export interface Option {
  /** Without its dashes. */
  readonly name: string;
  /** What stands for its value in the help: "N", "FILE"; null for a switch. */
  readonly value: string | null;
  /** What it sets, what it accepts, and what it is when left out. */
  readonly description: string;
}

/** The options that were given: a value, or true for a switch. */
export type GivenOptions = ReadonlyMap<string, string | true>;

/** A command line's arguments. */
export interface Arguments {
  readonly options: GivenOptions;
  /** What is no option, in order. */
  readonly files: readonly string[];
}

/**
 * Reads arguments against a command's options. The last of a repeated option counts.
 * @param takesFiles whether anything that is no option is the path of a file.
 * @throws UsageError for an option that does not exist, one without its value, and for files where none are taken.
 */
export function parseArguments(argv: readonly string[], options: readonly Option[], takesFiles: boolean): Arguments {
  const known = new Map(options.map((option) => [option.name, option]));
  const types = options.map(({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' }] as const);
  // Not strict: its own messages would not name what is accepted instead.
  const config = { strict: false, tokens: true, allowPositionals: true, options: Object.fromEntries(types) } as const;
  const given = new Map<string, string | true>();
  const files: string[] = [];
  for (const token of parseArgs({ ...config, args: [...argv] }).tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (!takesFiles) throw new UsageError(`'${token.value}' is not an option.`);
      files.push(token.value);
      continue;
    }
    const { name, rawName, value } = token;
    const option = known.get(name);
    if (option === undefined) {
      const suggestion = nearest(name, [...known.keys()]);
      const hint = suggestion === null ? '' : ` Did you mean --${suggestion}?`;
      throw new UsageError(`There is no option ${rawName}.${hint}`);
    }
    given.set(name, option.value === null ? switchValue(name, value) : requiredValue(option.value, token));
  }
  return { options: given, files };
}

function switchValue(name: string, value: string | undefined): true {
  if (value !== undefined) throw new UsageError(`--${name} takes no value, so not '${value}' either.`);
  return true;
}

interface OptionToken {
  readonly name: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function requiredValue(placeholder: string, { name, value, inlineValue }: OptionToken): string {
  if (value === undefined || value === '') throw new UsageError(`--${name} needs a value: --${name} ${placeholder}.`);
  if (value.startsWith('--') && inlineValue !== true) {
    throw new UsageError(`--${name} needs a value before ${value}: --${name} ${placeholder}.`);
  }
  return value;
}

/** The text of an option with a value; null where it was not given. */
export function textOf(given: GivenOptions, name: string): string | null {
  const value = given.get(name);
  return typeof value === 'string' ? value : null;
}

/** Decimal notation only: Number() would also read '', '0x10' and 'Infinity'. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number of an option; null where it was not given. @throws UsageError naming the accepted range. */
export function numberOf(given: GivenOptions, name: string, range: SettingRange): number | null {
  const text = textOf(given, name);
  if (text === null) return null;
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  if (refuseNumber(range, value) !== null) {
    throw new UsageError(`--${name} must be ${describeRange(range)}, not '${text}'.`);
  }
  return value;
}

/** One of several words; null where the option was not given. @throws UsageError naming them all. */
export function choiceOf<Choice extends string>(
  given: GivenOptions,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const text = textOf(given, name);
  if (text === null) return null;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not '${text}'.`);
  return choice;
}
