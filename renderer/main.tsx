import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app/theme.css';
import './app/base.css';
import { listenForKeys } from './app/keyboard';
import { Window } from './app/window';
import { performAction } from './state/actions';
import { startClient } from './state/client';
import { useStore } from './state/store';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element “root” to draw the window in.');

startClient((action) => performAction(action, useStore.getState()));
listenForKeys(window);
createRoot(root).render(
  <StrictMode>
    <Window />
  </StrictMode>,
);
