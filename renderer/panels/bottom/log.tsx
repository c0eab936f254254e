import { useEffect, useRef } from 'react';
import { useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import { Icon } from '../../ui/icon';
import styles from './bottom-panel.module.css';

/** What happened, oldest first, with the step at which it did. */
export function Log() {
  const lines = useStore((state) => state.log);
  const list = useRef<HTMLDivElement>(null);

  // Follows the newest line.
  useEffect(() => {
    if (lines.length > 0) list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }, [lines]);

  if (lines.length === 0) return <p className={styles.empty}>Nothing has been logged yet.</p>;
  return (
    <div ref={list} role="log" aria-label="Log" className={styles.log}>
      {lines.map(({ id, level, message, step }) => (
        <div key={id} className={styles.logLine} data-level={level}>
          <Icon name={level} />
          <span className="visually-hidden">{level}</span>
          <span className={styles.logStep}>step {formatCount(step)}</span>
          <span>{message}</span>
        </div>
      ))}
    </div>
  );
}
