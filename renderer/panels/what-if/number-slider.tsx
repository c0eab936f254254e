import { useId } from 'react';
import { formatShort } from '../../ui/format';
import styles from './what-if.module.css';

interface NumberSliderProps {
  readonly range: { readonly label: string; readonly minimum: number; readonly maximum: number; readonly unit: string };
  readonly value: number;
  /** What the live run has. */
  readonly live: number;
  onChange(value: number): void;
}

/** Steps of a slider from end to end: it goes by ratios, since each of these numbers does. */
const steps = 200;

/** A number on a logarithmic slider. */
export function NumberSlider({ range, value, live, onChange }: NumberSliderProps) {
  const id = useId();
  const { label, minimum, maximum, unit } = range;
  const span = Math.log(maximum / minimum);
  const place = (number: number) => Math.round((steps * Math.log(number / minimum)) / span);
  const numberAt = (at: number) =>
    Math.min(maximum, Math.max(minimum, Number((minimum * Math.exp((span * at) / steps)).toPrecision(3))));
  return (
    <div className={styles.slider}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={steps}
        value={place(value)}
        aria-valuetext={`${formatShort(value)} ${unit}`}
        onChange={({ target }) => onChange(numberAt(Number(target.value)))}
      />
      <output htmlFor={id}>
        {formatShort(value)} {unit}
      </output>
      <span className={styles.live}>live {formatShort(live)}</span>
    </div>
  );
}
