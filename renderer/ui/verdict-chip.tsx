import type { Verdict } from '../../core/protocol/answers';
import styles from './verdict-chip.module.css';
import { verdictMeanings } from './verdict-meanings';
import { verdictPaths } from './verdict-paths';

export interface VerdictChipProps {
  readonly verdict: Verdict;
  /** Only the shape; the word is left to assistive technology and the tooltip. */
  readonly compact?: boolean;
  /** Set where the verdict is of an earlier step: the chip is drawn paler and its tooltip says so. */
  readonly staleStep?: number | undefined;
}

/** A verdict as shape, word and colour. */
export function VerdictChip({ verdict, compact = false, staleStep }: VerdictChipProps) {
  const when = staleStep === undefined ? '' : ` at step ${staleStep}`;
  const title = `${verdict}${when}: ${verdictMeanings[verdict]}`;
  return (
    <span
      className={styles.chip}
      data-verdict={verdict}
      data-compact={compact || undefined}
      data-stale={staleStep !== undefined || undefined}
      title={title}
    >
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={verdictPaths[verdict]} />
      </svg>
      <span className={compact ? 'visually-hidden' : undefined}>{verdict}</span>
    </span>
  );
}
