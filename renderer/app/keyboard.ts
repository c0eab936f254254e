import { actions } from '../../core/protocol/actions';
import { performAction } from '../state/actions';
import { useStore } from '../state/store';
import { isMac, isTypingKey, matchesKeys } from '../ui/keys';

/** Does the action whose keys are pressed anywhere in the window: one listener for the whole table. */
export function listenForKeys(target: Window): void {
  target.addEventListener('keydown', (event) => {
    const action = actions.find(({ keys }) => matchesKeys(event, keys, isMac));
    if (action === undefined || (isTypingKey(action.keys) && isTextControl(event.target))) return;
    // Otherwise the browser would reload on F5, and the menu would do the action a second time.
    event.preventDefault();
    const state = useStore.getState();
    // A dialog is modal for the keys as well.
    if (state.dialog === null) performAction(action.id, state);
  });
}

function isTextControl(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}
