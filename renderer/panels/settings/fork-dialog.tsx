import { type FormEvent, useState } from 'react';
import { forkSettings, type Settings } from '../../../core/protocol/settings';
import { fork } from '../../state/session-actions';
import { closeDialog, currentBranch, useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import { Modal } from '../../ui/modal';
import { draftOf, readDraft } from './draft';
import { SettingFields } from './setting-fields';
import styles from './settings-dialog.module.css';

/** Another course of training from the present step on. */
export function ForkDialog() {
  const settings = useStore((state) => currentBranch(state)?.settings ?? state.session?.settings);
  if (settings === undefined) return null;
  return (
    <Modal title="Branch here" onClose={closeDialog}>
      <ForkForm settings={settings} />
    </Modal>
  );
}

function ForkForm({ settings }: { readonly settings: Settings }) {
  const step = useStore((state) => state.step);
  const [draft, setDraft] = useState(() => draftOf(forkSettings, settings));
  const rates = readDraft(forkSettings, draft);

  async function begin(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (rates !== null && (await fork(rates))) closeDialog();
  }

  return (
    <form className={styles.form} onSubmit={begin}>
      <div className={styles.fields}>
        <SettingFields descriptions={forkSettings} draft={draft} onChange={setDraft} />
      </div>
      <footer className={styles.footer}>
        <p className={styles.note}>
          Training goes on from step {formatCount(step)} with these; what was trained before stays as another branch.
        </p>
        <button type="button" onClick={closeDialog}>
          Cancel
        </button>
        <button type="submit" data-primary disabled={rates === null}>
          Begin
        </button>
      </footer>
    </form>
  );
}
