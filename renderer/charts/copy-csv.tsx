import { copyText } from '../state/session-actions';
import styles from './charts.module.css';
import { type TableData, toCsv } from './csv';

interface CopyCsvProps {
  /** What the table is of, to whoever hears the button instead of seeing where it stands. */
  readonly title: string;
  /** Called only when somebody wants the numbers. */
  readonly table: () => TableData;
}

/** The button that takes a table away. */
export function CopyCsv({ title, table }: CopyCsvProps) {
  return (
    <button
      type="button"
      className={styles.copyCsv}
      aria-label={`Copy as CSV: ${title}`}
      onClick={() => void copyText(toCsv(table()))}
    >
      Copy as CSV
    </button>
  );
}
