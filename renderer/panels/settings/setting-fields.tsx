import type { SettingDescription, SettingDescriptions } from '../../../core/protocol/settings';
import { NumberField } from '../../ui/number-field';
import { Choice } from './choice';
import type { Draft } from './draft';
import styles from './settings-dialog.module.css';

export interface SettingFieldsProps {
  readonly descriptions: SettingDescriptions;
  readonly draft: Draft;
  onChange(draft: Draft): void;
}

/** A labelled field for each setting. */
export function SettingFields({ descriptions, draft, onChange }: SettingFieldsProps) {
  return Object.entries(descriptions).map(([name, description]) => (
    <SettingField
      key={name}
      description={description}
      value={draft[name] ?? ''}
      onChange={(value) => onChange({ ...draft, [name]: value })}
    />
  ));
}

interface SettingFieldProps {
  readonly description: SettingDescription;
  readonly value: string | boolean;
  onChange(value: string | boolean): void;
}

function SettingField({ description, value, onChange }: SettingFieldProps) {
  switch (description.kind) {
    case 'number':
      return <NumberField range={description} text={String(value)} onChange={onChange} />;
    case 'choice': {
      const choices = Object.entries(description.choices);
      return (
        <Choice
          label={description.label}
          options={choices.map(([choice]) => choice)}
          value={String(value)}
          hint={choices.map(([choice, meaning]) => `${choice}: ${meaning}`).join('; ')}
          onChange={onChange}
        />
      );
    }
    case 'switch':
      return (
        <label className={styles.check}>
          <span>{description.label}</span>
          <input type="checkbox" checked={value === true} onChange={({ target }) => onChange(target.checked)} />
        </label>
      );
    default:
      return description satisfies never;
  }
}
