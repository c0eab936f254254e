import type { BackwardDescription, MistakeDescription } from '../../../core/protocol/answers';
import { type BackwardName, backwardNames } from '../../../core/protocol/commands';
import { useLab } from '../../state/lab';
import { chooseBackward } from '../../state/session-actions';
import styles from './gradient-diff.module.css';

const backwardTitles: Readonly<Record<BackwardName, string>> = {
  nodewise: 'One node at a time',
  fused: 'Fused cross-entropy and batch norm',
  python: 'Your own (Python)',
};

interface CheckControlsProps {
  /** What is checked now. */
  readonly chosen: BackwardDescription;
  readonly mistakes: readonly MistakeDescription[];
}

/** Which hand-written backward is checked, and the mistake planted in it. */
export function CheckControls({ chosen, mistakes }: CheckControlsProps) {
  // The check of one's own code comes when Python has the time; the choice is made at once.
  const isOwn = useLab((lab) => lab.isChosen);
  return (
    <>
      <label className={styles.control}>
        Backward
        <select
          value={isOwn ? 'python' : chosen.backward}
          onChange={({ target }) => {
            const backward = backwardNames.find((name) => name === target.value);
            if (backward !== undefined) void chooseBackward(backward, backward === 'python' ? null : chosen.mistake);
          }}
        >
          {backwardNames.map((name) => (
            <option key={name} value={name}>
              {backwardTitles[name]}
            </option>
          ))}
        </select>
      </label>
      {/* One's own code has mistakes enough. */}
      {isOwn ? null : (
        <label className={styles.control}>
          Mistake
          <select
            value={chosen.mistake ?? ''}
            onChange={({ target }) => void chooseBackward(chosen.backward, target.value === '' ? null : target.value)}
          >
            <option value="">none</option>
            {mistakes.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
