/** Bounds of a number, both ends included. */
export interface SettingRange {
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly integer: boolean;
  /** What the number counts; empty where it has no unit. */
  readonly unit: string;
}

interface Described {
  /** What the dialog calls it. */
  readonly label: string;
  /** What it decides: a short phrase in lower case. */
  readonly help: string;
  /** The command line's option that sets it, without its dashes. */
  readonly option: string;
  /** What the toolbar calls it, beside its value; null where the toolbar does not show it. */
  readonly toolbar: string | null;
}

/** A number, whole or not. */
export interface NumberSetting extends Described, SettingRange {
  readonly kind: 'number';
  readonly default: number;
  /** The notebook's name for it, by which a person's code reads it. */
  readonly variable?: string;
}

/** One of several words. */
interface ChoiceSetting extends Described {
  readonly kind: 'choice';
  /** What each word means, in the order in which they are offered. */
  readonly choices: Readonly<Record<string, string>>;
  readonly default: string;
}

/** Yes or no. */
interface SwitchSetting extends Described {
  readonly kind: 'switch';
  readonly default: boolean;
}

/**
 * One setting, told once: the dialog, the command line's option and its help, what is refused and the toolbar's figure are all
 * made from this.
 */
export type SettingDescription = NumberSetting | ChoiceSetting | SwitchSetting;

/** Settings by name. */
export type SettingDescriptions = Readonly<Record<string, SettingDescription>>;

/** What a setting of that description can be. */
export type ValueOf<Description> = Description extends NumberSetting
  ? number
  : Description extends { readonly kind: 'choice'; readonly choices: infer Choices }
    ? keyof Choices & string
    : Description extends SwitchSetting
      ? boolean
      : never;

/** A value for each setting. */
export type ValuesOf<Descriptions> = { readonly [Name in keyof Descriptions]: ValueOf<Descriptions[Name]> };

export type SettingValue = ValueOf<SettingDescription>;

/** What a program has of settings besides those that every program has. */
export interface ProgramSettings<Own extends SettingDescriptions = SettingDescriptions> {
  /**
   * By name. One that is added later has as its default what the program did before: saved sessions that lack it are opened
   * with that.
   */
  readonly own: Own;
  /** What the weights of the hidden layers are multiplied by at the start: a number, or the name of the setting that says it. */
  readonly hiddenGain: number | string;
}
