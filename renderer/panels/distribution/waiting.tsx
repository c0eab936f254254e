import styles from './distribution.module.css';

/** Where the first frame of a session has not come yet. */
export function Waiting({ what }: { readonly what: string }) {
  return <p className={styles.waiting}>Waiting for {what}…</p>;
}
