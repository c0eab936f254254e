import type { CodeCheck } from '../../../core/protocol/answers';
import type { Fault } from '../../../core/protocol/headline';
import { useLab } from '../../state/lab';
import { showLine } from '../../state/lab-actions';
import { selectNode } from '../../state/store';
import { summariseCode } from './code-summary';
import styles from './root-causes.module.css';

const signs = { good: '✓', bad: '✗', neutral: '…' } as const;

/** What is to be mended in the person's code, and nothing of what only follows from it. */
export function RootCauses({ check }: { readonly check: CodeCheck }) {
  const trusted = useLab((lab) => lab.trusted);
  const { mood, headline, culprits, notes } = summariseCode(check);
  if (!trusted) return <p>The code in the editor has not run. Below is the check of what ran before.</p>;
  return (
    <div className={styles.causes}>
      <p className={styles.headline} data-mood={mood} role="status">
        <span aria-hidden="true">{signs[mood]}</span> {headline}
      </p>
      {culprits.length > 0 && (
        <ul>
          {culprits.map((culprit) => (
            <li key={culprit.node}>
              <button
                type="button"
                className={styles.culprit}
                data-verdict={culprit.verdict}
                onClick={() => goTo(culprit)}
              >
                d{culprit.node}
              </button>{' '}
              {culprit.explanation}
            </li>
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
    </div>
  );
}

/** To the formula, ready to mend it. */
function goTo({ node, line }: Fault): void {
  selectNode(node);
  if (line !== null) showLine(line, { focus: true });
}
