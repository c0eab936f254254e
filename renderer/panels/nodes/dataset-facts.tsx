import type { DatasetDescription } from '../../../core/protocol/answers';
import { actionOf, isActionEnabled, performAction } from '../../state/actions';
import { useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import styles from './nodes-panel.module.css';

/** What the program is trained on, and the way to other names. */
export function DatasetFacts({ dataset }: { readonly dataset: DatasetDescription }) {
  return (
    <section className={styles.data} aria-label="Data">
      <h2 className="pane-heading">Data</h2>
      <p className={styles.dataName} title={dataset.name}>
        {dataset.name}
      </p>
      <dl className={styles.facts}>
        <dt>words</dt>
        <dd>{formatCount(dataset.words)}</dd>
        <dt title={dataset.vocabulary.join(' ')}>vocabulary</dt>
        <dd title={dataset.vocabulary.join(' ')}>{formatCount(dataset.vocabulary.length)} characters</dd>
        <dt>train</dt>
        <dd>{formatCount(dataset.train)} examples</dd>
        <dt>dev</dt>
        <dd>{formatCount(dataset.dev)} examples</dd>
        <dt>test</dt>
        <dd>{formatCount(dataset.test)} examples</dd>
      </dl>
      <div className={styles.dataButtons}>
        <DataButton id="openNames" />
        {dataset.builtIn ? null : <DataButton id="useBuiltInNames" />}
      </div>
    </section>
  );
}

function DataButton({ id }: { readonly id: 'openNames' | 'useBuiltInNames' }) {
  const isEnabled = useStore((state) => isActionEnabled(id, state));
  return (
    <button type="button" disabled={!isEnabled} onClick={() => performAction(id, useStore.getState())}>
      {actionOf(id).title}
    </button>
  );
}
