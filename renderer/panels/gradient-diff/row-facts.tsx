import type { CheckRow } from '../../../core/protocol/answers';
import { showLine } from '../../state/lab-actions';
import { formatShort } from '../../ui/format';
import { VerdictChip } from '../../ui/verdict-chip';
import styles from './gradient-diff.module.css';
import { pytorchHelp } from './row-help';

/** What a check says of one node, in words: why, within which bound, what else, and every answer where there are several. */
export function RowFacts({ row }: { readonly row: CheckRow }) {
  const { reason, maxdiff, bound, notes, answers } = row;
  const help = pytorchHelp(row);
  return (
    <div className={styles.facts}>
      <p className={styles.reason}>{reason}</p>
      {bound !== null && maxdiff !== null && (
        <p className={styles.reason}>
          maxdiff {formatShort(maxdiff, 3)}; rounding explains up to {formatShort(bound, 2)}.
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className={styles.reason}>
          {note}
        </p>
      ))}
      {answers.length > 1 && (
        <ul aria-label={`Answers for d${row.node}`}>
          {answers.map(({ line, verdict, reason: why }) => (
            <li key={`${line} ${verdict} ${why}`}>
              {line !== null && (
                <button type="button" className={styles.culprit} onClick={() => showLine(line, { focus: true })}>
                  line {line}
                </button>
              )}{' '}
              <VerdictChip verdict={verdict} /> {why}
            </li>
          ))}
        </ul>
      )}
      {help !== null && (
        <details className={styles.reason}>
          <summary>PyTorch may print exact: False here</summary>
          <p>{help}</p>
        </details>
      )}
    </div>
  );
}
