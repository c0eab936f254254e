import { selectNode, useStore } from '../../state/store';
import styles from './what-if.module.css';

/** Something that is one thing live and would be another. */
export interface Bar {
  readonly key: string;
  readonly node: string;
  readonly live: number;
  readonly alternative: number;
}

interface BarPairsProps {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly format: (value: number) => string;
  /** Where a value stands between the left end, 0, and the right, 1. */
  readonly scale: (value: number) => number;
  /** A place to compare with. */
  readonly guide?: number;
}

/** A pair of bars for each layer or parameter. */
export function BarPairs({ title, bars, format, scale, guide }: BarPairsProps) {
  const selected = useStore((state) => state.selectedNode);
  const width = (value: number) => `${100 * Math.min(1, Math.max(0, Number.isFinite(value) ? scale(value) : 0))}%`;
  return (
    <section className={styles.pairs} aria-label={title}>
      <h4>{title}</h4>
      {bars.map(({ key, node, live, alternative }) => (
        <button
          key={key}
          type="button"
          className={styles.pair}
          aria-current={node === selected || undefined}
          onClick={() => selectNode(node)}
        >
          <span className={styles.key}>{key}</span>
          <span className={styles.tracks}>
            <span className={styles.liveBar} style={{ width: width(live) }} />
            <span className={styles.alternativeBar} style={{ width: width(alternative) }} />
            {guide === undefined ? null : <span className={styles.guide} style={{ left: `${100 * guide}%` }} />}
          </span>
          <span className={styles.figures}>
            <span>{format(live)}</span>
            <span>{format(alternative)}</span>
          </span>
        </button>
      ))}
    </section>
  );
}
