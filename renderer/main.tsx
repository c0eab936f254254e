import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app/theme.css';
import './app/base.css';
import { listenForKeys } from './app/keyboard';
import { Window } from './app/window';
import { performAction } from './state/actions';
import { startClient } from './state/client';
import { askForAutosaves } from './state/file-actions';
import { useStore } from './state/store';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element “root” to draw the window in.');

startClient({
  perform: (action) => performAction(action, useStore.getState()),
  reached: () => void askForAutosaves(),
});
listenForKeys(window);
createRoot(root).render(
  <StrictMode>
    <Window />
  </StrictMode>,
);
