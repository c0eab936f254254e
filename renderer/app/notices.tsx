import { dismissNotice, useStore } from '../state/store';
import { Icon } from '../ui/icon';
import styles from './notices.module.css';

/** What a person must see: a lost connection while it lasts, and notices until they are dismissed. */
export function Notices() {
  const notices = useStore((state) => state.notices);
  const isLost = useStore((state) => state.connection === 'lost');
  return (
    <div className={styles.notices}>
      {isLost ? (
        <div role="alert" className={styles.notice} data-level="warning">
          <Icon name="warning" />
          <p>The connection to the engine was lost. Reconnecting…</p>
        </div>
      ) : null}
      {notices.map(({ id, level, message }) => (
        <div key={id} role={level === 'info' ? 'status' : 'alert'} className={styles.notice} data-level={level}>
          <Icon name={level} />
          <p>{message}</p>
          <button type="button" aria-label="Dismiss" onClick={() => dismissNotice(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
