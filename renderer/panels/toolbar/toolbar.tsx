import type { ActionId } from '../../../core/protocol/actions';
import { defaultSettings, programNames, programSettingsOf, settingsDescribed } from '../../../core/protocol/settings';
import { actionOf, isActionEnabled, performAction } from '../../state/actions';
import { configure } from '../../state/session-actions';
import { useStore } from '../../state/store';
import { Icon, type IconName } from '../../ui/icon';
import { describeKeys, isMac } from '../../ui/keys';
import { settingFigures } from './figures';
import { Readout } from './readout';
import styles from './toolbar.module.css';

/** The bar on top of the window. */
export function Toolbar() {
  return (
    <header className={styles.toolbar} role="toolbar" aria-label="Session">
      <ProgramSelect />
      <div className={styles.group}>
        <ActionButton id="run" icon="run" />
        <ActionButton id="pause" icon="pause" />
        <ActionButton id="step" icon="step" />
        <ActionButton id="stepOp" icon="stepOp" />
        <ActionButton id="stepBack" icon="back" />
        <ActionButton id="restart" icon="restart" />
      </div>
      <Readout />
      <Schedule />
      <div className={styles.end}>
        <ActionButton id="showSettings" icon="settings" />
      </div>
    </header>
  );
}

function ProgramSelect() {
  const program = useStore((state) => state.session?.settings.program);
  const isConnected = useStore((state) => state.connection === 'open');
  return (
    <select
      aria-label="Program"
      title="The program that is being debugged"
      className={styles.program}
      disabled={program === undefined || !isConnected}
      value={program ?? ''}
      onChange={({ target }) => {
        const chosen = programNames.find((name) => name === target.value);
        if (chosen !== undefined) void configure(defaultSettings(chosen));
      }}
    >
      {program === undefined ? <option value="">—</option> : null}
      {programNames.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** A button that does an action of the table; its tooltip names the key. */
function ActionButton({ id, icon }: { readonly id: ActionId; readonly icon: IconName }) {
  const isEnabled = useStore((state) => isActionEnabled(id, state));
  const { title, keys } = actionOf(id);
  return (
    <button
      type="button"
      className={styles.action}
      data-action={id}
      disabled={!isEnabled}
      title={`${title} (${describeKeys(keys, isMac)})`}
      onClick={() => performAction(id, useStore.getState())}
    >
      <Icon name={icon} />
      {title}
    </button>
  );
}

/** The settings that steer the run; the learning rate is the one that the next update will use. */
function Schedule() {
  const settings = useStore((state) => state.session?.settings);
  const learningRate = useStore((state) => state.frame?.learningRate ?? state.session?.settings.learningRate);
  if (settings === undefined || learningRate === undefined) return null;
  const descriptions = settingsDescribed(programSettingsOf(settings.program));
  return (
    <dl className={styles.facts}>
      {settingFigures(descriptions, { ...settings, learningRate }).map(({ name, label, text, title }) => (
        <div key={name} title={title}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
