import type { SettingDescription, SettingDescriptions, SettingValue } from '../../../core/protocol/settings';
import { formatShort } from '../../ui/format';

/** A setting as the toolbar shows it. */
export interface SettingFigure {
  readonly name: string;
  readonly label: string;
  readonly text: string;
  /** What it is, for a person who points at it. */
  readonly title: string;
}

/** The settings that the toolbar shows. */
export function settingFigures(
  descriptions: SettingDescriptions,
  settings: Readonly<Record<string, SettingValue>>,
): readonly SettingFigure[] {
  return Object.entries(descriptions).flatMap(([name, description]) => {
    const { toolbar, help } = description;
    if (toolbar === null) return [];
    const title = help.charAt(0).toUpperCase() + help.slice(1);
    return [{ name, label: toolbar, text: textOf(description, settings[name]), title }];
  });
}

function textOf(description: SettingDescription, value: SettingValue | undefined): string {
  switch (description.kind) {
    case 'number':
      return description.integer ? String(value) : formatShort(Number(value));
    case 'choice':
      return String(value);
    case 'switch':
      return value === true ? 'on' : 'off';
    default:
      return description satisfies never;
  }
}
