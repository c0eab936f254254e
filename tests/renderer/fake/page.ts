import { portMessage } from '../../../core/protocol/connection';
import { FakeSession } from './session';

/* Puts a made-up session where the preload's bridge would be, then starts the window's own code. */
declare global {
  interface Window {
    /** The session behind the page, for scripts that take pictures. */
    fakeSession?: FakeSession;
  }
}

Object.assign(window, {
  chainrule: {
    connect() {
      const { port1, port2 } = new MessageChannel();
      window.postMessage(portMessage, '*', [port1]);
      window.fakeSession = new FakeSession(port2);
    },
  },
});

await import('../../../renderer/main');
