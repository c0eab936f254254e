import type { SettingDescriptions, SettingValue, ValuesOf } from '../../../core/protocol/settings';
import { readNumber } from '../../ui/number-text';

/** Settings while they are edited, by name: numbers are what was typed. */
export type Draft = Readonly<Record<string, string | boolean>>;

/** The settings that are described, their numbers as text that reads back as the same ones. */
export function draftOf(descriptions: SettingDescriptions, settings: Readonly<Record<string, SettingValue>>): Draft {
  const entries = Object.entries(descriptions).map(([name, { kind }]) => {
    const value = settings[name];
    return [name, kind === 'switch' ? value === true : String(value)];
  });
  return Object.fromEntries(entries);
}

/**
 * What the draft says.
 * @returns null where a field is refused.
 */
export function readDraft<Descriptions extends SettingDescriptions>(
  descriptions: Descriptions,
  draft: Draft,
): ValuesOf<Descriptions> | null {
  const values: Record<string, SettingValue> = {};
  for (const [name, description] of Object.entries(descriptions)) {
    const typed = draft[name] ?? '';
    const value = description.kind === 'number' ? readNumber(String(typed), description).value : typed;
    if (value === null) return null;
    values[name] = value;
  }
  return values as ValuesOf<Descriptions>;
}
