import { useId } from 'react';
import { describeRange, type SettingRange } from '../../core/protocol/settings';
import styles from './number-field.module.css';
import { readNumber } from './number-text';

export interface NumberFieldProps {
  readonly range: SettingRange;
  /** What stands in the field, as typed. */
  readonly text: string;
  onChange(text: string): void;
}

/** A labelled number with its unit and, below, its range, or why what was typed is refused. */
export function NumberField({ range, text, onChange }: NumberFieldProps) {
  const id = useId();
  const { refusal } = readNumber(text, range);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{range.label}</label>
      <div className={styles.control}>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          value={text}
          aria-invalid={refusal !== null}
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => onChange(target.value)}
        />
        <span className={styles.unit}>{range.unit}</span>
      </div>
      <p id={`${id}-hint`} className={styles.hint} data-refused={refusal !== null || undefined} aria-live="polite">
        {refusal ?? describeRange(range)}
      </p>
    </div>
  );
}
