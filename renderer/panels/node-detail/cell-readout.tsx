import type { NodeDetail } from '../../../core/protocol/answers';
import type { Cell } from '../../charts/fold';
import { formatCount, formatFloat32, formatIndex } from '../../ui/format';
import styles from './node-detail.module.css';
import { numbersAt } from './quantities';

interface CellReadoutProps {
  readonly detail: NodeDetail;
  readonly cursor: Cell;
  /** Whether there is a manual gradient to tell of. */
  readonly isChecked: boolean;
}

/** Everything at the cursor, every digit that a float32 has. */
export function CellReadout({ detail, cursor, isChecked }: CellReadoutProps) {
  const numbers = numbersAt(detail, cursor);
  const figure = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : formatFloat32(value);
  const ulp = numbers?.ulp;
  const entries: (readonly [title: string, text: string])[] = [
    ['cell', `${detail.node}${numbers === null ? '' : formatIndex(numbers.index)}`],
    ['value', figure(numbers?.value)],
    ['autograd', figure(numbers?.gradient)],
  ];
  if (isChecked) {
    entries.push(
      ['manual', figure(numbers?.manual)],
      ['difference', figure(numbers?.difference)],
      ['distance', ulp === null || ulp === undefined ? '–' : `${formatCount(ulp)} ULP`],
    );
  }
  return (
    <output className={styles.readout} aria-label="Cell at the cursor">
      {entries.map(([title, text]) => (
        <span key={title} className={styles.entry}>
          <span className="muted">{title}</span>
          <span className="mono">{text}</span>
        </span>
      ))}
    </output>
  );
}
