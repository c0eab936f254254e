import { contextBridge, ipcRenderer } from 'electron';
import { type PreloadBridge, portMessage } from '../../core/protocol/connection';
import { connectChannel, portChannel } from './channels';

/** Of the Navigation API (HTML Standard, 7.2.6). */
interface NavigateEvent {
  readonly destination: { readonly url: string };
  preventDefault(): void;
}

/** What this file uses of the page's window; the electron project is compiled without the DOM's types. */
declare const window: {
  readonly location: { readonly origin: string; readonly href: string };
  readonly navigation: { addEventListener(type: 'navigate', listener: (event: NavigateEvent) => void): void };
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void;
};

const bridge: PreloadBridge = { connect: () => ipcRenderer.send(connectChannel) };
contextBridge.exposeInMainWorld('chainrule', bridge);

// A port cannot pass the context bridge; posting it to the page's own window can carry it over.
ipcRenderer.on(portChannel, (event) => window.postMessage(portMessage, window.location.origin, event.ports));

const withoutFragment = (url: string) => url.replace(/#.*/, '');
// Main hears of other pages in time to refuse them, but not of about:blank.
window.navigation.addEventListener('navigate', (event) => {
  if (withoutFragment(event.destination.url) !== withoutFragment(window.location.href)) event.preventDefault();
});
