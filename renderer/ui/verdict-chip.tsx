import type { ReactNode } from 'react';
import type { Verdict } from '../../core/protocol/answers';
import styles from './verdict-chip.module.css';

/** Each verdict has a shape of its own, so that it can be told without its colour. */
const shapes: Readonly<Record<Verdict, ReactNode>> = {
  exact: <path d="M2.5 6.5 5 9l4.5-6" />,
  rounding: <path d="M2 5c1.3-1.6 2.7-1.6 4 0s2.7 1.6 4 0M2 8.5c1.3-1.6 2.7-1.6 4 0s2.7 1.6 4 0" />,
  wrong: <path d="m3 3 6 6M9 3 3 9" />,
  inherited: <path d="M3 2v5h6M6.5 4.5 9 7 6.5 9.5" />,
  missing: <circle cx="6" cy="6" r="3.5" strokeDasharray="1.8 1.8" />,
  shape: <path d="M2.5 2.5h7v7h-7zM2.5 6h7" />,
  vacuous: <path d="M6 2 10 6 6 10 2 6z" />,
};

export interface VerdictChipProps {
  readonly verdict: Verdict;
  /** Only the shape; the word is left to assistive technology and the tooltip. */
  readonly compact?: boolean;
  /** Set where the verdict is of an earlier step: the chip is drawn paler and its tooltip says so. */
  readonly staleStep?: number | undefined;
}

/** A verdict as shape, word and colour. */
export function VerdictChip({ verdict, compact = false, staleStep }: VerdictChipProps) {
  const title = staleStep === undefined ? verdict : `${verdict} at step ${staleStep}`;
  return (
    <span
      className={styles.chip}
      data-verdict={verdict}
      data-compact={compact || undefined}
      data-stale={staleStep !== undefined || undefined}
      title={title}
    >
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {shapes[verdict]}
      </svg>
      <span className={compact ? 'visually-hidden' : undefined}>{verdict}</span>
    </span>
  );
}
