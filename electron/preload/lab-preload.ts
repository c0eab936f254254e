import { ipcRenderer } from 'electron';
import { pageReadyMessage } from '../lab/page/page-messages';
import { labPortChannel } from './lab-channel';

/** What this file uses of the page's window; the electron project is compiled without the DOM's types. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void;
};

// Python's page is given its port to main, and nothing else.
ipcRenderer.once(labPortChannel, (event) => {
  window.postMessage(pageReadyMessage, window.location.origin, event.ports);
});
