import { useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import styles from './samples-panel.module.css';

/** Says which step an answer is of, and that the session has moved on where it has. */
export function StepNote({ step, what }: { readonly step: number; readonly what: string }) {
  const isStale = useStore((state) => state.step !== step);
  return (
    <p className={styles.note}>
      {what} · step {formatCount(step)}
      {isStale ? ' · the session has moved on since' : ''}
    </p>
  );
}
