import type { SessionDescription } from '../../core/protocol/answers';
import type { SessionEvent } from '../../core/protocol/events';
import { unpackFrame } from '../../core/protocol/frame';
import { useLab } from './lab';
import { appendLog, initialState, notify, type State, useStore } from './store';

/** Puts a frame into the store. One that cannot be read is said to be so and passed over; the next may be sound. */
export function receiveFrame(packed: Float32Array): void {
  try {
    const frame = unpackFrame(packed);
    useStore.setState({ frame, step: frame.step, loss: frame.loss });
  } catch (error) {
    notify('error', `A frame could not be read. ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Puts an event into the store.
 * @param perform what an action of the native menu does.
 */
export function receiveEvent(event: SessionEvent, perform: (action: string) => void): void {
  switch (event.type) {
    case 'session':
      useStore.setState((state) => beginSession(state, event.session));
      return;
    case 'state': {
      const { running, step, loss, position, gradients, checksCode } = event;
      useStore.setState({ running, step, loss, position });
      // A page that was loaded anew learns what was chosen; later it is the person who chooses.
      useLab.setState((lab) => ({
        gradients,
        checksCode,
        isChosen: lab.checksCode === null ? checksCode : lab.isChosen,
      }));
      return;
    }
    case 'breakpoints':
      useStore.setState({ breakpoints: event.breakpoints });
      return;
    case 'findings':
      useStore.setState({ findings: event.findings });
      return;
    case 'timeline':
      useStore.setState({ timeline: event.timeline });
      return;
    case 'checked':
      useStore.setState({ check: event.check });
      return;
    case 'progress': {
      const { command, done, total, unit } = event;
      // Whoever asked for the long command takes its progress away again, however it ended.
      useStore.setState({ progress: { command, done, total, unit } });
      return;
    }
    case 'python':
      useLab.setState({ python: { state: event.state, message: event.message } });
      // Every check makes it busy for a moment, which is no news.
      if (event.state === 'starting' || event.state === 'stopped') {
        appendLog(event.state === 'stopped' ? 'error' : 'info', event.message);
      }
      return;
    case 'log':
      appendLog(event.level, event.message);
      return;
    case 'notice':
      notify(event.level, event.message);
      return;
    case 'workerRestarted':
      notify('warning', `The engine stopped and was restarted; the session began again at step 0. ${event.reason}`);
      return;
    case 'action':
      perform(event.action);
      return;
    default:
      event satisfies never;
  }
}

/** A new session knows nothing of the old one but what the person chose to look at. */
function beginSession(state: State, session: SessionDescription): Partial<State> {
  const keepsNode = session.nodes.some((node) => node.name === state.selectedNode);
  return {
    session,
    running: false,
    step: 0,
    loss: initialState.loss,
    position: null,
    frame: null,
    check: null,
    lossHistory: null,
    timeline: null,
    otherLosses: initialState.otherLosses,
    updateHistory: null,
    flow: null,
    batchNorms: null,
    whatIfChange: null,
    whatIf: null,
    chosenOp: null,
    opDetail: null,
    // A Tanh output is what most people want to see first; every program has one.
    selectedNode: keepsNode ? state.selectedNode : (session.layers[0]?.node ?? null),
    cellOrigin: initialState.cellOrigin,
    detail: null,
    samples: null,
    evaluation: null,
    progress: null,
  };
}
