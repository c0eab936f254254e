import type { Evaluation } from '../../../core/protocol/answers';
import { CopyCsv } from '../../charts/copy-csv';
import type { TableData } from '../../charts/csv';
import { cancel, evaluate } from '../../state/session-actions';
import { useStore } from '../../state/store';
import { formatCount, formatFixed } from '../../ui/format';
import styles from './samples-panel.module.css';
import { StepNote } from './step-note';

/** Computes the loss over whole splits, with progress, and shows it. */
export function EvaluationSection() {
  const progress = useStore((state) => (state.progress?.command === 'evaluate' ? state.progress : null));
  const evaluation = useStore((state) => state.evaluation);
  const canEvaluate = useStore((state) => state.connection === 'open' && state.session !== null && !state.running);

  return (
    <section className={styles.section} aria-label="Evaluation">
      <h3>Loss over whole splits</h3>
      {progress === null ? (
        <button
          type="button"
          disabled={!canEvaluate}
          title={canEvaluate ? undefined : 'Pause the session first'}
          onClick={() => void evaluate()}
        >
          Evaluate
        </button>
      ) : (
        <div className={styles.progress}>
          <progress
            aria-label="Evaluation"
            max={progress.total || 1}
            // Without a value the bar says "under way", which is all that is known before the first event.
            value={progress.total === 0 ? undefined : progress.done}
          />
          <span className={styles.progressCount}>
            {progress.total === 0
              ? 'Starting…'
              : `${formatCount(progress.done)} of ${formatCount(progress.total)} ${progress.unit}`}
          </span>
          <button type="button" onClick={() => void cancel()}>
            Cancel
          </button>
        </div>
      )}
      {evaluation === null ? (
        <p className="muted">Not evaluated yet.</p>
      ) : (
        <>
          <StepNote step={evaluation.step} what="Evaluated" />
          <CopyCsv title="Evaluation" table={() => evaluationTable(evaluation)} />
          <table className={styles.losses}>
            <thead>
              <tr>
                <th scope="col">split</th>
                <th scope="col">loss (nats)</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">train</th>
                <td>{formatFixed(evaluation.trainLoss, 4)}</td>
              </tr>
              <tr>
                <th scope="row">dev</th>
                <td>{formatFixed(evaluation.devLoss, 4)}</td>
              </tr>
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

/** The losses at full precision, to be taken away. */
function evaluationTable({ step, trainLoss, devLoss }: Evaluation): TableData {
  return {
    columns: ['split', 'loss (nats)', 'step'],
    rows: [
      ['train', trainLoss, step],
      ['dev', devLoss, step],
    ],
  };
}
