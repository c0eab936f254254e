import { createConnection, type RequestFunction } from '../../../renderer/state/connection';
import { keepAnswersFresh } from '../../../renderer/state/queries';
import { receiveEvent, receiveFrame } from '../../../renderer/state/receive';
import { initialState, type State, useStore } from '../../../renderer/state/store';
import { FakeSession } from '../fake/session';

/** The store on a made-up session, wired as the window does it; every frame is painted at once. */
export interface WindowSession {
  readonly session: FakeSession;
  readonly request: RequestFunction;
  /** Actions of the native menu that arrived. */
  readonly menuActions: string[];
  /** Resolves once whatever the window asked for by itself has been answered. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export function openWindowSession(): WindowSession {
  useStore.setState(initialState, true);
  const { port1, port2 } = new MessageChannel();
  const menuActions: string[] = [];
  const connection = createConnection(
    {
      event: (event) => receiveEvent(event, (action) => menuActions.push(action)),
      frame: receiveFrame,
      opened: () => useStore.setState({ connection: 'open' }),
      lost: () => useStore.setState({ connection: 'lost' }),
    },
    (callback) => setImmediate(callback),
  );
  const stop = keepAnswersFresh(connection.request);
  connection.attach(port1);
  const session = new FakeSession(port2);
  return {
    session,
    request: connection.request,
    menuActions,
    settle: async () => {
      // Answers come in order, and an answer may lead to one more question, which is asked before the next of these.
      for (let round = 0; round < 3; round++) await connection.request({ type: 'about' });
    },
    close: async () => {
      stop();
      session.close();
      await stateWhere((state) => state.connection === 'lost');
    },
  };
}

/** Resolves once the store's state is so. The test's own timeout ends a wait in vain. */
export function stateWhere(isSo: (state: State) => boolean): Promise<State> {
  return new Promise((resolve) => {
    const state = useStore.getState();
    if (isSo(state)) {
      resolve(state);
      return;
    }
    const stop = useStore.subscribe((next) => {
      if (!isSo(next)) return;
      stop();
      resolve(next);
    });
  });
}
