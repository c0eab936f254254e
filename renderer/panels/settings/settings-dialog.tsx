import { type FormEvent, useId, useState } from 'react';
import {
  arithmetics,
  defaultSettings,
  initialisations,
  programNames,
  type Settings,
  settingRanges,
} from '../../../core/protocol/settings';
import { configure } from '../../state/session-actions';
import { closeDialog, useStore } from '../../state/store';
import { Modal } from '../../ui/modal';
import { NumberField } from '../../ui/number-field';
import { appliesTo, type Draft, draftOf, numericSettings, readDraft } from './draft';
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

function SettingsForm({ settings }: { readonly settings: Settings }) {
  // What is typed stays, whatever the session behind the dialog does.
  const [draft, setDraft] = useState<Draft>(() => draftOf(settings));
  const accepted = readDraft(draft);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });

  async function apply(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (accepted !== null && (await configure(accepted))) closeDialog();
  }

  return (
    <form className={styles.form} onSubmit={apply}>
      <div className={styles.fields}>
        <Choice
          label="Program"
          options={programNames}
          value={draft.program}
          onChange={(program) => setDraft(draftOf(defaultSettings(program)))}
        />
        {appliesTo(draft.program, 'initialisation') ? (
          <Choice
            label="Initialisation"
            options={initialisations}
            value={draft.initialisation}
            hint="seed: as the seed notebook; ninja: as the backprop-ninja lecture, no parameter trivial"
            onChange={(initialisation) => change({ initialisation })}
          />
        ) : null}
        <Choice
          label="Arithmetic"
          options={arithmetics}
          value={draft.arithmetic}
          hint="reproducible: the same bits on every machine; fast: multiply and add fused where this one can"
          onChange={(arithmetic) => change({ arithmetic })}
        />
        {numericSettings
          .filter((setting) => appliesTo(draft.program, setting))
          .map((setting) => (
            <NumberField
              key={setting}
              range={settingRanges[setting]}
              text={draft[setting]}
              onChange={(text) => change({ [setting]: text })}
            />
          ))}
        {appliesTo(draft.program, 'batchNorm') ? (
          <label className={styles.check}>
            <span>Batch norm</span>
            <input
              type="checkbox"
              checked={draft.batchNorm}
              onChange={({ target }) => change({ batchNorm: target.checked })}
            />
          </label>
        ) : null}
      </div>
      <footer className={styles.footer}>
        <button type="button" onClick={() => setDraft(draftOf(defaultSettings(draft.program)))}>
          Defaults
        </button>
        <p className={styles.note}>Applying starts the session again at step 0.</p>
        <button type="button" onClick={closeDialog}>
          Cancel
        </button>
        <button type="submit" data-primary disabled={accepted === null}>
          Apply
        </button>
      </footer>
    </form>
  );
}

interface ChoiceProps<Option extends string> {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: Option;
  readonly hint?: string;
  onChange(option: Option): void;
}

function Choice<Option extends string>({ label, options, value, hint, onChange }: ChoiceProps<Option>) {
  const id = useId();
  return (
    <div className={styles.choice}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ target }) => {
          const chosen = options.find((option) => option === target.value);
          if (chosen !== undefined) onChange(chosen);
        }}
      >
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
