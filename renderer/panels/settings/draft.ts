import {
  defaultSettings,
  type NumericSetting,
  type ProgramName,
  type Settings,
  settingRanges,
  settingsOfOneProgram,
} from '../../../core/protocol/settings';
import { readNumber } from '../../ui/number-text';

/** Settings while they are edited: numbers are what was typed. */
export type Draft = { readonly [Key in keyof Settings]: Settings[Key] extends number ? string : Settings[Key] };

/** The order in which the dialog asks for the numbers. */
export const numericSettings = [
  'seed',
  'batchSize',
  'hiddenSize',
  'depth',
  'gain',
  'learningRate',
  'learningRateDropStep',
  'droppedLearningRate',
] as const satisfies readonly NumericSetting[];

/** The settings as text that reads back as the same numbers. */
export function draftOf(settings: Settings): Draft {
  const texts = Object.fromEntries(numericSettings.map((setting) => [setting, String(settings[setting])]));
  return { ...settings, ...(texts as Record<NumericSetting, string>) };
}

/** Whether the program reads this setting. */
export function appliesTo(program: ProgramName, setting: keyof Settings): boolean {
  return (settingsOfOneProgram[setting] ?? program) === program;
}

/**
 * What the draft says. A setting that its program does not read is taken at its default, so that a hidden field cannot
 * refuse the dialog.
 * @returns null where a field that is shown is refused.
 */
export function readDraft(draft: Draft): Settings | null {
  const defaults = defaultSettings(draft.program);
  const numbers: Partial<Record<NumericSetting, number>> = {};
  for (const setting of numericSettings) {
    if (!appliesTo(draft.program, setting)) {
      numbers[setting] = defaults[setting];
      continue;
    }
    const { value } = readNumber(draft[setting], settingRanges[setting]);
    if (value === null) return null;
    numbers[setting] = value;
  }
  return { ...defaults, ...draft, ...(numbers as Record<NumericSetting, number>) };
}
