import { type PreloadBridge, portMessage } from '../../core/protocol/connection';
import { createConnection, type RequestFunction } from './connection';
import { keepLabFresh } from './keep-lab-fresh';
import { keepAnswersFresh } from './queries';
import { receiveEvent, receiveFrame } from './receive';
import { appendLog, notify, useStore } from './store';

declare global {
  interface Window {
    readonly chainrule?: PreloadBridge;
  }
}

/** Rest before asking for a new port, in milliseconds: long enough not to spin where the other side keeps failing. */
const reconnectPause = 500;

/** What the window does when something comes of itself. */
export interface ClientHooks {
  /** An action of the native menu. */
  perform(action: string): void;
  /** A session is reached: the first one, or another after the one before was lost. */
  reached(): void;
}

let hooks: ClientHooks = { perform() {}, reached() {} };

const connection = createConnection(
  {
    event: (event) => {
      receiveEvent(event, hooks.perform);
      if (event.type === 'workerRestarted') hooks.reached();
    },
    frame: receiveFrame,
    opened: () => {
      useStore.setState({ connection: 'open' });
      hooks.reached();
    },
    lost: () => {
      useStore.setState({ connection: 'lost', running: false, progress: null });
      appendLog('warning', 'The connection to the engine was lost. Reconnecting…');
      setTimeout(() => {
        // Another port may have come by itself; asking again would have main close it.
        if (useStore.getState().connection === 'lost') askForPort();
      }, reconnectPause);
    },
  },
  afterPaint,
);

/** Asks the session; see `RequestFunction`. */
export const request: RequestFunction = connection.request;

/** Connects the window to the engine and keeps it connected. To be called once. */
export function startClient(given: ClientHooks): void {
  hooks = given;
  window.addEventListener('message', ({ data, source, ports: [port] }) => {
    if (data === portMessage && source === window && port !== undefined) connection.attach(port);
  });
  keepAnswersFresh(request);
  keepLabFresh(request);
  askForPort();
}

function askForPort(): void {
  if (window.chainrule === undefined) {
    notify('error', 'This page is not inside the Chainrule window, so there is no engine to connect to.');
    return;
  }
  window.chainrule.connect();
}

/** However busy the page is, it goes on after this many milliseconds. */
const longestDrawing = 1000;

/**
 * Calls back once the frame is drawn, what follows from it is done, and the page has rested for some times as long: most of
 * its time is left to answer a person, and where it shares two cores with training, to that.
 */
function afterPaint(callback: () => void): void {
  const began = performance.now();
  const restFactor = navigator.hardwareConcurrency > 2 ? 2 : 3;
  const rest = () => setTimeout(callback, restFactor * (performance.now() - began));
  requestAnimationFrame(() => requestIdleCallback(rest, { timeout: longestDrawing }));
}
