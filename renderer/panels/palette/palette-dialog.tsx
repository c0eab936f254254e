import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { type ActionId, actions } from '../../../core/protocol/actions';
import { isActionEnabled, performAction } from '../../state/actions';
import { closeDialog, useStore } from '../../state/store';
import { describeKeys, isMac } from '../../ui/keys';
import { moveInList } from '../../ui/list-keys';
import { Modal } from '../../ui/modal';
import { useInSight } from '../../ui/use-in-sight';
import styles from './palette-dialog.module.css';
import { searchActions } from './search-actions';

/** Every action by name. Typing filters, arrows choose, Enter runs, Esc closes. */
export function PaletteDialog() {
  return (
    <Modal title="Command palette" hidesTitle onClose={closeDialog}>
      <Palette />
    </Modal>
  );
}

function Palette() {
  const prefix = useId();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = searchActions(actions, query);
  const current = found[chosen];
  const list = useRef<HTMLDivElement>(null);
  useInSight(list, '[aria-selected="true"]', current?.id ?? null);

  function perform(id: ActionId): void {
    const state = useStore.getState();
    if (!isActionEnabled(id, state)) return;
    // Closed first: the action may open another dialog.
    closeDialog();
    performAction(id, state);
  }

  function press(event: KeyboardEvent): void {
    if (event.key === 'Enter' && current !== undefined) {
      event.preventDefault();
      perform(current.id);
      return;
    }
    // Home and End belong to the text.
    const target = event.key === 'Home' || event.key === 'End' ? null : moveInList(event.key, chosen, found.length);
    if (target === null) return;
    event.preventDefault();
    setChosen(target);
  }

  return (
    <div className={styles.palette}>
      <input
        role="combobox"
        aria-label="Search commands"
        aria-expanded="true"
        aria-controls={`${prefix}-list`}
        aria-autocomplete="list"
        aria-activedescendant={current === undefined ? undefined : `${prefix}-${current.id}`}
        placeholder="Type a command"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      <div
        ref={list}
        id={`${prefix}-list`}
        role="listbox"
        aria-label="Commands"
        tabIndex={-1}
        className={styles.list}
        onKeyDown={press}
        onClick={({ target }) => {
          const id = target instanceof Element ? target.closest<HTMLElement>('[data-id]')?.dataset.id : undefined;
          const action = found.find((candidate) => candidate.id === id);
          if (action !== undefined) perform(action.id);
        }}
      >
        {found.map((action, index) => (
          <PaletteOption
            key={action.id}
            id={`${prefix}-${action.id}`}
            actionId={action.id}
            title={action.title}
            keys={action.keys}
            isChosen={index === chosen}
          />
        ))}
      </div>
      {found.length === 0 ? <p className={styles.empty}>No command matches “{query}”.</p> : null}
    </div>
  );
}

interface PaletteOptionProps {
  readonly id: string;
  readonly actionId: ActionId;
  readonly title: string;
  readonly keys: string;
  readonly isChosen: boolean;
}

function PaletteOption({ id, actionId, title, keys, isChosen }: PaletteOptionProps) {
  const isEnabled = useStore((state) => isActionEnabled(actionId, state));
  return (
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={!isEnabled}
      tabIndex={-1}
      className={styles.option}
      data-id={actionId}
    >
      <span>{title}</span>
      {keys === '' ? null : <kbd>{describeKeys(keys, isMac)}</kbd>}
    </div>
  );
}
