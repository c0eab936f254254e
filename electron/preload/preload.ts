import { contextBridge, ipcRenderer } from 'electron';
import { type PreloadBridge, portMessage } from '../../core/protocol/connection';
import { connectChannel, portChannel } from './channels';

/** What this file uses of the page's window; the electron project is compiled without the DOM's types. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void;
};

const bridge: PreloadBridge = { connect: () => ipcRenderer.send(connectChannel) };
contextBridge.exposeInMainWorld('chainrule', bridge);

// A port cannot pass the context bridge; posting it to the page's own window can carry it over.
ipcRenderer.on(portChannel, (event) => window.postMessage(portMessage, window.location.origin, event.ports));
