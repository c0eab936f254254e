import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { portMessage } from '../../../core/protocol/connection';
import { FakeSession } from '../fake/session';

/** A window whose preload hands out ports to made-up sessions. */
class FakeWindow extends EventTarget {
  readonly sessions: FakeSession[] = [];
  readonly chainrule = {
    connect: () => {
      const { port1, port2 } = new MessageChannel();
      // As main does: an earlier port of the page is closed.
      this.sessions.at(-1)?.close();
      this.sessions.push(new FakeSession(port2));
      this.dispatchEvent(Object.assign(new Event('message'), { data: portMessage, source: this, ports: [port1] }));
    },
  };
}

let page: FakeWindow;

beforeEach(() => {
  page = new FakeWindow();
  vi.stubGlobal('window', page);
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setImmediate(callback));
  vi.stubGlobal('navigator', { hardwareConcurrency: 8 });
  vi.stubGlobal('requestIdleCallback', (callback: () => void) => setImmediate(callback));
  vi.resetModules();
});

afterEach(async () => {
  // Otherwise the client of this test would connect once more half a second later, in the midst of the next one.
  vi.stubGlobal('setTimeout', () => {});
  const { useStore } = await import('../../../renderer/state/store');
  const isConnected = page.sessions.length > 0;
  page.sessions.at(-1)?.close();
  if (isConnected) await vi.waitFor(() => expect(useStore.getState().connection).toBe('lost'));
  vi.unstubAllGlobals();
});

/** The client and the store it fills, both new: the client is one for the life of a window. */
async function startWindow(reached = () => {}) {
  const { startClient } = await import('../../../renderer/state/client');
  const store = await import('../../../renderer/state/store');
  startClient({ perform() {}, reached });
  return store.useStore;
}

test('connects at the start and takes the session', async () => {
  const store = await startWindow();
  await vi.waitFor(() => expect(store.getState().session).not.toBeNull());
  expect(store.getState().connection).toBe('open');
});

test('says that a connection is lost, and connects again by itself', async () => {
  const reached = vi.fn();
  const store = await startWindow(reached);
  await vi.waitFor(() => expect(store.getState().session).not.toBeNull());
  page.sessions[0]?.close();
  await vi.waitFor(() => expect(store.getState().connection).toBe('lost'));
  await vi.waitFor(() => expect(store.getState().connection).toBe('open'), { timeout: 5000 });
  expect(page.sessions).toHaveLength(2);
  // Each time, the window asks whether there are autosaves to go on with.
  expect(reached).toHaveBeenCalledTimes(2);
  expect(store.getState().log.map(({ message }) => message)).toEqual([expect.stringContaining('was lost')]);
});

test('asks for no further port where another one came by itself', async () => {
  const store = await startWindow();
  await vi.waitFor(() => expect(store.getState().session).not.toBeNull());
  const delayed: (() => void)[] = [];
  vi.stubGlobal('setTimeout', (callback: () => void) => delayed.push(callback));
  page.sessions[0]?.close();
  await new Promise<void>((resolve) => {
    store.subscribe(({ connection }) => {
      if (connection === 'lost') resolve();
    });
  });
  page.chainrule.connect();
  for (const callback of delayed) callback();
  expect(store.getState().connection).toBe('open');
  expect(page.sessions).toHaveLength(2);
});

test('says so where it is not inside the Chainrule window', async () => {
  vi.stubGlobal('window', new EventTarget());
  const store = await startWindow();
  expect(store.getState().notices).toMatchObject([{ level: 'error' }]);
});
