import { useLab } from '../../state/lab';
import { hideHints, revealHint } from '../../state/lab-actions';
import styles from './exercises.module.css';
import { Formula } from './formula';
import type { Hints } from './hints';

const hintTitles = ['Show the rule', 'Show the shape', 'Show the code'] as const;

interface HintListProps {
  /** Under which the number of revealed hints is kept. */
  readonly hintKey: string;
  readonly hints: Hints;
}

/** Hints from the rule to the code, each only when asked for. */
export function HintList({ hintKey, hints }: HintListProps) {
  const shown = useLab((lab) => lab.hints[hintKey] ?? 0);
  const next = hintTitles[shown];
  return (
    <div className={styles.hints}>
      {shown >= 1 && (
        <div>
          <p>{hints.because}</p>
          <Formula tex={hints.rule} />
        </div>
      )}
      {shown >= 2 && <p>{hints.shape}</p>}
      {shown >= 3 && <pre className={styles.code}>{hints.code}</pre>}
      <div className={styles.hintButtons}>
        {next === undefined ? null : (
          <button type="button" onClick={() => revealHint(hintKey, hintTitles.length)}>
            {next}
          </button>
        )}
        {shown > 0 && (
          <button type="button" onClick={() => hideHints(hintKey)}>
            Hide
          </button>
        )}
      </div>
    </div>
  );
}
