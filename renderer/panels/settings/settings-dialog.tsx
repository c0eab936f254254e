import { type FormEvent, useState } from 'react';
import {
  defaultValues,
  programNames,
  programSettingsOf,
  type Settings,
  type SettingValue,
  settingsDescribed,
} from '../../../core/protocol/settings';
import { configure } from '../../state/session-actions';
import { closeDialog, useStore } from '../../state/store';
import { Modal } from '../../ui/modal';
import { Choice } from './choice';
import { type Draft, draftOf, readDraft } from './draft';
import { SettingFields } from './setting-fields';
import styles from './settings-dialog.module.css';

/** Everything that decides a run. Applying it starts the session again. */
export function SettingsDialog() {
  const settings = useStore((state) => state.session?.settings);
  if (settings === undefined) return null;
  return (
    <Modal title="Program settings" onClose={closeDialog}>
      <SettingsForm settings={settings} />
    </Modal>
  );
}

const descriptionsOf = (program: string) => settingsDescribed(programSettingsOf(program));

/** A program and its settings while they are edited. */
interface Edited {
  readonly program: string;
  readonly draft: Draft;
}

const editedOf = (program: string, values: Readonly<Record<string, SettingValue>>): Edited => ({
  program,
  draft: draftOf(descriptionsOf(program), values),
});

function SettingsForm({ settings }: { readonly settings: Settings }) {
  // What is typed stays, whatever the session behind the dialog does.
  const [{ program, draft }, setEdited] = useState(() => editedOf(settings.program, settings));
  const descriptions = descriptionsOf(program);
  const values = readDraft(descriptions, draft);
  const chooseDefaults = (of: string) => setEdited(editedOf(of, defaultValues(descriptionsOf(of))));

  async function apply(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (values !== null && (await configure({ program, ...values }))) closeDialog();
  }

  return (
    <form className={styles.form} onSubmit={apply}>
      <div className={styles.fields}>
        <Choice label="Program" options={programNames} value={program} onChange={chooseDefaults} />
        <SettingFields
          descriptions={descriptions}
          draft={draft}
          onChange={(changed) => setEdited({ program, draft: changed })}
        />
      </div>
      <footer className={styles.footer}>
        <button type="button" onClick={() => chooseDefaults(program)}>
          Defaults
        </button>
        <p className={styles.note}>Applying starts the session again at step 0.</p>
        <button type="button" onClick={closeDialog}>
          Cancel
        </button>
        <button type="submit" data-primary disabled={values === null}>
          Apply
        </button>
      </footer>
    </form>
  );
}
