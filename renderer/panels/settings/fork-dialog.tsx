import { type FormEvent, useState } from 'react';
import { type Settings, settingRanges } from '../../../core/protocol/settings';
import { fork } from '../../state/session-actions';
import { closeDialog, currentBranch, useStore } from '../../state/store';
import { formatCount } from '../../ui/format';
import { Modal } from '../../ui/modal';
import { NumberField } from '../../ui/number-field';
import { readNumber } from '../../ui/number-text';
import styles from './settings-dialog.module.css';

const rateNames = ['learningRate', 'learningRateDropStep', 'droppedLearningRate'] as const;
type Texts = Readonly<Record<(typeof rateNames)[number], string>>;

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
  const [texts, setTexts] = useState<Texts>({
    learningRate: String(settings.learningRate),
    learningRateDropStep: String(settings.learningRateDropStep),
    droppedLearningRate: String(settings.droppedLearningRate),
  });
  const [learningRate, learningRateDropStep, droppedLearningRate] = rateNames.map(
    (name) => readNumber(texts[name], settingRanges[name]).value,
  );
  const isComplete = learningRate != null && learningRateDropStep != null && droppedLearningRate != null;

  async function begin(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isComplete && (await fork({ learningRate, learningRateDropStep, droppedLearningRate }))) closeDialog();
  }

  return (
    <form className={styles.form} onSubmit={begin}>
      <div className={styles.fields}>
        {rateNames.map((name) => (
          <NumberField
            key={name}
            range={settingRanges[name]}
            text={texts[name]}
            onChange={(text) => setTexts({ ...texts, [name]: text })}
          />
        ))}
      </div>
      <footer className={styles.footer}>
        <p className={styles.note}>
          Training goes on from step {formatCount(step)} with these; what was trained before stays as another branch.
        </p>
        <button type="button" onClick={closeDialog}>
          Cancel
        </button>
        <button type="submit" data-primary disabled={!isComplete}>
          Begin
        </button>
      </footer>
    </form>
  );
}
