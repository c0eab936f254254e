import { useStore } from '../../state/store';
import { formatCount, formatFixed } from '../../ui/format';
import styles from './toolbar.module.css';

/** "3.1k": how fast it runs, short enough not to flicker. */
function formatRate(stepsPerSecond: number): string {
  if (stepsPerSecond >= 1000) return `${(stepsPerSecond / 1000).toFixed(1)}k`;
  return stepsPerSecond.toFixed(0);
}

/** Step, loss and pace. Every figure has a box of fixed width, so that nothing moves while they change. */
export function Readout() {
  const hasSession = useStore((state) => state.session !== null);
  const step = useStore((state) => state.step);
  const loss = useStore((state) => state.loss);
  const isRunning = useStore((state) => state.running);
  const rate = useStore((state) => state.frame?.stepsPerSecond ?? 0);
  return (
    <output className={styles.readout} aria-label="Readout" aria-live="off">
      <span>
        step <b className={styles.step}>{hasSession ? formatCount(step) : '—'}</b>
      </span>
      <span className="visually-hidden"> · </span>
      <span>
        loss <b className={styles.loss}>{hasSession ? formatFixed(loss, 3) : '—'}</b>
      </span>
      <span className="visually-hidden"> · </span>
      <span>
        <b className={styles.rate}>{isRunning ? formatRate(rate) : '—'}</b> steps/s
      </span>
    </output>
  );
}
